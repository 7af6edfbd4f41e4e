"""Work off the event loop, of which only the latest counts."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import nullcontext
from contextvars import copy_context
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from custseg.language import in_the_same_language
from custseg.session.precedence import Deference, somebody_waits

if TYPE_CHECKING:
    from collections.abc import Callable

# Work that takes longer than this is announced while it goes on; shorter work would only flicker.
SECONDS_BEFORE_BUSY = 0.15

_Found = TypeVar("_Found")


class SupersededError(Exception):
    """Ends work that nobody waits for any more."""


class Ticket:
    """One piece of work: asks whether it still counts, and tells how far it is, from any thread."""

    def __init__(self, queue: LatestTask, number: int) -> None:
        self._queue, self._number = queue, number
        self._listener: Callable[[Any], Any] | None = None
        self._deference: Deference | None = None

    @property
    def counts(self) -> bool:
        """Whether no later work has begun, and nobody gave this up."""
        return self._number == self._queue.number

    def check(self) -> None:
        """Raise SupersededError where this no longer counts."""
        if not self.counts:
            raise SupersededError

    def give_way(self) -> None:
        """Let what somebody waits for come first where nobody asked for this, in its thread; then ``check``."""
        if self._deference is not None:
            self._deference.let_others_first(self.check)
        self.check()

    def let_come_first(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have ``give_way`` wait until this loop is at leisure, and nobody waits for anything."""
        self._deference = Deference(loop)

    def tell(self, progress: Any) -> None:
        """Say how far the work is, such as in a few words; only while it counts does anybody hear it."""
        if self._listener is not None:
            self._listener(progress)

    def have_heard(self, listener: Callable[[Any], None]) -> None:
        """Have what is told heard on the event loop that runs now."""
        loop, context = asyncio.get_running_loop(), copy_context()

        def hear(progress: Any) -> None:
            if self.counts:
                listener(progress)

        self._listener = lambda progress: loop.call_soon_threadsafe(hear, progress, context=context)


def in_thread_of_its_own(work: Callable[..., _Found], *arguments: Any) -> Future[_Found]:
    """Work in a thread of its own: those that all sessions share are few, and this may wait for long."""
    future: Future[_Found] = Future()
    work = in_the_same_language(work)

    def answer() -> None:
        try:
            future.set_result(work(*arguments))
        except Exception as problem:  # noqa: BLE001 - it is raised where the answer is waited for
            future.set_exception(problem)
        except BaseException as problem:  # noqa: BLE001 - a panic in Rust, or an exit, which would end an event loop
            future.set_exception(RuntimeError(type(problem).__name__))

    future.set_running_or_notify_cancel()
    # Not waited for when the process ends.
    Thread(target=answer, name="work", daemon=True).start()
    return future


# Of all sessions together, for what nobody pressed a button for: with more of them the clicks of others would wait, and
# with one alone all of it behind a large table.
_TURNS = Semaphore(2)
# How soon who waits for a turn looks whether it is still wanted.
_SECONDS_OF_PATIENCE = 0.5


class LatestTask:
    """Pieces of work of one kind, each of which supersedes those before it.

    ``waits`` says that they wait for others most of the time, or take long: then each has a thread of its own.
    """

    def __init__(self, *, waits: bool = False) -> None:
        self.number = 0
        self._waits = waits

    def supersede(self) -> Ticket:
        """Let nothing that is going on count any more, and return the ticket of what comes now."""
        self.number += 1
        return Ticket(self, self.number)

    async def compute(
        self,
        work: Callable[[Ticket], _Found],
        on_slow: Callable[[], None] | None = None,
        on_progress: Callable[[Any], None] | None = None,
        *,
        unasked: bool = False,
    ) -> _Found:
        """Work in a thread, so that other sessions go on; call ``on_slow`` where it takes its time.

        ``on_progress`` is called on the event loop with what the work tells its ticket. ``unasked`` says that nobody
        pressed for it: then all sessions take turns, and the work gives way to the event loop now and then.

        Raises
        ------
        SupersededError
            Other work began, or this was given up: what it found, or failed of, is nobody's business.
        Exception
            What the work raised.

        """
        ticket, work = self.supersede(), in_the_same_language(work)
        if on_progress is not None:
            ticket.have_heard(on_progress)
        if unasked:
            ticket.let_come_first(asyncio.get_running_loop())
        with nullcontext() if unasked else somebody_waits():
            return await self._found(self._begin(work, ticket, unasked=unasked), ticket, on_slow)

    async def _found(self, task: asyncio.Future[_Found], ticket: Ticket, on_slow: Callable[[], None] | None) -> _Found:
        try:
            if on_slow is not None:
                await asyncio.wait({task}, timeout=SECONDS_BEFORE_BUSY)
                if not task.done() and ticket.counts:
                    on_slow()
            found = await task
        except Exception:
            ticket.check()
            raise
        ticket.check()
        return found

    def _begin(self, work: Callable[[Ticket], _Found], ticket: Ticket, *, unasked: bool) -> asyncio.Future[_Found]:
        if unasked:
            return asyncio.wrap_future(in_thread_of_its_own(copy_context().run, _in_turn, work, ticket))
        if self._waits:
            return asyncio.wrap_future(in_thread_of_its_own(work, ticket))
        return asyncio.ensure_future(asyncio.to_thread(work, ticket))


def _in_turn(work: Callable[[Ticket], _Found], ticket: Ticket) -> _Found:
    """Work once it is its turn, if it still counts by then."""
    while not _TURNS.acquire(timeout=_SECONDS_OF_PATIENCE):
        ticket.check()
    try:
        ticket.give_way()
        return work(ticket)
    finally:
        _TURNS.release()
