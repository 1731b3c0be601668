"""Any order of calls leaves in a database what it leaves in a dict, written without regard to it."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from milestonebot.outbox import PENDING, Stage
from milestonebot.store import open_outbox
from tests.examples import examples
from tests.store.made import after, delivery, make_empty, planned

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime
    from typing import Any

    from milestonebot.outbox import Delivery

T = TypeVar("T")

KEYS = st.sampled_from("ab")
FINAL = st.sampled_from([each for each in Stage if each not in PENDING])
PARTS = ("one", "two", "three")


class OutboxMachine(RuleBasedStateMachine):
    """Calls, in any order, with a clock that moves on by a minute for each."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = asyncio.new_event_loop()
        self._folder = tempfile.TemporaryDirectory()
        self._file = Path(self._folder.name) / "deliveries.db"
        self._model: dict[str, Delivery] = {}
        self._minutes = 0

    def _run(self, doing: Coroutine[Any, Any, T]) -> T:
        self._minutes += 1
        return self._loop.run_until_complete(doing)

    @property
    def _now(self) -> datetime:
        return after(self._minutes)

    @initialize()
    def open(self) -> None:
        self._loop.run_until_complete(make_empty(self._file))
        self._outbox = self._run(open_outbox(self._file))

    @rule(keys=st.lists(KEYS, max_size=3), stage=st.sampled_from([Stage.PLANNED, Stage.EXPIRED]))
    def add(self, keys: list[str], stage: Stage) -> None:
        new = list(dict.fromkeys(key for key in keys if self._is_new(key, stage)))
        now = self._now
        added = self._run(
            self._outbox.add(planned(*(delivery(key, stage=stage) for key in keys), watermark=now))
        )
        assert list(added) == new
        self._model |= {key: delivery(key, stage=stage, at=now) for key in new}

    def _is_new(self, key: str, stage: Stage) -> bool:
        if key not in self._model:
            return True
        before = self._model[key]
        unsaid = before.said == 0 and before.since is None
        return stage is Stage.PLANNED and before.stage is Stage.WITHDRAWN and unsaid

    @rule(key=KEYS, count=st.integers(1, 3))
    def claim(self, key: str, count: int) -> None:
        now, before = self._now, self._model.get(key)
        claimed = self._run(self._outbox.claim(key, PARTS[:count], now))
        assert claimed == (before is not None and before.stage in PENDING)
        if before is not None and claimed:
            first = before.stage is Stage.PLANNED
            fresh = first and before.said == 0
            self._model[key] = replace(
                before,
                stage=Stage.SENDING,
                attempts=before.attempts + 1,
                since=now if first else before.since,
                at=now if first else before.at,
                parts=PARTS[:count] if fresh else before.parts,
            )

    @rule(key=KEYS, event=st.none() | st.just("$event"))
    def part_said(self, key: str, event: str | None) -> None:
        before = self._model.get(key)
        if before is None or before.stage is not Stage.SENDING or before.said + 1 >= len(before.parts or ()):
            return
        now = self._now
        self._run(self._outbox.part_said(key, before.said + 1, event, now))
        self._model[key] = replace(before, said=before.said + 1, since=now, event=event or before.event)

    @rule(key=KEYS)
    def postpone(self, key: str) -> None:
        now, before = self._now, self._model.get(key)
        self._run(self._outbox.postpone(key, "later", now))
        if before is None or before.stage is Stage.SENT:
            return
        sure = replace(before, since=None, parts=before.parts if before.said else None)
        if before.stage in PENDING:
            at = now if before.stage is Stage.SENDING else before.at
            sure = replace(sure, stage=Stage.PLANNED, problem="later", at=at)
        self._model[key] = sure

    @rule(key=KEYS, stage=FINAL)
    def finish(self, key: str, stage: Stage) -> None:
        now, before = self._now, self._model.get(key)
        self._run(self._outbox.finish(key, stage, now, problem="over"))
        if before is None or before.stage is Stage.SENT:
            return
        done = before
        if stage is Stage.SENT:
            done = replace(done, said=len(before.parts or ()), since=None)
        if before.stage in PENDING:
            done = replace(done, stage=stage, at=now, problem="over")
        self._model[key] = done

    @rule(key=KEYS)
    def retry(self, key: str) -> None:
        now, before = self._now, self._model.get(key)
        retried = self._run(self._outbox.retry(key, after(9000), now))
        given_up = before is not None and before.stage not in (*PENDING, Stage.SENT)
        all_said = before is not None and before.parts and before.said == len(before.parts)
        assert retried == bool(given_up and not all_said)
        if before is not None and retried:
            self._model[key] = replace(
                before,
                stage=Stage.SENDING if before.since else Stage.PLANNED,
                until=after(9000),
                attempts=0,
                problem="",
                at=now,
                parts=before.parts if before.since or before.said else None,
            )

    @rule()
    def reopen(self) -> None:
        self._run(self._outbox.close())
        self._outbox = self._run(open_outbox(self._file))

    @invariant()
    def both_hold_the_same(self) -> None:
        if hasattr(self, "_outbox"):
            found = self._loop.run_until_complete(self._outbox.listed())
            assert {each.key: each for each in found} == self._model
            pending = self._loop.run_until_complete(self._outbox.pending())
            assert {each.key for each in pending} == {
                key for key, each in self._model.items() if each.stage in PENDING
            }

    def teardown(self) -> None:
        if hasattr(self, "_outbox"):
            self._loop.run_until_complete(self._outbox.close())
        self._loop.close()
        self._folder.cleanup()


OutboxMachine.TestCase.settings = settings(max_examples=examples(30), stateful_step_count=40, deadline=None)
TestAgainstADict = pytest.mark.slow(OutboxMachine.TestCase)
