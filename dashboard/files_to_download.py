"""The files that people download: made in processes of their own, which are started once there is a result."""

from __future__ import annotations

import asyncio
import logging
from threading import Lock
from typing import TYPE_CHECKING, Any

from custseg.errors import SettingError
from custseg.panes.base.made_files import make_files_with
from custseg.session.background import SupersededError, in_thread_of_its_own
from dashboard.making_limits import MakingLimits
from dashboard.making_process import MakingPool
from dashboard.served_session import served_session
from dashboard.server_settings import server_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BytesIO

    from custseg import SegmentationModel
    from custseg.session.model_state import ModelState

_log = logging.getLogger("custseg")
_starting = Lock()
_pools: list[MakingPool] = []


def make_files_elsewhere(model: SegmentationModel) -> None:
    """Have the files of this server made in other processes, which are there before somebody asks for one."""
    make_files_with(_make)
    model.param.watch(_start_ahead, ["outcome"])


def shared_makers() -> MakingPool:
    """Return the processes of this server; the first who asks starts them."""
    with _starting:
        if not _pools:
            settings = server_settings()
            _pools.append(MakingPool(MakingLimits.of(settings), settings.making_processes))
        return _pools[0]


def _start_ahead(event: Any) -> None:
    # A result that was looked at closely is all that there will be of it: until then the machine has enough to do.
    if not _pools and event.new is not None and event.new.assessment is not None:
        in_thread_of_its_own(_try_to_start)


def _try_to_start() -> None:
    try:
        shared_makers()
    except (SettingError, OSError):
        _log.debug("The processes that make files did not start", exc_info=True)


async def _make(write: Callable[..., None], state: ModelState, *more: Any) -> BytesIO:
    waiting = _OpenPage()
    return await asyncio.wrap_future(in_thread_of_its_own(_made, write, state, more, waiting))


def _made(write: Callable[..., None], state: ModelState, more: tuple[Any, ...], waiting: _OpenPage) -> BytesIO:
    return shared_makers().make(write, state, more, waiting)


class _OpenPage:
    """Waits for a file for as long as the page is there that it was asked for on."""

    def __init__(self) -> None:
        self._session = served_session()

    def check(self) -> None:
        if self._session is not None and self._session.destroyed:
            raise SupersededError

    def tell(self, progress: str) -> None:
        """Hear nothing: files don't say how far they are."""
