"""Time that passes when nothing else is left to do: hours of waiting take no time."""

from __future__ import annotations

import asyncio
import selectors
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    import pytest


class _Skipping(selectors.DefaultSelector):
    """Lets the time pass in place of waiting."""

    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise AssertionError("nothing will ever happen")
        if not ready:
            self.passed += timeout or 0.0
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is virtual."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.passed


class MachineClock:
    """The clock of a machine with virtual time, which somebody may set."""

    def __init__(self, at: datetime) -> None:
        self._begin = at
        self.off = timedelta()

    def now(self) -> datetime:
        try:
            passed = asyncio.get_running_loop().time()
        except RuntimeError:
            passed = 0.0
        return self._begin + timedelta(seconds=passed) + self.off

    def install(self, monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
        """Be the clock that these modules ask."""
        clock = self

        class Datetime(datetime):
            @classmethod
            def now(cls, tz: Any = None) -> datetime:  # type: ignore[override] # noqa: ANN401 - as the base has it
                return clock.now().astimezone(tz or UTC)

        for module in modules:
            monkeypatch.setattr(f"{module}.datetime", Datetime)


def virtually(doing: Coroutine[Any, Any, None]) -> None:
    """Run `doing` in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(doing)
