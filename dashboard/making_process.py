"""Processes in which files to download are made, so that nobody's click waits for them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from custseg.errors import DataError
from custseg.language import say
from custseg.wording import count
from dashboard.handing_over import pack
from dashboard.worker_pool import PoolEndedError, WorkerPool
from dashboard.worker_process import WorkFailedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model_state import ModelState
    from dashboard.bounded_stream import BoundedStream
    from dashboard.making_limits import MakingLimits
    from dashboard.worker_process import Wanted


class MakingFailedError(DataError):
    """A file broke the process that made it, or took too much."""


class MakingPool:
    """A few processes that make files, started ahead; who asks waits for the first that is free."""

    def __init__(self, limits: MakingLimits, processes: int = 1) -> None:
        self._limits = limits
        self._pool = WorkerPool("making_worker", limits, processes)

    def make(self, write: Callable[..., None], state: ModelState, more: tuple[Any, ...], wanted: Wanted) -> BytesIO:
        """Return what ``write(bundle, *more, stream)`` writes of what a model holds.

        Raises
        ------
        DataError, SettingError
            What writing raises; as a MakingFailedError where the file takes too much.
        Exception
            What ``wanted`` raises as soon as nobody waits any more.

        """
        try:
            with self._pool.free(wanted) as process:
                made: BytesIO = process.ask({}, wanted, _file, pack((write, state, more)))
        except PoolEndedError as problem:
            msg = say("The server ends just now. Try again when it is back.")
            raise MakingFailedError(msg) from problem
        except WorkFailedError as problem:
            raise MakingFailedError(self._sentence(problem.lacked)) from problem
        return made

    @property
    def identifiers(self) -> tuple[int, ...]:
        """The numbers that the system gave the processes."""
        return self._pool.identifiers

    def end(self) -> None:
        """End all processes, whatever they do."""
        self._pool.end()

    def _sentence(self, lacked: str) -> str:
        if lacked == "time":
            return say(
                "This file takes longer to make than {seconds}, the limit here. Save it with the command custseg.",
                seconds=count(self._limits.seconds, "second"),
            )
        if lacked == "memory":
            return say(
                "This file takes more memory to make than {megabytes:,} MB, the limit here. Save it with the command "
                "custseg.",
                megabytes=self._limits.megabytes,
            )
        if lacked == "disk":
            return say("The server's disk has no room to make this file. Try again later.")
        return say("The server failed to make this file. Try again, or save it with the command custseg.")


def _file(answer: dict[str, Any], rest: BoundedStream) -> BytesIO:
    made = rest.read(answer["made"])
    if len(made) != answer["made"]:
        msg = "the process ended before all of the file was there"
        raise OSError(msg)
    return BytesIO(made)
