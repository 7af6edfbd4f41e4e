"""What the page says of the table as a whole: its title, and what was understood of it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import TEXT_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel
    from custseg.tables.table import CustomerTable


_ONE_LINE = ".title { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }"


class _TableText(Part):
    """HTML on the table, written anew for another table."""

    def __init__(
        self, model: SegmentationModel, write: Callable[[CustomerTable], str], *styles: str, **params: Any
    ) -> None:
        super().__init__(model, **params)
        self._write = write
        self._layout = pn.pane.HTML(
            write(model.table), stylesheets=[TEXT_STYLE, *styles], sizing_mode="stretch_width", margin=0
        )
        self.watch(self._refresh, "table")

    def _refresh(self, _: frozenset[str]) -> None:
        self._layout.object = self._write(self.model.table)


class Heading(_TableText):
    """The title of the table."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, _title_html, _ONE_LINE, **params)


class About(_TableText):
    """What was understood of the table and what was set aside, in sentences."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, _notes_html, **params)


def _title_html(table: CustomerTable) -> str:
    return f'<span class="title">{html.escape(table.title)}</span>'


def _notes_html(table: CustomerTable) -> str:
    notes = "".join(f"<li>{html.escape(note)}</li>" for note in table.notes)
    source = f"<p>{say('Source: {source}', source=html.escape(table.source))}</p>" if table.source else ""
    return f"<ul>{notes}</ul>{source}"
