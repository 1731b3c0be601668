# What `irc` takes its line buffer from; it comes without types as well.
from collections.abc import Iterator

class LineBuffer:
    buffer: bytes
    def feed(self, bytes: bytes) -> None: ...  # noqa: A002 - the name that the package gives it
    def lines(self) -> Iterator[str]: ...
    def __iter__(self) -> Iterator[str]: ...

class LenientDecodingLineBuffer(LineBuffer): ...
