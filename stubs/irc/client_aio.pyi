import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

class IrcProtocol(asyncio.Protocol):
    connection: Any
    def __init__(self, connection: AioConnection, loop: asyncio.AbstractEventLoop) -> None: ...

class AioConnection:
    buffer_class: type[Any]
    protocol_class: type[IrcProtocol]
    buffer: Any
    transport: asyncio.Transport
    connected: bool
    def __init__(self, reactor: AioReactor) -> None: ...
    async def connect(
        self,
        server: str,
        port: int,
        nickname: str,
        password: str | None = None,
        username: str | None = None,
        ircname: str | None = None,
        connect_factory: Callable[
            [Any, tuple[str, int]], Awaitable[tuple[asyncio.Transport, IrcProtocol]]
        ] = ...,
    ) -> AioConnection: ...
    def process_data(self, new_data: bytes) -> None: ...
    def send_raw(self, string: str) -> None: ...
    def _process_line(self, line: str) -> None: ...

class AioReactor:
    def __init__(
        self,
        on_connect: Callable[[IrcProtocol, asyncio.Transport], None] = ...,
        on_disconnect: Callable[[Any], None] = ...,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> None: ...
