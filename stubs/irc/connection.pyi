import asyncio
from collections.abc import Awaitable
from typing import TypeVar

_P = TypeVar("_P", bound=asyncio.Protocol)

class AioFactory:
    def __init__(self, **kwargs: object) -> None: ...
    def __call__(
        self, protocol_instance: _P, server_address: tuple[str, int]
    ) -> Awaitable[tuple[asyncio.Transport, _P]]: ...
