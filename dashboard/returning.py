"""A page that is loaded again goes on where it was: what the session holds is kept, and found by its token."""

from __future__ import annotations

import asyncio
import logging
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.part import Part
from dashboard.kept_sessions import KeptSessions, kept_sessions

if TYPE_CHECKING:
    import narwhals as nw
    import param

    from custseg import SegmentationModel
    from dashboard.data_picker import Intake

_log = logging.getLogger("custseg")
# What comes in quick succession is written once.
_MILLISECONDS = 300
_LONGEST_TOKEN = 64
_KEPT = "run", "names", "features", "k", "seed", "recipe", "x", "y", "picture", "playbook", "table"


class Returning(Part):
    """Two fields that nobody sees. One tells the page's script the token of this session, to be kept by the tab.

    Into the other the script writes the token that the tab had before it was loaded again.
    """

    def __init__(self, model: SegmentationModel, intake: Intake, **params: Any) -> None:
        super().__init__(model, **params)
        self._intake, self._kept = intake, kept_sessions()
        self._token, self._waits, self._keeps = token_urlsafe(32), False, False
        self._written: nw.DataFrame[Any] | None = None
        self._writing: asyncio.Task[None] | None = None
        # Else what is older may be written last.
        self._one_by_one = asyncio.Lock()
        self._own = pn.widgets.TextInput(value=self._token, css_classes=["session-token"])
        self._earlier = pn.widgets.TextInput(css_classes=["earlier-token"], max_length=_LONGEST_TOKEN)
        self._layout = pn.Column(self._own, self._earlier, visible=False, margin=0)
        self._earlier.param.watch(self._come_back, ["value"])
        self.watch(self._tell, "run", "names", "words_in_project")
        if self._kept is not None:
            self.watch(self._note, *_KEPT)
        if pn.state.curdoc and self._kept is not None:
            # Nothing would be lost yet.
            self._own.tags = self._all_kept
            self._kept.arrive(self._token)
            pn.state.on_session_destroyed(lambda _: self.leave())

    def leave(self) -> None:
        """Have what is kept go once its time is over."""
        if self._kept is not None:
            self._kept.leave(self._token)

    def _tell(self, *_: frozenset[str]) -> None:
        """Tell the page's script whether names would be lost with the tab."""
        self._own.placeholder = "unsaved" if self.model.words_unsaved else ""

    @property
    def _all_kept(self) -> list[Any]:
        """What tells the page's script that it may come back by itself, and for how many minutes."""
        return ["kept", self._kept.minutes] if self._kept is not None else []

    @property
    def _worth_it(self) -> bool:
        """Whether there is more than the address holds anyway."""
        return self.model.outcome is not None or not self._intake.source

    def _note(self, _: frozenset[str]) -> None:
        if (self._worth_it or self._keeps) and not self._waits and pn.state.curdoc:
            self._waits = True
            self._own.tags = []
            self.after_what_is_seen_first(self._keep, _MILLISECONDS)

    def _keep(self) -> None:
        self._waits = False
        self._writing = asyncio.create_task(self._keep_off_the_loop())

    async def _keep_off_the_loop(self) -> None:
        """Write in a thread what there is to keep now."""
        if self._kept is not None:
            try:
                async with self._one_by_one:
                    await asyncio.to_thread(self._write, self._kept)
                # For who wants to know; a class would have BokehJS lay out the page.
                self._own.tags = [] if self._waits else self._all_kept
            except OSError as problem:
                # The page goes on; only that it can't come back is worth knowing.
                _log.warning("A session cannot be kept: %s", problem.strerror or type(problem).__name__)

    def _write(self, kept: KeptSessions) -> None:
        self._keeps = self._worth_it
        if not self._keeps:
            # What was there before would else come back in the place of what is there now.
            kept.forget(self._token)
            self._written = None
            return
        brought = None if self._intake.source else self.model.table
        if brought is None:
            kept.keep_customers(self._token, None)
        elif self._written is not brought.frame:
            kept.keep_customers(self._token, brought)
        self._written = None if brought is None else brought.frame
        kept.keep(self._token, self.model.project)

    async def _come_back(self, event: param.parameterized.Event) -> None:
        """Bring back what is kept under a token, where anything is."""
        if self._kept is None or not event.new or len(event.new) > _LONGEST_TOKEN:
            return
        found = await asyncio.to_thread(self._kept.find, event.new)
        if found is None or self.model.outcome is not None or self.model.running:
            return
        with self.model.batch_updates():
            if found.customers is not None:
                self._intake.show_brought(found.customers)
        refused = await self.model.reopen(found.project)
        if refused:
            with self.model.batch_updates():
                self.model.error = " ".join(refused)
