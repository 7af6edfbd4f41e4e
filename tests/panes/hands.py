"""What a person does to a pane without a browser: find a part by its label, press it, click a cell, draw a shape."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from inspect import signature
from typing import TYPE_CHECKING, Any

import panel as pn
from bokeh.document import Document
from bokeh.events import SelectionGeometry, Tap
from bokeh.models import TapTool
from panel.models.tabulator import CellClickEvent, TableEditEvent

from custseg.panes.base.part import Part
from custseg.panes.views.catalogue import addresses

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BytesIO

    from custseg.panes import Explorer


def parts_of(explorer: Explorer) -> dict[str, Part]:
    """Look at all views, and return all parts by their names."""
    views = [explorer.views.view(address) for address in addresses()]
    named = {name: part for owner in (explorer, *views) for name, part in vars(owner).items()}
    return {name: part for name, part in named.items() if isinstance(part, Part)}


def widget(view: Part, label: str) -> Any:
    """Return the widget of that label."""
    found: list[Any] = view.__panel__().select(pn.widgets.Widget)
    (one,) = [part for part in found if part.label == label]
    return one


def file_of(button: Any) -> BytesIO:
    """Return what is downloaded by a press on a button."""
    made: BytesIO | Coroutine[Any, Any, BytesIO] = button.callback()
    return asyncio.run(made) if isinstance(made, Coroutine) else made


def press(view: Part, label: str) -> None:
    """Press a button that can be seen and pressed."""
    assert view.state().controls[label].enabled
    widget(view, label).clicks += 1


def table_of(view: Part) -> Any:
    """Return the first table of a view."""
    table, *_ = view.__panel__().select(pn.widgets.Tabulator)
    return table


def click(view: Part, row: int, column: str) -> None:
    """Click a cell of the first table of a view."""
    # Panel has no public way in; what a browser sends arrives there.
    table_of(view)._process_event(CellClickEvent(model=None, column=column, row=row))


def write(view: Part, row: int, column: str, text: str, meanwhile: Callable[[], object] = lambda: None) -> None:
    """Write into a cell of the first table of a view, as a browser does, while something else happens.

    It sends the cells, and that they were edited: with what was written from Panel 1.10 on, before that without.
    """
    table = table_of(view)
    cells, edit = table.value[column].tolist(), {"model": None, "column": column, "row": row}
    before, cells[row] = cells[row], text
    with_text = "pre" not in signature(TableEditEvent).parameters
    table._process_event(TableEditEvent(**edit, **({"value": text, "old": before} if with_text else {"pre": True})))
    table._process_events({"data": {column: cells}})
    meanwhile()
    if not with_text:
        table._process_event(TableEditEvent(**edit))


def markup_of(view: Part) -> str:
    """Return all HTML of a view, also of what is hidden, for what must not be markup in it."""
    texts: list[Any] = view.__panel__().select(lambda part: isinstance(part, (pn.pane.HTML, pn.pane.Markdown)))
    return "".join(str(text.object) for text in texts)


def figures_of(view: Part) -> list[Any]:
    """Return the Bokeh figures of a view that are visible."""
    panes: list[Any] = view.__panel__().select(pn.pane.Bokeh)
    return [pane.object for pane in panes if pane.visible]


def source_of(figure: Any, name: str) -> Any:
    """Return the data source of that name in a figure."""
    return figure.select_one({"name": name})


def draw_shape(figure: Any, **geometry: Any) -> None:
    """Draw a box or a line around customers, as a browser reports it once it is done."""
    document = Document()
    document.add_root(figure)
    try:
        document.callbacks.trigger_event(SelectionGeometry(figure, geometry=geometry, final=True))  # type: ignore[arg-type]
    finally:
        document.remove_root(figure)


def tap_at(figure: Any, x: float, y: float) -> None:
    """Tap a place of a figure, in the units of its axes."""
    document = Document()
    document.add_root(figure)
    try:
        document.callbacks.trigger_event(Tap(figure, x=x, y=y))
    finally:
        document.remove_root(figure)


def tap(figure: Any, row: int) -> None:
    """Tap the point that is drawn in that row."""
    tapped = figure.select_one(TapTool).callback.args["tapped"]
    tapped.data = {"customer": [source_of(figure, "customers").data["customer"][row]], "time": [1]}


def press_download(view: Part, title: str) -> bytes:
    """Press the button of a file, and return what it holds."""
    buttons: list[Any] = list(view.__panel__().select(pn.widgets.FileDownload))
    (pressed,) = [button for button in buttons if button.label == title]
    return file_of(pressed).read()
