"""“Is this right?”: what a file was understood to mean, for a person to confirm or correct before anything runs."""

from __future__ import annotations

import ast
import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import quote
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.tables.understanding.in_words import consequence, facts_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import param

    from custseg import TransactionColumns
    from custseg.tables.understanding import Doubt, Understanding
    from dashboard.file_reader import RowsOfFile

    Answers = Mapping[str, Sequence[float | str]]

_NONE = "(none)"
_STYLE = """
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; margin: 10px 0; }
dl.facts dt { color: var(--custseg-muted); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
h3 { margin: 4px 0 8px; }
p.follows { font-weight: 600; }
@media (max-width: 600px) {
  dl.facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dl.facts dd { margin-bottom: 8px; }
}
"""
# What the selects below say again.
_IN_SELECTS = ("Customer", "Date", "Order", "Money")
_SELECT: dict[str, Any] = {"width": 230, "margin": (0, 16, 10, 0), "stylesheets": [CONTROL_STYLE]}
_BUTTON: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": (0, 8, 0, 0)}
_ROLES = {"customer": "Customer", "date": "Date", "order": "Order number", "amount": "Amount", "category": "Goods"}


class UnderstandingForm(pn.viewable.Viewer):
    """Shows what was understood of a file; ``question`` says what must be answered before a run, if anything.

    Parameters
    ----------
    make_customers
        Called with the columns when rows are purchases.
    take_rows
        Called with what stands for no value, by column, when each row is a customer.
    look_again
        Called with other columns, or None for those that seem right, when a person says that rows are purchases.
    give_up
        Called when a person leaves the file alone.

    """

    def __init__(
        self,
        make_customers: Callable[[TransactionColumns], Awaitable[None]],
        take_rows: Callable[[Answers], Awaitable[None]],
        look_again: Callable[[TransactionColumns | None], Awaitable[None]],
        give_up: Callable[[], None],
        **params: Any,
    ) -> None:
        super().__init__(**params)
        self._make_customers, self._take_rows, self._look_again = make_customers, take_rows, look_again
        self._columns: TransactionColumns | None = None
        self._doubts: tuple[Doubt, ...] = ()
        self._filling = False
        self._text = pn.pane.HTML(
            "", stylesheets=[TEXT_STYLE, _STYLE], sizing_mode="stretch_width", margin=(0, 0, 8, 0)
        )
        self._selects = {role: pn.widgets.Select(label=label, **_SELECT) for role, label in _ROLES.items()}
        self._answers = pn.FlexBox(sizing_mode="stretch_width")
        self._which = pn.FlexBox(*self._selects.values(), sizing_mode="stretch_width")
        self._confirm = pn.widgets.Button(label="Yes", color="primary", **_BUTTON)
        self._other = pn.widgets.Button(label="Each row is a customer", **_BUTTON)
        self._leave = pn.widgets.Button(label="Keep the table that is shown", **_BUTTON)
        buttons = pn.FlexBox(self._confirm, self._other, self._leave, sizing_mode="stretch_width", gap="8px")
        self._layout = pn.Column(
            self._text,
            self._which,
            self._answers,
            buttons,
            visible=False,
            css_classes=["understanding"],
            sizing_mode="stretch_width",
            margin=0,
        )
        for select in self._selects.values():
            select.param.watch(self._choose, ["value"])
        self._confirm.on_click(self._on_confirm)
        self._other.on_click(self._on_other)
        self._leave.on_click(lambda _: give_up())

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def ask_about_purchases(self, name: str, found: RowsOfFile) -> None:
        """Show what purchases were understood to mean, and which column is which."""
        understood = found.purchases
        if understood is None:
            return
        self._columns, self._doubts = understood.purchases, ()
        open_questions = "".join(f"<p>{html.escape(doubt.sentence)}</p>" for doubt in understood.doubts)
        follows = f"<p class='follows'>{html.escape(consequence(understood.preview))}</p>"
        self._say(name, understood, f"{follows}{open_questions}", without=_IN_SELECTS)
        self._fill(found)
        self._answers.objects = []
        self._which.visible = True
        self._confirm.param.update(label="Yes, make customers of them", visible=understood.purchases is not None)
        self._other.param.update(label="No, each row is a customer", visible=True)
        self._leave.visible = True
        self._layout.visible = True

    def ask_about_customers(self, name: str, understood: Understanding) -> None:
        """Show what customers were understood to mean, with the questions that are open."""
        self._columns, self._doubts = None, tuple(doubt for doubt in understood.doubts if doubt.argument == "missing")
        told = [doubt for doubt in understood.doubts if doubt not in self._doubts]
        self._say(name, understood, "".join(f"<p>{html.escape(doubt.sentence)}</p>" for doubt in told))
        self._answers.objects = [_question(doubt) for doubt in self._doubts]
        self._which.visible = False
        waits = any(doubt.matters for doubt in self._doubts)
        self._confirm.param.update(label="Use these answers" if self._doubts else "Yes", visible=True)
        self._other.param.update(label="No, each row is a purchase", visible=True)
        self._leave.visible = waits
        self._layout.visible = True

    def close(self) -> None:
        """Hide the form."""
        self._layout.visible = False

    def _say(self, name: str, understood: Understanding, more: str, without: tuple[str, ...] = ()) -> None:
        facts = [(term, text) for term, text in facts_of(understood) if term not in without]
        rows = "".join(f"<dt>{html.escape(term)}</dt><dd>{html.escape(text)}</dd>" for term, text in facts)
        self._text.object = f"<h3>Is this right? {html.escape(quote(name))}</h3><dl class='facts'>{rows}</dl>{more}"

    def _fill(self, found: RowsOfFile) -> None:
        """Offer the columns that can be each; what is an expression is offered beside them."""
        columns = self._columns
        chosen = {role: getattr(columns, role, None) for role in _ROLES}
        amount = chosen["amount"]
        doubts = found.purchases.doubts if found.purchases else ()
        signs = [
            ast.literal_eval(value) for doubt in doubts if doubt.argument == "amount" for value, _ in doubt.choices
        ]
        amounts = list(dict.fromkeys([*([amount] if amount else []), *found.numbers, *signs]))
        options = {
            "customer": list(found.names),
            "date": [_NONE, *found.dates],
            "order": [_NONE, *found.names],
            "amount": [_NONE, *amounts],
            "category": [_NONE, *found.names],
        }
        self._filling = True
        try:
            for role, select in self._selects.items():
                select.param.update(options=options[role], value=chosen[role] or options[role][0])
        finally:
            self._filling = False

    async def _choose(self, _: param.parameterized.Event) -> None:
        """Find out what follows from other columns."""
        if not self._filling and self._columns is not None:
            chosen = {role: select.value for role, select in self._selects.items()}
            changed: dict[str, Any] = {role: None if value == _NONE else value for role, value in chosen.items()}
            if any(getattr(self._columns, role) != value for role, value in changed.items()):
                await self._look_again(replace(self._columns, **changed))

    async def _on_confirm(self, _: param.parameterized.Event) -> None:
        if self._columns is not None:
            await self._make_customers(self._columns)
        elif self._doubts:
            await self._take_rows(self._answered())
        else:
            self.close()

    async def _on_other(self, _: param.parameterized.Event) -> None:
        if self._which.visible:
            await self._take_rows({})
        else:
            await self._look_again(None)

    def _answered(self) -> Answers:
        answers: dict[str, Sequence[float | str]] = {}
        for select, doubt in zip(self._answers.objects, self._doubts, strict=True):
            # What comes from the browser only chooses among literals that custseg wrote.
            answers |= ast.literal_eval(doubt.choices[select.value][0])
        return answers


def _question(doubt: Doubt) -> pn.widgets.Select:
    options = {consequence: position for position, (_, consequence) in enumerate(doubt.choices)}
    return pn.widgets.Select(label=doubt.sentence, options=options, value=0, **_SELECT | {"width": 520})
