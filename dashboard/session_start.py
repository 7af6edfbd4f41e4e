"""A session of the server begins: its language and its table, one model, the page, and what goes on behind it."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import panel as pn
from bokeh.settings import settings as bokeh_settings
from panel.io.resources import LOCAL_DIST

from custseg import CustomerTable, DataError, SegmentationModel
from custseg.errors import SettingError, quote
from custseg.language import say
from custseg.panes import Scatter
from custseg.panes.views.changes import Changes
from dashboard import url_state as address
from dashboard.data_picker import Intake
from dashboard.files_to_download import make_files_elsewhere
from dashboard.language_choice import choose_language
from dashboard.log_words import told_in_log
from dashboard.long_runs import follow_long_runs
from dashboard.page import page, page_without_customers
from dashboard.page_ahead import once_someone_is_there
from dashboard.refused_messages import tell_refused_changes
from dashboard.request_rules import session_refusal
from dashboard.served_session import served_session
from dashboard.server_settings import server_settings
from dashboard.service_events import observe, tell
from dashboard.session_limits import limit_session
from dashboard.source import OWN, SAMPLES, offered, playbook, read_source
from dashboard.warm_up import warm_up

if TYPE_CHECKING:
    from custseg import Playbook

_log = logging.getLogger("custseg")
_ADDRESS_REFUSED = "The page does not show what it was asked for: settings in its address are refused."


class _Start(NamedTuple):
    """What a session begins with: a table and its name, a playbook, and sentences for what was refused."""

    name: str
    table: CustomerTable
    book: Playbook | None
    refused: list[str]


def serve_session() -> None:
    """Put a page for this session into the current document."""
    pn.extension("tabulator", "filedropper")
    location = pn.state.location
    query = (location.search or "") if location else ""
    try:
        choose_language(query)
        refusal = _refusal()
        start = None if refusal else _start(query)
    except (DataError, SettingError) as problem:
        _tell_in_log(logging.ERROR, "The page cannot be shown: %s", told_in_log(problem))
        refusal, start = str(problem), None
    if start is None:
        _serve(page_without_customers(refusal or ""), "custseg")
    else:
        _serve_customers(start, location)


def _start(query: str) -> _Start:
    settings = server_settings()
    refused: list[str] = []
    name, table = _table_of(query, refused)
    # The server's, for all its sessions.
    Scatter.most_points, Changes.ledger_file = settings.most_points, settings.ledger
    return _Start(name, table, playbook(), refused)


def _serve_customers(start: _Start, location: Any) -> None:
    model = _model_of(start.table, start.book)
    intake = Intake(model, source=start.name)
    asked = address.bind(model, intake, location) if location else []
    if asked:
        # The sentences quote what stands in the address, and columns.
        _tell_in_log(logging.WARNING, _ADDRESS_REFUSED)
    if start.refused or asked:
        model.error = " ".join((*start.refused, *asked))
    _serve(page(model, intake), _title(model))
    document = pn.state.curdoc
    if document:
        model.param.watch(lambda _: setattr(document, "title", _title(model)), ["table"])
    opened = partial(tell, "session", customers=len(start.table))
    once_someone_is_there(opened, keep=not model.error)
    # Once the first page stands, so that it doesn't wait for what only a run needs.
    pn.state.onload(warm_up)
    pn.state.onload(model.work_ahead)
    follow_long_runs(model)


def _model_of(table: CustomerTable, book: Playbook | None) -> SegmentationModel:
    """Make the session's model, within the server's limits, and seen by its log."""
    model = SegmentationModel(table, playbook=book)
    limit_session(model)
    make_files_elsewhere(model)
    observe(model)
    tell_refused_changes(model)
    return model


def _tell_in_log(level: int, what: str, *quoted: object) -> None:
    """Log what went wrong with a page, once somebody is shown it."""
    once_someone_is_there(partial(_log.log, level, what, *quoted), keep=False)


def _refusal() -> str | None:
    """Say why this session is refused, None where it isn't: the first one is made before the server is guarded."""
    context = served_session()
    return session_refusal(context.request) if context and context.server_context else None


def _table_of(query: str, refused: list[str]) -> tuple[str, CustomerTable]:
    """Read the table that the address asks for; else, with a sentence for what was refused, the default one.

    Where the server's own table can't be read either, a sample is shown: from there one can choose and upload others.
    """
    default, sample = next(iter(offered())), next(iter(SAMPLES))
    for name in dict.fromkeys((address.table_in(query) or default, default)):
        try:
            return name, read_source(name)
        except (DataError, SettingError) as problem:
            refused.append(str(problem))
            what = "The server's own table is not shown" if name == OWN else "A table is not shown that was asked for"
            _tell_in_log(logging.WARNING, "%s: %s", what, told_in_log(problem))
    if OWN in offered():
        refused.append(say("A sample, {sample}, is shown instead.", sample=quote(say(SAMPLES[sample][0]))))
    return sample, read_source(sample)


def _title(model: SegmentationModel) -> str:
    return f"{model.table.title} - custseg"


def _serve(template: pn.Template, title: str) -> None:
    document = pn.state.curdoc
    if document and bokeh_settings.resources(default="server") == "server":
        # Else style sheets come from a CDN in a session that no page made, but a socket.
        above = pn.state.rel_path
        document.template_variables["dist_url"] = f"{above}/{LOCAL_DIST}" if above else LOCAL_DIST
    # Else the document would look through all its models again at each of the page's roots: a third of the time.
    with document.models.freeze() if document else nullcontext():
        template.servable(title=title)
