"""A layout of panes as HTML that needs no Python and, but for its figures, no script: what the report is made of."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.report.static_table import table_html

if TYPE_CHECKING:
    from bokeh.models import Plot

# Stands where a figure belongs until the document that holds all of them says what to write there.
_PLACE = "<!--figure {}-->"
# The style sheet of the page for print doesn't reach into shadow roots.
_ON_PAPER = (
    "<style>@media print { tr, li, p, article { break-inside: avoid; } h3, h4 { break-after: avoid; } "
    "details:not([open]) { display: none; } }</style>"
)


class StaticLayout:
    """Writes layouts, and keeps the figures that it found in them. Widgets are left out, since nobody would answer."""

    def __init__(self) -> None:
        self.figures: list[Plot] = []

    def write(self, part: Any) -> str:
        """Return a layout as HTML, with a place for each figure in it."""
        if not part.visible:
            return ""
        if isinstance(part, (pn.layout.base.ListLike, pn.layout.base.NamedListLike)):
            return self._container(part)
        if isinstance(part, pn.widgets.Tabulator):
            return table_html(part)
        if isinstance(part, pn.pane.Bokeh):
            self.figures.append(part.object)
            return _element(part, "figure", _PLACE.format(len(self.figures) - 1))
        return _shaded(part) if isinstance(part, pn.pane.HTML) and part.object else ""

    def fill(self, page: str, figures: list[str]) -> str:
        """Put what was made of the figures into their places."""
        for position, figure in enumerate(figures):
            page = page.replace(_PLACE.format(position), figure, 1)
        return page

    def _container(self, part: Any) -> str:
        inner = "".join(map(self.write, part.objects))
        return _element(part, "row" if isinstance(part, pn.Row) else "stack", inner) if inner else ""


def _shaded(part: Any) -> str:
    """Write markup with its style sheets in a shadow root of its own, as Panel does on a page."""
    sheets = "".join(f"<style>{sheet}</style>" for sheet in part.stylesheets if isinstance(sheet, str))
    return _element(part, "text", f'<template shadowrootmode="open">{sheets}{_ON_PAPER}{part.object}</template>')


def _element(part: Any, kind: str, inner: str) -> str:
    styles = dict(part.styles)
    # A figure that would fill its place has as much as it needs at least.
    height = part.height or (part.min_height if kind == "figure" else None)
    if height:
        styles["height"] = f"{height}px"
    if part.margin:
        styles["margin"] = _pixels(part.margin)
    written = "".join(f"{name}: {value}; " for name, value in styles.items())
    classes = html.escape(" ".join((kind, *part.css_classes)))
    style = f' style="{html.escape(written.strip())}"' if written else ""
    return f'<div class="{classes}"{style}>{inner}</div>'


def _pixels(margin: int | tuple[int, ...]) -> str:
    sides = margin if isinstance(margin, tuple) else (margin,)
    return " ".join(f"{side}px" for side in sides)
