"""Files made when somebody asks for them: off the event loop, since those of a million customers take seconds."""

from __future__ import annotations

import asyncio
from asyncio import CancelledError
from io import BytesIO
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError, SettingError, reason_of_system
from custseg.language import say
from custseg.session.background import SupersededError, in_thread_of_its_own

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from custseg.session.model import SegmentationModel

    Write = Callable[..., None]
    Make = Callable[..., Awaitable[BytesIO]]

_elsewhere: list[Make] = []


class DownloadRefusedError(CancelledError):
    """Ends a download of which was said why there is none; as something that was cancelled, it is no error in a log."""


def make_files_with(make: Make) -> None:
    """Have files made by ``make(write, state, *arguments)`` from here on, such as in a process of their own.

    ``state`` is what the model holds (``ModelState``). Customers in an engine can't be handed over: files of these are
    made in this process as before.
    """
    _elsewhere[:] = [make]


async def downloaded(
    model: SegmentationModel,
    name: str,
    write: Write,
    *arguments: Any,
    customers: int | None = None,
    drawn: bool = False,
    here: bool = False,
) -> BytesIO:
    """Return a file as ``made`` does, and note that it leaves the page.

    ``name`` is what it is called where downloads are counted, ``customers`` how many it may tell of; all by default.

    Raises
    ------
    DownloadRefusedError
        There is none, and the model's ``error`` says why, or nobody waits for it any more.

    """
    try:
        told = len(model.bundle().segmentation.table) if customers is None else customers
        stream = await made(model, write, *arguments, drawn=drawn, here=here)
        model.downloads.record(name, told, len(stream.getbuffer()))
    except SupersededError as problem:
        raise DownloadRefusedError from problem
    except (DataError, SettingError) as problem:
        # Else nobody would know why no file comes.
        model.error = str(problem)
        raise DownloadRefusedError from problem
    except OSError as problem:
        why = reason_of_system(problem)
        model.error = say("The file cannot be made on the server: {why}. Try again later.", why=why)
        raise DownloadRefusedError from problem
    return stream


async def made(
    model: SegmentationModel, write: Write, *arguments: Any, drawn: bool = False, here: bool = False
) -> BytesIO:
    """Return what ``write(bundle, *arguments, stream)`` writes of the last result of a model, from its start.

    Parameters
    ----------
    model
        Whose result it is.
    write, arguments
        What writes it, and what that needs beside.
    drawn
        Whether HoloViews draws it, which one thread alone can use: in this process it is written on the event loop.
    here
        Whether it changes the model, and so has to be written where that is.

    Raises
    ------
    SettingError, DataError, OSError
        There is no result by now, or what writing raises.
    SupersededError
        Nobody waits for it any more.

    """
    bundle = model.bundle()
    if _elsewhere and not here and bundle.segmentation.table.elsewhere is None:
        return await _elsewhere[0](write, model.state, *arguments)
    if here or drawn:
        return _written(write, bundle, *arguments)
    return await asyncio.wrap_future(in_thread_of_its_own(_written, write, bundle, *arguments))


def _written(write: Write, *arguments: Any) -> BytesIO:
    stream = BytesIO()
    write(*arguments, stream)
    stream.seek(0)
    return stream
