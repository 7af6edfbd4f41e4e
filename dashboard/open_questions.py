"""Questions that a table leaves open, each with its possible answers. Nothing is chosen beforehand."""

from __future__ import annotations

import ast
import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import quote
from custseg.language import say
from custseg.panes.base.style import CONTROL_STYLE, TEXT_STYLE
from custseg.wording import capitalised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import param

    from custseg.tables.understanding import Doubt

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
_CHOICES = "label:has(input[type='radio']) { display: block; } label span { white-space: normal; margin-left: 4px; }"


def answer_of(doubt: Doubt, position: int) -> Any:
    """Return an answer as a value: what comes from a browser only chooses among literals that custseg wrote."""
    return ast.literal_eval(doubt.choices[position][0])


def said(doubt: Doubt, position: int) -> str:
    """Say in a sentence what somebody answered."""
    answer, words = answer_of(doubt, position), doubt.choices[position][1]
    if isinstance(answer, dict):
        return say("In {column}, {answer}, as you said.", column=quote(next(iter(answer))), answer=words)
    return say("{answer}, as you said.", answer=capitalised(words))


class OpenQuestions(pn.viewable.Viewer):
    """The questions, one below the other. ``on_answer`` is called after each answer, with the question."""

    def __init__(self, on_answer: Callable[[Doubt], Any], **params: Any) -> None:
        super().__init__(**params)
        self._on_answer = on_answer
        self._groups: dict[Doubt, pn.widgets.RadioBoxGroup] = {}
        self._filling = False
        self._layout = pn.Column(**_WIDE)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def ask(self, doubts: Sequence[Doubt], answers: Mapping[Doubt, int]) -> None:
        """Ask these; the positions of answers that were given are marked."""
        self._filling = True
        try:
            if list(self._groups) != list(doubts):
                self._groups = {doubt: self._choices(doubt) for doubt in doubts}
                self._layout.objects = [
                    part for doubt, group in self._groups.items() for part in (_sentence(doubt), group)
                ]
            for doubt, group in self._groups.items():
                group.value = answers.get(doubt)
        finally:
            self._filling = False

    @property
    def answers(self) -> dict[Doubt, int]:
        """The position of each answer that was given."""
        return {doubt: group.value for doubt, group in self._groups.items() if group.value is not None}

    @property
    def unanswered(self) -> bool:
        """Whether one is not answered that matters."""
        return any(doubt.matters for doubt in self._groups if doubt not in self.answers)

    def _choices(self, doubt: Doubt) -> pn.widgets.RadioBoxGroup:
        options = {capitalised(words): position for position, (_, words) in enumerate(doubt.choices)}
        group = pn.widgets.RadioBoxGroup(
            label=doubt.sentence,
            options=options,
            value=None,
            stylesheets=[CONTROL_STYLE, _CHOICES],
            **_WIDE | {"margin": (0, 0, 12, 0)},
        )

        async def answer(_: param.parameterized.Event) -> None:
            if not self._filling:
                told = self._on_answer(doubt)
                if told is not None:
                    await told

        group.param.watch(answer, ["value"])
        return group


def _sentence(doubt: Doubt) -> pn.pane.HTML:
    return pn.pane.HTML(
        f"<p>{html.escape(doubt.sentence)}</p>", stylesheets=[TEXT_STYLE, "p { margin: 0 0 4px; }"], **_WIDE
    )
