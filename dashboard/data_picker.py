"""Which customers the page shows: a table from the server, or a file of one's own."""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import panel as pn
import param

from custseg import DataError, TransactionColumns
from custseg.errors import quote
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.panes.base.view import View
from custseg.session.background import LatestTask, SupersededError
from dashboard.file_reader import FileReader, sentence_for
from dashboard.reading_process import ReadingFailedError
from dashboard.source import offered, read_source, upload_limit
from dashboard.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg import CustomerTable, SegmentationModel
    from custseg.session.background import Ticket

_Found = TypeVar("_Found")
BROUGHT = "Your own file"
_NONE = "(none)"
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (0, 0, 10, 0), "stylesheets": [CONTROL_STYLE]}


class Intake(View):
    """Choose a table, drop a file, choose its sheet, and turn purchases into customers."""

    source: str = param.String(default="", doc="The name of the offered table that is shown; empty for a file.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._titles = {title: name for name, title in offered().items()}
        self.reader = FileReader()
        self._reading = LatestTask(waits=True)
        self._sheet_in_use: tuple[Path, str | None] | None = None
        self._choice = pn.widgets.Select(label="Customers", options=list(self._titles), value=self._title(), **_WIDE)
        self.upload = Upload(upload_limit(), sizing_mode="stretch_width", margin=(0, 0, 6, 0))
        self._note = pn.pane.HTML(self._hint(), stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        self._sheet = pn.widgets.Select(label="Sheet", visible=False, **_WIDE)
        self.purchases = PurchasesForm(self._make_customers, self._take_rows)
        self._layout = pn.Column(
            self._choice, self.upload, self._sheet, self._note, sizing_mode="stretch_width", margin=0
        )
        self._choice.param.watch(self._choose, ["value"])
        self.upload.param.watch(self._give_up, ["path"])
        self.upload.param.watch(self._arrived, ["path"])
        self.upload.param.watch(self._refused, ["refusal"])
        self._sheet.param.watch(self._choose_sheet, ["value"])
        if pn.state.curdoc:
            pn.state.on_session_destroyed(lambda _: self.leave())

    @property
    def name_in_address(self) -> str:
        """The name of the table for a link; empty for the default one, and for a file that no link leads to."""
        return "" if self.source == next(iter(offered())) else self.source

    def _title(self) -> str | None:
        return next((title for title, name in self._titles.items() if name == self.source), None)

    def _hint(self) -> str:
        return (
            f'<p class="note">Or drop a file: CSV, Excel, Parquet or JSON Lines, up to {self.upload.megabytes:,} MB, '
            "with one row per customer or per purchase.</p>"
        )

    def _say(self, text: str) -> None:
        self._note.object = f'<p class="note" role="status">{html.escape(text)}</p>' if text else self._hint()

    @property
    def note(self) -> str:
        """What is said below the place for files, as HTML."""
        return str(self._note.object)

    def leave(self) -> None:
        """Stop reading, and remove the file that came."""
        self._reading.supersede()
        self.upload.discard()

    async def _choose(self, event: param.parameterized.Event) -> None:
        name = self._titles.get(event.new)
        if name is None or name == self.source:
            return
        await self._load(f"Reading {event.new} ...", lambda _: read_source(name), name, Path(name))

    def _give_up(self, event: param.parameterized.Event) -> None:
        """Let go of a file in whose place another begins to come; at once, since it is removed."""
        if event.new is None and event.old is not None:
            self._reading.supersede()
            with self.model.batch_updates():
                self.purchases.close()
                self._say("")

    async def _arrived(self, event: param.parameterized.Event) -> None:
        path: Path | None = event.new
        if path is None:
            return
        try:
            sheets = await self._patiently(
                f"Checking {path.name} ...", lambda ticket: self.reader.sheets_of(path, ticket)
            )
        except SupersededError:
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            self._fail(sentence_for(problem, path))
            return
        with self.model.batch_updates():
            self._sheet.param.update(options=list(sheets), value=sheets[0] if sheets else None, visible=len(sheets) > 1)
        await self._look(path, self._chosen_sheet)

    async def _choose_sheet(self, event: param.parameterized.Event) -> None:
        path = self.upload.path
        # The first sheet is looked at when the file comes, and the only one too.
        if path is not None and self._sheet.visible and event.new and self._sheet_in_use != (path, event.new):
            await self._look(path, event.new)

    def _refused(self, event: param.parameterized.Event) -> None:
        if event.new:
            self._fail(event.new)

    async def _look(self, path: Path, sheet: str | None) -> None:
        """Offer to make customers of purchases, or else read the file as customers."""
        self._sheet_in_use = (path, sheet)
        try:
            found = await self._patiently(
                f"Checking {path.name} ...", lambda ticket: self.reader.look_for_purchases(path, sheet, ticket)
            )
        except SupersededError:
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            if isinstance(problem, ReadingFailedError) or not isinstance(problem, DataError):
                self._fail(sentence_for(problem, path))
                return
            # What is wrong with it is said when it is read as customers.
            found = None
        if found is None or found.guess is None:
            await self._take_rows()
            return
        with self.model.batch_updates():
            self._say(f"{path.name} looks like a list of purchases.")
            self.purchases.offer(path.name, found)

    async def _take_rows(self) -> None:
        path, sheet = self.upload.path, self._chosen_sheet
        if path is not None:
            await self._load(
                f"Reading {path.name} ...", lambda ticket: self.reader.customers_of(path, sheet, ticket), "", path
            )

    async def _make_customers(self, columns: TransactionColumns) -> None:
        path, sheet = self.upload.path, self._chosen_sheet
        if path is not None:
            await self._load(
                f"Turning {path.name} into customers ...",
                lambda ticket: self.reader.customers_of_purchases(path, columns, sheet, ticket),
                "",
                path,
            )

    @property
    def _chosen_sheet(self) -> str | None:
        return self._sheet.value if self._sheet.visible else None

    async def _load(self, doing: str, read: Callable[[Ticket], CustomerTable], name: str, path: Path) -> None:
        """Read, and show what came; else say what is wrong with it."""
        try:
            table = await self._patiently(doing, read)
        except SupersededError:
            return
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            self._fail(sentence_for(problem, path))
            return
        with self.model.batch_updates():
            self.purchases.close()
            self.model.load(table)
            self.source = name
            self._show_choice()
            self._say("" if name else f"{quote(table.title)} is shown.")

    async def _patiently(self, doing: str, work: Callable[[Ticket], _Found]) -> _Found:
        """Work in a thread, so that other sessions go on; say what is being done where that takes its time.

        Raises
        ------
        SupersededError
            Another file or table was chosen meanwhile.
        Exception
            What the work raised.

        """

        def say() -> None:
            with self.model.batch_updates():
                self._say(doing)

        return await self._reading.compute(work, say)

    def _show_choice(self) -> None:
        title = self._title()
        options = list(self._titles) if title else [*self._titles, BROUGHT]
        self._choice.param.update(options=options, value=title or BROUGHT)

    def _fail(self, problem: str) -> None:
        with self.model.batch_updates():
            self._say("")
            self._show_choice()
            self.model.error = problem


class PurchasesForm(pn.viewable.Viewer):
    """Which column of a table of purchases is which, and what to make of it."""

    def __init__(
        self, make: Callable[[TransactionColumns], Any], as_they_are: Callable[[], Any], **params: Any
    ) -> None:
        super().__init__(**params)
        labels = {"customer": "Customer", "date": "Date", "amount": "Amount", "category": "Category"}
        self._selects = {
            role: pn.widgets.Select(label=label, width=200, margin=(0, 16, 10, 0), stylesheets=[CONTROL_STYLE])
            for role, label in labels.items()
        }
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE], sizing_mode="stretch_width", margin=0)
        button: dict[str, Any] = {"stylesheets": [BUTTON_STYLE], "margin": (0, 8, 0, 0)}
        confirm = pn.widgets.Button(label="Make one row per customer", color="primary", **button)
        decline = pn.widgets.Button(label="Each row is a customer", **button)
        self._layout = pn.Column(
            self._text,
            pn.FlexBox(*self._selects.values(), sizing_mode="stretch_width"),
            pn.FlexBox(confirm, decline, sizing_mode="stretch_width", gap="8px"),
            visible=False,
            css_classes=["purchases"],
            sizing_mode="stretch_width",
            margin=0,
        )

        async def on_confirm(_: param.parameterized.Event) -> None:
            await make(self._columns())

        async def on_decline(_: param.parameterized.Event) -> None:
            await as_they_are()

        confirm.on_click(on_confirm)
        decline.on_click(on_decline)

    def __panel__(self) -> pn.viewable.Viewable:
        return self._layout

    def offer(self, name: str, found: Any) -> None:
        """Show which columns were recognised, for the person to confirm or correct."""
        guess = found.guess
        self._text.object = (
            f"<h3>{html.escape(quote(name))} looks like one row per purchase</h3>"
            "<p>Turn it into one row per customer: how recently each bought, how often, for how much, and what. "
            "Which column is which?</p>"
        )
        for role, names in (("customer", found.names), ("date", found.dates), ("amount", found.amounts)):
            self._selects[role].param.update(options=list(names), value=getattr(guess, role))
        self._selects["category"].param.update(options=[_NONE, *found.names], value=guess.category or _NONE)
        self._layout.visible = True

    def close(self) -> None:
        """Hide the form."""
        self._layout.visible = False

    def _columns(self) -> TransactionColumns:
        chosen = {role: select.value for role, select in self._selects.items()}
        category = None if chosen["category"] == _NONE else chosen["category"]
        return TransactionColumns(chosen["customer"], chosen["date"], chosen["amount"], category)
