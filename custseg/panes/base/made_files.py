"""Files made when somebody asks for them: off the event loop, since those of a million customers take seconds."""

from __future__ import annotations

import asyncio
from io import BytesIO
from typing import TYPE_CHECKING, Any

from custseg.session.background import in_thread_of_its_own

if TYPE_CHECKING:
    from collections.abc import Callable


async def made(write: Callable[..., None], *arguments: Any, drawn: bool = False) -> BytesIO:
    """Return what is written to a stream, which is the last argument, from its start.

    ``drawn`` says that HoloViews draws it, which one thread alone can use: then it is written on the event loop.
    """
    if drawn:
        return _written(write, *arguments)
    return await asyncio.wrap_future(in_thread_of_its_own(_written, write, *arguments))


def _written(write: Callable[..., None], *arguments: Any) -> BytesIO:
    stream = BytesIO()
    write(*arguments, stream)
    stream.seek(0)
    return stream
