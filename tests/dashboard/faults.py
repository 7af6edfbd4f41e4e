"""Faults for the page: what they raise, warn of and leave behind quotes a customer."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import warnings
from threading import Thread
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.export.formats import FORMATS, Format
from dashboard import session_start
from dashboard.service_events import observe

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel

CELL, PLAIN_LOG = "Marked cell", "CUSTSEG_TEST_PLAIN_LOG"


class Kept:
    """Fails where it is let go of, as nobody can catch."""

    def __del__(self) -> None:
        raise ValueError(CELL)


def _fail_at_five(event: param.parameterized.Event) -> None:
    if event.new == 5:
        _fail()


def _fail(*_: object) -> None:
    cell = CELL
    float(cell)


async def _fail_later() -> None:
    await asyncio.sleep(0)
    _fail()


def _leave_behind(_: param.parameterized.Event) -> None:
    warnings.warn(f"Could not use {CELL}", stacklevel=1)
    Thread(target=_fail).start()
    kept: list[Any] = [Kept()]
    kept.clear()
    _tasks.append(asyncio.get_running_loop().create_task(_fail_later()))
    _tasks.clear()
    gc.collect()


_tasks: list[asyncio.Task[None]] = []


def _observe(model: SegmentationModel) -> None:
    _as_before(model)
    model.param.watch(_leave_behind, ["seed"])
    model.param.watch(_fail_at_five, ["k"])
    pn.state.onload(_fail_later)


_as_before = observe


def plant() -> None:
    """Put the faults into the sessions of this process; called again, it does nothing."""
    if vars(session_start)["observe"] is _observe:
        return
    FORMATS.append(Format("fails", "A file that fails", "", ".txt", "text/plain", _fail, changes_model=True))
    vars(session_start)["observe"] = _observe
    if path := os.environ.get(PLAIN_LOG):
        # As a handler of somebody else's writes what the server's own has as JSON.
        logging.getLogger().addHandler(logging.FileHandler(path))
