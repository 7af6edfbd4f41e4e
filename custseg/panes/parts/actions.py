"""What to do next: for each segment a suggestion in each area of a playbook, and why; the playbook can be changed."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.narrative.playbook import Playbook
from custseg.panes.base.claims_markup import claim_html
from custseg.panes.base.part import Part
from custseg.panes.base.style import ACTIONS_STYLE, CONTROL_STYLE, SEGMENT_COLOURS, TEXT_STYLE, WORDS_STYLE
from custseg.wording import capitalised

if TYPE_CHECKING:
    import param

    from custseg.narrative.actions import Action
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = mark("<p>Run the clustering first. Suggestions for each segment will then appear here.</p>")
_NONE = mark("<p>The playbook suggests nothing for these segments.</p>")
CHOSEN, OWN = mark("Chosen by the columns"), mark("Your own file")


class Actions(Part):
    """A table of suggestions, a row per segment, below the choice of a playbook; ``static`` for one to look at."""

    def __init__(self, model: SegmentationModel, *, static: bool = False, **params: Any) -> None:
        super().__init__(model, **params)
        self._static = static
        self._books: dict[str, Playbook | None] = {say(CHOSEN): None}
        self._choice = pn.widgets.Select(
            label=say("Playbook"),
            options=[say(CHOSEN)],
            description=None,
            width=260,
            stylesheets=[CONTROL_STYLE],
            margin=0,
        )
        self._reason = self._pane("")
        self._table = self._pane("")
        self._layout = pn.Column(
            *([] if static else [self._choice]), self._reason, self._table, sizing_mode="stretch_width", margin=0
        )
        self._follow()
        self.watch(self._follow, "run", "names")
        if not static:
            self._choice.param.watch(self._read_choice, ["value"])
            self.watch(self._show_choice, "playbook")
            self._show_choice()

    @staticmethod
    def _pane(text: str) -> pn.pane.HTML:
        sheets = [TEXT_STYLE, WORDS_STYLE, ACTIONS_STYLE]
        return pn.pane.HTML(text, stylesheets=sheets, sizing_mode="stretch_width", margin=0)

    def _follow(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        self._table.object = say(_NOT_YET) if outcome is None else actions_html(outcome, pressable=not self._static)
        self._reason.object = "" if outcome is None else reason_html(outcome)

    def _show_choice(self, *_: frozenset[str]) -> None:
        """Offer the playbooks that there are, and show which is used; one of a person's own stays on offer."""
        own, book = self._books.get(say(OWN)), self.model.playbook
        self._books = {say(CHOSEN): None} | {say(each.title): each for each in map(Playbook.bundled, Playbook.names())}
        if book is not None and book not in self._books.values():
            own = book
        if own is not None:
            self._books[say(OWN)] = own
        label = next(label for label, each in self._books.items() if each == book)
        self._choice.param.update(options=list(self._books), value=label)

    def _read_choice(self, event: param.parameterized.Event) -> None:
        if event.new in self._books and self._books[event.new] != self.model.playbook:
            self.model.playbook = self._books[event.new]


def reason_html(outcome: RunResult) -> str:
    """Say which playbook suggests this, and why it is that one."""
    plan = outcome.words.plan
    said = plan.reason or (say("From the playbook “{book}”.", book=say(plan.book)) if plan.book else "")
    return f'<p class="note">{html.escape(" ".join(said.split()))}</p>' if said else ""


def actions_html(outcome: RunResult, *, pressable: bool = False) -> str:
    """List the segments with what is suggested for each; pointing at it shows the claims that justify it.

    On a page, where it is ``pressable``, a segment is selected by pressing its name or its row.
    """
    words = outcome.words
    silences = "".join(
        f'<p class="note">{html.escape(capitalised(say(area)))}: {html.escape(why)}</p>'
        for area, why in words.plan.silences.items()
    )
    return (_table_of(outcome, pressable=pressable) if words.actions else "") + silences or say(_NONE)


def _table_of(outcome: RunResult, *, pressable: bool) -> str:
    words = outcome.words
    areas = [area for area in words.plan.areas if area not in words.plan.silences]
    heads = "".join(f'<th scope="col">{html.escape(capitalised(say(area)))}</th>' for area in areas)
    rows = []
    for position, (name, slot) in enumerate(zip(words.names, outcome.slots, strict=True), start=1):
        suggested = {action.area: action for action in words.actions_for(position)}
        cells = "".join(_cell(area, suggested.get(area)) for area in areas)
        dot = f'<span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span>'
        called = f"{dot} {position} {html.escape(name)}"
        called = f'<button type="button">{called}</button>' if pressable else called
        rows.append(f'<tr data-segment="{position}"><th scope="row">{called}</th>{cells}</tr>')
    return f'<table class="actions"><thead><tr><td></td>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _cell(area: str, action: Action | None) -> str:
    data = html.escape(area, quote=True)
    if action is None:
        return f'<td data-area="{data}">-</td>'
    return f'<td data-area="{data}"><p>{claim_html(html.escape(action.text), action.evidence)}</p></td>'
