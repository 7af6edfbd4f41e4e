"""A stream of bytes of which only so many are taken: whoever writes it can't fill the memory of who reads."""

from __future__ import annotations

from io import RawIOBase
from typing import IO


class BoundedStream(RawIOBase):
    """What another process says, up to so many bytes in all. Raises OSError beyond."""

    # What describes columns, and how Arrow frames its pieces.
    _ROOM_BESIDE = 10_000_000

    def __init__(self, stream: IO[bytes], most: int) -> None:
        super().__init__()
        self._stream, self._left = stream, most + self._ROOM_BESIDE

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return so many bytes, or all that are left."""
        return self._counted(self._stream.read(min(size, self._left + 1) if size >= 0 else self._left + 1))

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return a line."""
        del size
        return self._counted(self._stream.readline(self._left + 1))

    def _counted(self, read: bytes) -> bytes:
        self._left -= len(read)
        if self._left < 0:
            msg = "more was sent than is allowed"
            raise OSError(msg)
        return read
