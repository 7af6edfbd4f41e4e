"""A note that something was found out in a view that is not shown. It leaves by itself, or when it is closed."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.parts.work import SEARCHES

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel
    from custseg.panes.views.view_switch import ViewSwitch

_STYLE = (Path(__file__).parent / "finished_work.css").read_text(encoding="utf-8")


class FinishedWork(Part):
    """The last of such notes. The style sheet has it leave; the page's script closes it at a press."""

    def __init__(self, model: SegmentationModel, views: ViewSwitch, **params: Any) -> None:
        super().__init__(model, **params)
        self._views = views
        self._told: str | None = None
        self._notes = 0
        self._layout = pn.pane.HTML("", stylesheets=[_STYLE], margin=0)
        self.watch(self._tell, *(search.found for search in SEARCHES))
        self.watch(self._tell_of_later, "migration")
        views.param.watch(self._forget, ["shown"])

    def _tell(self, changed: frozenset[str]) -> None:
        for search in SEARCHES:
            in_sight = self._views.shown in (search.view, *search.seen_in)
            if search.found in changed and search.is_there(self.model) and not in_sight:
                self._note(say(search.done), search.view)

    def _tell_of_later(self, _: frozenset[str]) -> None:
        if self.model.migration is not None and self._views.shown != "changes":
            self._note(say("The customers were followed into the later table."), "changes")

    def _note(self, said: str, view: str) -> None:
        self._told, self._notes = view, self._notes + 1
        self._layout.object = _note(self._notes, said, view)

    def _forget(self, event: param.parameterized.Event) -> None:
        if event.new == self._told:
            self._told, self._layout.object = None, ""


def _note(number: int, said: str, view: str) -> str:
    # The number makes it another one than the last, which may say the same and have been closed.
    return (
        f'<div class="note" data-number="{number}"><span>{html.escape(said)}</span> <a href="#{view}">'
        f'{say("Look")}</a> <button type="button" data-close aria-label="{say("Close this note")}">'
        "&times;</button></div>"
    )
