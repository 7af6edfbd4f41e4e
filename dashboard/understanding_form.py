"""“Is this right?”: what a file was understood to mean, for a person to confirm or correct before anything runs."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg import TransactionColumns
from custseg.errors import quote
from custseg.language import mark, say
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.tables.understanding.in_words import consequence, facts_of
from custseg.wording import count
from dashboard.open_questions import OpenQuestions, answer_of, said

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    import param

    from custseg.tables.understanding import Doubt, Understanding
    from dashboard.file_reader import RowsOfFile

_NONE = mark("(none)")
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
_IN_SELECTS = (mark("Customer"), mark("Date"), mark("Order"), mark("Money"))
_SELECT: dict[str, Any] = {"width": 184, "margin": (0, 16, 10, 0), "stylesheets": [CONTROL_STYLE]}
_BUTTON: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": (0, 8, 0, 0)}
_ROLES = {
    "customer": mark("Customer"),
    "date": mark("Date"),
    "order": mark("Order number"),
    "amount": mark("Amount"),
    "category": mark("Goods"),
}
# Of customers: the arguments with which a table is read again.
_OF_CUSTOMERS = ("missing", "money", "roles")
ROW_IS_A_CUSTOMER = mark("Each row counts as a customer, as you said.")
_ROW_IS_A_PURCHASE = mark("Each row counts as a purchase, as you said.")


class UnderstandingForm(pn.viewable.Viewer):
    """Shows what was understood of a file, and asks what only a person knows.

    Parameters
    ----------
    make_customers
        Called with the columns when rows are purchases.
    take_rows
        Called with answers, by argument of ``CustomerTable.read``, when each row is a customer; ``said`` of this form
        then holds them in words.
    look_again
        Called with other columns, or None for those that seem right, when a person says that rows are purchases.
    give_up
        Called when a person leaves the file alone.

    """

    def __init__(
        self,
        make_customers: Callable[[TransactionColumns], Awaitable[None]],
        take_rows: Callable[[Mapping[str, Any]], Awaitable[None]],
        look_again: Callable[[TransactionColumns | None], Awaitable[None]],
        give_up: Callable[[], None],
        **params: Any,
    ) -> None:
        super().__init__(**params)
        self._make_customers, self._take_rows, self._look_again = make_customers, take_rows, look_again
        self._columns: TransactionColumns | None = None
        self._understood_first: TransactionColumns | None = None
        self._asked: tuple[Doubt, ...] = ()
        self._answered: dict[Doubt, int] = {}
        self._rows_said = ""
        self._rows_unclear = False
        self._filling = False
        self._make_parts()
        self._connect(give_up)

    def _make_parts(self) -> None:
        self._text = pn.pane.HTML(
            "", stylesheets=[TEXT_STYLE, _STYLE], sizing_mode="stretch_width", margin=(0, 0, 8, 0)
        )
        self._selects = {role: pn.widgets.Select(label=say(label), **_SELECT) for role, label in _ROLES.items()}
        self._which = pn.FlexBox(*self._selects.values(), sizing_mode="stretch_width")
        self._questions = OpenQuestions(self._on_answer)
        self._confirm = pn.widgets.Button(label=say("Yes"), color="primary", **_BUTTON)
        self._other = pn.widgets.Button(label=say("Each row is a customer"), **_BUTTON)
        self._leave = pn.widgets.Button(label=say("Keep the table that is shown"), **_BUTTON)
        buttons = pn.FlexBox(self._confirm, self._other, self._leave, sizing_mode="stretch_width", gap="8px")
        self._layout = pn.Column(
            self._text,
            self._which,
            self._questions,
            buttons,
            visible=False,
            css_classes=["understanding"],
            sizing_mode="stretch_width",
            margin=0,
        )

    def _connect(self, give_up: Callable[[], None]) -> None:
        for select in self._selects.values():
            select.param.watch(self._choose, ["value"])
        self._confirm.on_click(self._on_confirm)
        self._other.on_click(self._on_other)
        self._leave.on_click(lambda _: give_up())

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self._layout.visible)

    @property
    def said(self) -> tuple[str, ...]:
        """What a person has answered and changed so far, in sentences."""
        answered = {doubt.argument for doubt in self._answered}
        changed = [
            say(
                "{label}: {value}, as you said.",
                label=say(label),
                value=quote(getattr(self._columns, role) or say("none")),
            )
            for role, label in _ROLES.items()
            if self._columns is not None and self._understood_first is not None and role not in answered
            if getattr(self._columns, role) != getattr(self._understood_first, role)
        ]
        answers = [said(doubt, position) for doubt, position in self._answered.items()]
        return (*([self._rows_said] if self._rows_said else []), *changed, *answers)

    def ask_about_purchases(self, name: str, found: RowsOfFile, *, again: bool = False) -> None:
        """Show what purchases were understood to mean, and which column is which; ``again`` after an answer."""
        understood = found.purchases
        if understood is None:
            return
        self._columns = understood.purchases
        if not again:
            self._asked, self._answered, self._rows_said = (), {}, ""
            self._understood_first = self._columns
        self._rows_unclear = unclear = any(doubt.argument == "rows" for doubt in understood.doubts)
        self._ask(_questions_of(self._columns, (*self._asked, *understood.doubts)))
        self._say(
            name,
            understood,
            self._what_follows(found, unclear=unclear) + _told(understood.doubts, self._asked),
            without=(*_IN_SELECTS, *(["Each row is"] if unclear else [])),
        )
        self._fill(found)
        self._which.visible = True
        unknown = any(doubt.matters and not doubt.choices for doubt in understood.doubts)
        self._confirm.param.update(
            label=say("Each row is a purchase") if unclear else say("Yes, make customers of them"),
            disabled=self._columns is None or unknown or self._questions.unanswered,
        )
        self._other.label = say("Each row is a customer") if unclear else say("No, each row is a customer")
        self._leave.visible = True
        self._layout.visible = True

    def ask_about_customers(self, name: str, understood: Understanding) -> None:
        """Show what customers were understood to mean, with the questions that are open."""
        self._columns, self._answered = None, {}
        self._ask([doubt for doubt in understood.doubts if doubt.argument in _OF_CUSTOMERS and doubt.choices])
        self._say(name, understood, _told(understood.doubts, self._asked))
        self._which.visible = False
        self._other.label = say("No, each row is a purchase")
        self._leave.visible = self._questions.unanswered
        self._show_confirm()
        self._layout.visible = True

    def says_purchases(self) -> None:
        """Keep that a person said so of each row."""
        self._rows_said = say(_ROW_IS_A_PURCHASE)

    def close(self) -> None:
        """Hide the form."""
        self._layout.visible = False

    def _ask(self, doubts: Sequence[Doubt]) -> None:
        self._asked = tuple(dict.fromkeys(doubts))
        self._answered = {doubt: position for doubt, position in self._answered.items() if doubt in self._asked}
        self._questions.ask(self._asked, self._answered)

    def _show_confirm(self) -> None:
        self._confirm.param.update(
            label=say("Use these answers") if self._answered or self._questions.unanswered else say("Yes"),
            disabled=self._questions.unanswered,
        )

    def _say(self, name: str, understood: Understanding, more: str, without: tuple[str, ...] = ()) -> None:
        facts = [(term, text) for term, text in facts_of(understood) if term not in without]
        rows = "".join(f"<dt>{html.escape(say(term))}</dt><dd>{html.escape(text)}</dd>" for term, text in facts)
        self._text.object = (
            f"<h3>{say('Is this right? {name}', name=html.escape(quote(name)))}</h3><dl class='facts'>{rows}</dl>{more}"
        )

    def _what_follows(self, found: RowsOfFile, *, unclear: bool) -> str:
        """Say what customers follow; nothing of who is one, and what they spend, hangs on an answer that is missing."""
        if found.purchases is None or self._columns is None or (self._questions.unanswered and not unclear):
            return ""
        preview = found.purchases.preview
        if self._questions.unanswered:
            preview = replace(preview, total=None, mean=None)
        sentences = [consequence(preview)]
        if unclear:
            sentences = [
                f"Each row a customer: {count(found.rows, 'customer')}.",
                f"Each row a purchase: {consequence(preview).removeprefix('This makes ')}",
            ]
        return "".join(f"<p class='follows'>{html.escape(sentence)}</p>" for sentence in sentences)

    def _fill(self, found: RowsOfFile) -> None:
        """Offer the columns that can be each; what is an expression is offered beside them."""
        chosen = {role: getattr(self._columns, role, None) for role in _ROLES}
        amount = chosen["amount"]
        signs = [
            answer_of(doubt, position)
            for doubt in self._asked
            if doubt.argument == "amount"
            for position in range(len(doubt.choices))
        ]
        amounts = list(dict.fromkeys([*([amount] if amount else []), *found.numbers, *signs]))
        options = {
            "customer": [*([] if self._columns else [say(_NONE)]), *found.names],
            "date": [say(_NONE), *found.dates],
            "order": [say(_NONE), *found.names],
            "amount": [say(_NONE), *amounts],
            "category": [say(_NONE), *found.names],
        }
        self._filling = True
        try:
            for role, select in self._selects.items():
                select.param.update(options=options[role], value=chosen[role] or options[role][0])
        finally:
            self._filling = False

    async def _choose(self, event: param.parameterized.Event) -> None:
        """Find out what follows from other columns."""
        if self._filling:
            return
        chosen = {role: select.value for role, select in self._selects.items()}
        changed: dict[str, Any] = {role: None if value == say(_NONE) else value for role, value in chosen.items()}
        if changed["customer"] is None:
            return
        columns = replace(self._columns, **changed) if self._columns else TransactionColumns(**changed)
        if columns == self._columns:
            return
        if event.obj is self._selects["amount"]:
            for doubt in self._asked:
                if doubt.argument == "amount" and (position := _position(doubt, columns.amount)) is not None:
                    self._answered[doubt] = position
        await self._look_again(columns)

    def _on_answer(self, doubt: Doubt) -> Awaitable[None] | None:
        self._answered = self._questions.answers
        if self._columns is None:
            self._show_confirm()
            return None
        return self._look_again(replace(self._columns, **{doubt.argument: answer_of(doubt, self._answered[doubt])}))

    async def _on_confirm(self, _: param.parameterized.Event) -> None:
        if self._columns is not None:
            if self._rows_unclear:
                self.says_purchases()
            await self._make_customers(self._columns)
        elif self._answered:
            await self._take_rows(_by_argument(self._answered))
        else:
            self.close()

    async def _on_other(self, _: param.parameterized.Event) -> None:
        if self._which.visible:
            self._columns, self._answered, self._rows_said = None, {}, say(ROW_IS_A_CUSTOMER)
            await self._take_rows({})
        else:
            await self._look_again(None)


def _questions_of(columns: TransactionColumns | None, doubts: Sequence[Doubt]) -> list[Doubt]:
    """Return what is asked below the selects; not of a sign where another column is the amount."""
    asked = [doubt for doubt in doubts if doubt.choices and doubt.argument in ("amount", "currency_is")]
    amount = columns.amount if columns else None
    return [
        doubt
        for doubt in asked
        if amount is not None
        if doubt.argument != "amount" or _position(doubt, amount) is not None
    ]


def _position(doubt: Doubt, value: object) -> int | None:
    return next((number for number in range(len(doubt.choices)) if answer_of(doubt, number) == value), None)


def _told(doubts: Sequence[Doubt], asked: Sequence[Doubt]) -> str:
    return "".join(f"<p>{html.escape(doubt.sentence)}</p>" for doubt in doubts if doubt not in asked)


def _by_argument(answered: Mapping[Doubt, int]) -> dict[str, Any]:
    """Put answers together by the argument that takes them."""
    together: dict[str, Any] = {}
    for doubt, position in answered.items():
        answer = answer_of(doubt, position)
        known = together.get(doubt.argument)
        together[doubt.argument] = {**known, **answer} if isinstance(known, dict) else answer
    return together
