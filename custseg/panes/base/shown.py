"""What a layout shows, as plain values: for tests, and for whoever wants to know without a browser."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import panel as pn

if TYPE_CHECKING:
    from collections.abc import Iterator

# Markup within a line; any other tag ends one.
_WITHIN_A_LINE = re.compile(r"</?(?:a|b|code|em|i|span|strong|sub|sup|wbr)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table: its headings and rows, by the internal names of its columns, and which rows are selected."""

    titles: dict[str, str]
    rows: tuple[dict[str, Any], ...]
    selected: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownControl:
    """A widget: what it is set to (None for a button), the labels of what else can be chosen, and whether it can be."""

    value: Any
    options: tuple[str, ...]
    enabled: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What is visible of a layout; nothing of it where the whole is hidden."""

    visible: bool
    text: str
    tables: tuple[ShownTable, ...]
    controls: dict[str, ShownControl]
    figures: int


def describe_layout(layout: pn.viewable.Viewable) -> Shown:
    """Return what is visible of a layout. Texts are without their markup, and in the order in which they are read."""
    parts = list(_visible_parts(layout))
    return Shown(
        visible=bool(layout.visible),
        text="\n".join(text for part in parts if (text := _text_of(part))),
        tables=tuple(_table_of(part) for part in parts if isinstance(part, pn.widgets.Tabulator)),
        controls=dict(_control_of(part) for part in parts if _is_control(part)),
        figures=sum(isinstance(part, pn.pane.Bokeh) for part in parts),
    )


def plain_text(markup: str) -> str:
    """Return what a reader sees of HTML that is well formed, with single spaces."""
    without_tags = _TAG.sub(" ", _WITHIN_A_LINE.sub("", markup))
    return " ".join(html.unescape(without_tags).split())


def _visible_parts(part: Any) -> Iterator[Any]:
    if not part.visible:
        return
    if isinstance(part, (pn.layout.base.ListLike, pn.layout.base.NamedListLike)):
        for inner in part.objects:
            yield from _visible_parts(inner)
    else:
        yield part


def _text_of(part: Any) -> str:
    if isinstance(part, (pn.pane.HTML, pn.pane.Markdown)):
        return plain_text(str(part.object))
    return ""


def _table_of(table: Any) -> ShownTable:
    return ShownTable(dict(table.titles), tuple(table.value.to_dict("records")), tuple(table.selection))


def _is_control(part: Any) -> bool:
    return isinstance(part, pn.widgets.Widget) and not isinstance(part, (pn.widgets.Tabulator, pn.widgets.FileDropper))


def _control_of(widget: Any) -> tuple[str, ShownControl]:
    is_button = isinstance(widget, (pn.widgets.Button, pn.widgets.FileDownload))
    options = tuple(str(option) for option in getattr(widget, "options", ()))
    return str(widget.label), ShownControl(None if is_button else widget.value, options, not widget.disabled)
