"""Which customers the page shows: a table from the server, or a file of one's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import panel as pn
import param

from custseg.errors import quote
from custseg.language import mark, say
from custseg.panes.base.style import CONTROL_STYLE
from custseg.session.background import SupersededError
from custseg.tables.understanding.rows import RowMeaning
from custseg.tables.understanding.understand import of_customers
from dashboard.file_place import FilePlace
from dashboard.file_reader import FileReader, sentence_for
from dashboard.server_settings import server_settings
from dashboard.source import offered, read_source
from dashboard.understanding_form import ROW_IS_A_CUSTOMER, UnderstandingForm
from dashboard.upload import Upload

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from custseg import CustomerTable, SegmentationModel, TransactionColumns
    from custseg.session.background import Ticket
    from custseg.tables.understanding import Rows
    from dashboard.file_reader import RowsOfFile

_Found = TypeVar("_Found")
BROUGHT = mark("Your own file")
_UNKNOWN = RowMeaning("customers", None, {"rows": ""})
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": (0, 0, 8, 0), "stylesheets": [CONTROL_STYLE]}


class Intake(FilePlace):
    """Choose a table, drop a file, choose its sheet, and say what it means."""

    source: str = param.String(default="", doc="The name of the offered table that is shown; empty for a file.")
    doing: str = param.String(default="", doc="What is being done with a file or a table; empty while nothing is.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        self.reader = FileReader()
        upload = Upload(
            server_settings().upload_megabytes, self.reader.room, sizing_mode="stretch_width", margin=(0, 0, 4, 0)
        )
        super().__init__(model, upload, **params)
        self._titles = {title: name for name, title in offered().items()}
        self._sheet_in_use: tuple[Path, str | None] | None = None
        self._choice = pn.widgets.Select(
            label=say("Customers"), options=list(self._titles), value=self._title(), **_WIDE
        )
        self._sheet = pn.widgets.Select(label=say("Sheet"), visible=False, **_WIDE)
        self._customers: RowMeaning | None = None
        self.form = UnderstandingForm(self._make_customers, self._take_rows, self._look_again, self.give_way)
        self._layout = pn.Column(
            self._choice, self.upload, self._sheet, self._note, sizing_mode="stretch_width", margin=0
        )
        self._choice.param.watch(self._choose, ["value"])
        self.watch(self._agree, "run")
        self.upload.param.watch(self._give_up, ["path"])
        self.upload.param.watch(self._comes, ["coming"])
        self.upload.param.watch(self._arrived, ["path"])
        self._sheet.param.watch(self._choose_sheet, ["value"])

    @property
    def name_in_address(self) -> str:
        """The name of the table for a link; empty for the default one, and for a file that no link leads to."""
        return "" if self.source == next(iter(offered())) else self.source

    def _title(self) -> str | None:
        return next((title for title, name in self._titles.items() if name == self.source), None)

    def _hint(self) -> str:
        return (
            '<details class="note"><summary>'
            f"{say('Which files, up to {megabytes:,} MB', megabytes=self.upload.megabytes)}</summary>"
            '<p class="note">'
            f"{say('CSV, Excel, Parquet or JSON Lines, with one row per customer or per purchase.')}</p></details>"
        )

    async def _choose(self, event: param.parameterized.Event) -> None:
        name = self._titles.get(event.new)
        if name is None or name == self.source:
            return
        table = await self._read(say("Reading {name} ...", name=event.new), lambda _: read_source(name), Path(name))
        if table is not None:
            self._show(table, name)

    def _give_up(self, event: param.parameterized.Event) -> None:
        """Let go of a file in whose place another begins to come; at once, since it is removed."""
        if event.new is None and event.old is not None:
            self._reading.supersede()
            with self.model.batch_updates():
                self.form.close()
                self.doing = ""
                self.model.question = ""
                self._say("")

    def _comes(self, event: param.parameterized.Event) -> None:
        """Let no run begin of another table than the one that a person has just sent."""
        if event.new:
            self.model.question = say(
                "{name} is still being sent. Wait for it, or send another file.", name=quote(event.new)
            )

    async def _arrived(self, event: param.parameterized.Event) -> None:
        path: Path | None = event.new
        if path is None:
            return
        # A run would segment the table that is shown.
        self.model.question = say("{name} is being read.", name=quote(path.name))
        sheets = await self._read(
            say("Checking {name} ...", name=path.name), lambda ticket: self.reader.sheets_of(path, ticket), path
        )
        if sheets is None:
            return
        with self.model.batch_updates():
            self._sheet.param.update(options=list(sheets), value=sheets[0] if sheets else None, visible=len(sheets) > 1)
        await self._look(path, self._chosen_sheet)

    async def _choose_sheet(self, event: param.parameterized.Event) -> None:
        path = self.upload.path
        # The first sheet is looked at when the file comes, and the only one too.
        if path is not None and self._sheet.visible and event.new and self._sheet_in_use != (path, event.new):
            await self._look(path, event.new)

    async def _look(self, path: Path, sheet: str | None) -> None:
        """Find out what the rows of a file are: ask about purchases, or else read them as customers."""
        self._sheet_in_use = (path, sheet)
        self.form.close()
        found = await self._rows_of(path, sheet, None)
        if found is None:
            return
        self._customers = found.customers
        if found.purchases is None:
            await self._take_rows({})
            return
        with self.model.batch_updates():
            self._say(say("The question on this page waits for an answer."))
            self._ask(path)
            self.form.ask_about_purchases(path.name, found)

    async def _rows_of(
        self, path: Path, sheet: str | None, columns: TransactionColumns | None, rows: Rows | None = None
    ) -> RowsOfFile | None:
        """Return what the rows of a file are, None as ``_read`` does."""
        return await self._read(
            say("Checking {name} ...", name=path.name),
            lambda ticket: self.reader.look_at_rows(path, sheet, ticket, rows=rows, columns=columns),
            path,
        )

    async def _look_again(self, columns: TransactionColumns | None) -> None:
        """Find out what follows from other columns, or from taking each row for a purchase."""
        path, sheet = self.upload.path, self._chosen_sheet
        if path is None:
            return
        found = await self._rows_of(path, sheet, columns, rows="orders" if columns is None else None)
        if found is not None:
            with self.model.batch_updates():
                self._say(say("The question on this page waits for an answer."))
                self._ask(path)
                self.form.ask_about_purchases(path.name, found, again=columns is not None)
                if columns is None:
                    self.form.says_purchases()

    def _ask(self, path: Path) -> None:
        """Let no run begin of another table than the one that is asked about."""
        self.model.question = say("First answer “Is this right?” about {name}.", name=quote(path.name))

    def _agree(self, _: frozenset[str]) -> None:
        """Take a run for an answer where none is needed."""
        if self.form.is_open and not self.model.question:
            self.form.close()

    def give_way(self) -> None:
        """Leave a file alone, also one that is being read; the table that is shown stays."""
        self._reading.supersede()
        with self.model.batch_updates():
            self.doing = ""
            self.form.close()
            self.model.question = ""
            self._say("")
            self._show_choice()

    async def _take_rows(self, answers: Mapping[str, Any]) -> None:
        """Read customers; those about whose money a question is open are shown once it is answered."""
        path, sheet, said = self.upload.path, self._chosen_sheet, self.form.said if self.form.is_open else ()
        if path is None:
            return
        table = await self._read(
            say("Reading {name} ...", name=path.name),
            lambda ticket: self.reader.customers_of(path, sheet, ticket, answers),
            path,
        )
        if table is None:
            return
        table = with_remarks(table, said)
        why = say("as you said") if say(ROW_IS_A_CUSTOMER) in said else (self._customers or _UNKNOWN).reasons["rows"]
        understood = of_customers(table, RowMeaning("customers", None, {"rows": why}))
        waits = any(doubt.matters for doubt in table.doubts)
        with self.model.batch_updates():
            if waits:
                self._say(say("The question on this page waits for an answer."))
                self._ask(path)
            else:
                self._show(table, "")
            if waits or not answers:
                self.form.ask_about_customers(path.name, understood)

    async def _make_customers(self, columns: TransactionColumns) -> None:
        path, sheet = self.upload.path, self._chosen_sheet
        said = self.form.said
        if path is None:
            return
        table = await self._read(
            say("Turning {name} into customers ...", name=path.name),
            lambda ticket: self.reader.customers_of_purchases(path, columns, sheet, ticket),
            path,
        )
        if table is not None:
            self._show(with_remarks(table, said), "")

    @property
    def _chosen_sheet(self) -> str | None:
        return self._sheet.value if self._sheet.visible else None

    async def _read(self, doing: str, read: Callable[[Ticket], _Found], path: Path) -> _Found | None:
        """Read in a thread, so that other sessions go on, and say what is being done where that takes its time.

        None where another file or table was chosen meanwhile, or where what is wrong with it was said.
        """

        def say(progress: str = "") -> None:
            with self.model.batch_updates():
                what = doing.removesuffix(" ...")
                self.doing = f"{what}: {progress}" if progress else what
                self._say(f"{self.doing} ...")

        try:
            found = await self._reading.compute(read, say, say)
        except SupersededError:
            return None
        except Exception as problem:  # noqa: BLE001 - whatever it is, a sentence stands on the page
            self.doing = ""
            self._fail(sentence_for(problem, path))
            return None
        self.doing = ""
        return found

    def show_brought(self, table: CustomerTable) -> None:
        """Show customers who were brought as a file earlier."""
        self._show(table, "")

    def _show(self, table: CustomerTable, name: str) -> None:
        with self.model.batch_updates():
            self.form.close()
            self.model.load(table)
            self.model.question = ""
            self.source = name
            self._show_choice()
            self._say("" if name else say("{title} is shown.", title=quote(table.title)))

    def _show_choice(self) -> None:
        title = self._title()
        options = list(self._titles) if title else [*self._titles, say(BROUGHT)]
        self._choice.param.update(options=options, value=title or say(BROUGHT))

    def _fail(self, problem: str) -> None:
        with self.model.batch_updates():
            if not self.form.is_open:
                self.model.question = ""
            self._say("")
            self._show_choice()
            self.model.error = problem


def with_remarks(table: CustomerTable, said: Sequence[str]) -> CustomerTable:
    """Keep in a table what a person said of it."""
    return replace(table, remarks=(*table.remarks, *said))
