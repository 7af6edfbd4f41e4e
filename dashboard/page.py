"""The served page: one model a session, its panes in a template, its settings in the address."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import panel as pn
from panel.io.resources import _env

from custseg import CustomerTable, DataError, SegmentationModel, profile, segment
from custseg.errors import SettingError
from custseg.panes import Downloads, Explorer
from custseg.panes.status import alert_pane
from custseg.panes.style import PAGE_TOKENS
from dashboard import address
from dashboard.source import read_source

if TYPE_CHECKING:
    import jinja2

_log = logging.getLogger("custseg")
_HERE = Path(__file__).parent


def serve_session() -> None:
    """Put a page for this session into the current document."""
    pn.extension("tabulator")
    try:
        table = read_source()
    except DataError as problem:
        _log.error("There are no customers to show: %s", problem)
        _serve(_page_without_customers(str(problem)), "custseg")
        return
    model = SegmentationModel(table)
    if pn.state.location:
        refused = address.bind(model, pn.state.location)
        if refused:
            model.error = " ".join(refused)
            _log.warning("Part of an address was refused: %s", model.error)
    _serve(page(model), f"{table.title} - custseg")
    # Once the first page stands, so that it doesn't wait for what only a run needs.
    pn.state.onload(_warm_up)


def _serve(template: pn.Template, title: str) -> None:
    document = pn.state.curdoc
    # Else the document would look through all its models again at each of the page's roots: a third of the time.
    with document.models.freeze() if document else nullcontext():
        template.servable(title=title)


class _Template(pn.Template):
    def __repr__(self) -> str:
        # Panel's own describes every pane, and is asked for at each one that is added.
        return "custseg page"


def page(model: SegmentationModel) -> pn.Template:
    """Lay the panes of a model out in the page's template."""
    explorer = Explorer(model)
    template = _new_template(table_title=model.table.title, notes=model.table.notes, source=model.table.source)
    for name in ("controls", "problem", "key_figures", "scatter", "words", "summary", "status"):
        template.add_panel(name, getattr(explorer, name))
    template.add_panel("downloads", Downloads(model))
    return template


def _page_without_customers(problem: str) -> pn.Template:
    template = _new_template(table_title="", problem=problem)
    template.add_panel("problem", alert_pane(problem))
    return template


def _new_template(**variables: object) -> pn.Template:
    template = _Template(_jinja(), location=True)
    parts = {"tokens": PAGE_TOKENS, "style": _read("page.css"), "script": _read("page.js"), "icon": _read("icon.svg")}
    for name, value in {"problem": "", **parts, **variables}.items():
        template.add_variable(name, value)
    return template


@cache
def _jinja() -> jinja2.Template:
    template: jinja2.Template = _env.from_string(_read("page.html"))
    return template


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _warm_up() -> None:
    """Import and compile in the background what the first run would else wait for; once a process."""
    Thread(target=_run_once, args=(read_source(),), name="warm-up", daemon=True).start()


def _run_once(table: CustomerTable) -> None:
    try:
        profile(segment(table, k=2, seed=0))
    except (DataError, SettingError):
        # A table that can't be segmented says so when someone runs it.
        _log.debug("The warm-up run was refused", exc_info=True)
