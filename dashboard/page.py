"""The served page: one model a session, its panes in a template, its settings in the address."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path
from secrets import token_urlsafe
from threading import Thread
from typing import TYPE_CHECKING, Any

import panel as pn
from bokeh.settings import settings as bokeh_settings
from panel.io.resources import LOCAL_DIST, _env

from custseg import CustomerTable, DataError, Recipe, SegmentationModel
from custseg.errors import SettingError, quote
from custseg.language import LANGUAGES, current, say
from custseg.panes import Downloads, Explorer, Scatter
from custseg.panes.base.style import PAGE_TOKENS
from custseg.panes.charts.crowd import compile_counting
from custseg.panes.parts.about import Heading
from custseg.panes.parts.pressed_segment import PressedSegment
from custseg.panes.parts.status import alert_pane
from custseg.panes.views.catalogue import VIEWS, addresses
from custseg.panes.views.changes import Changes
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings
from dashboard import url_state as address
from dashboard.data_picker import Intake
from dashboard.file_reader import shared_pool
from dashboard.files_being_read import FilesBeingRead
from dashboard.files_to_download import make_files_elsewhere
from dashboard.finished_work import FinishedWork
from dashboard.followup_upload import Later
from dashboard.language_choice import choose_language, texts_of
from dashboard.log_words import told_in_log
from dashboard.long_runs import follow_long_runs
from dashboard.page_ahead import once_someone_is_there
from dashboard.playbook_upload import OwnPlaybook
from dashboard.project_upload import OpenProject
from dashboard.refused_messages import tell_refused_changes
from dashboard.request_rules import session_refusal
from dashboard.returning import Returning
from dashboard.server_settings import server_settings
from dashboard.service_events import observe, tell
from dashboard.session_limits import limit_session
from dashboard.source import OWN, SAMPLES, offered, playbook, read_source

if TYPE_CHECKING:
    import jinja2
    import param


_log = logging.getLogger("custseg")
_ADDRESS_REFUSED = "The page does not show what it was asked for: settings in its address are refused."
_HERE = Path(__file__).parent


def serve_session() -> None:
    """Put a page for this session into the current document."""
    pn.extension("tabulator", "filedropper")
    location = pn.state.location
    query = (location.search or "") if location else ""
    try:
        choose_language(query)
    except SettingError as problem:
        _tell_in_log(logging.ERROR, "The page cannot be shown: %s", problem)
        _serve(_page_without_customers(str(problem)), "custseg")
        return
    if sentence := _refusal():
        _serve(_page_without_customers(sentence), "custseg")
        return
    refused: list[str] = []
    try:
        settings = server_settings()
        name, table = _table_of(query, refused)
        # The server's, for all its sessions.
        Scatter.most_points, Changes.ledger_file = settings.most_points, settings.ledger
        book = playbook()
    except (DataError, SettingError) as problem:
        _tell_in_log(logging.ERROR, "The page cannot be shown: %s", told_in_log(problem))
        _serve(_page_without_customers(str(problem)), "custseg")
        return
    model = SegmentationModel(table, playbook=book)
    limit_session(model)
    make_files_elsewhere(model)
    observe(model)
    tell_refused_changes(model)
    intake = Intake(model, source=name)
    asked = address.bind(model, intake, location) if location else []
    if asked:
        # The sentences quote what stands in the address, and columns.
        _tell_in_log(logging.WARNING, _ADDRESS_REFUSED)
    if refused or asked:
        model.error = " ".join((*refused, *asked))
    _serve(page(model, intake), _title(model))
    document = pn.state.curdoc
    if document:
        model.param.watch(lambda _: setattr(document, "title", _title(model)), ["table"])
    opened = partial(tell, "session", customers=len(table))
    once_someone_is_there(opened, keep=not model.error)
    # Once the first page stands, so that it doesn't wait for what only a run needs.
    pn.state.onload(_warm_up)
    pn.state.onload(model.work_ahead)
    follow_long_runs(model)


def _tell_in_log(level: int, what: str, *quoted: object) -> None:
    """Log what went wrong with a page, once somebody is shown it."""
    once_someone_is_there(partial(_log.log, level, what, *quoted), keep=False)


def _refusal() -> str | None:
    """Say why this session is refused, None where it isn't: the first one is made before the server is guarded."""
    context = _session()
    return session_refusal(context.request) if context and context.server_context else None


def _session() -> Any:
    return pn.state.curdoc.session_context if pn.state.curdoc else None


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


class _Template(pn.Template):
    def __repr__(self) -> str:
        # Panel's own describes every pane, and is asked for at each one that is added.
        return "custseg page"


def page(model: SegmentationModel, intake: Intake) -> pn.Template:
    """Lay the settings and the views of a model out in the page's template."""
    explorer = Explorer(
        model,
        {
            "segments": lambda: OwnPlaybook(model, intake.reader),
            "changes": lambda: readers.follow(Later(model, intake.reader)),
            "data": lambda: OpenProject(model, intake.reader),
        },
    )
    readers = FilesBeingRead(explorer.work)
    readers.follow(intake)
    template = _new_template()
    template.add_panel("heading", Heading(model))
    template.add_panel("intake", intake)
    template.add_panel("controls", explorer.controls)
    template.add_panel("downloads", Downloads(model))
    template.add_panel("problem", explorer.problem)
    template.add_panel("understanding", intake.form)
    for view, place in explorer.views.places.items():
        template.add_panel("view_" + view.replace("-", "_"), place)
    template.add_panel("pressed_segment", PressedSegment(model))
    template.add_panel("returning", Returning(model, intake))
    template.add_panel("finished_work", FinishedWork(model, explorer.views))
    template.add_panel("work", explorer.work)
    template.add_panel("status", explorer.status)
    _follow_address(explorer)
    return template


def _follow_address(explorer: Explorer) -> None:
    """Show the view that stands in the address behind “#”, which the browser turns to by itself."""
    location = pn.state.location
    if location is None:
        return

    def turn(*_: param.parameterized.Event) -> None:
        wanted = (location.hash or "").removeprefix("#")
        explorer.views.shown = wanted if wanted in addresses() else VIEWS[0].address

    def once_loaded(_: param.parameterized.Event) -> None:
        # A page that is opened at another view than the first says so before it knows its own models.
        if pn.state.loaded:
            turn()
        else:
            pn.state.onload(turn)

    location.param.watch(once_loaded, ["hash"])


def _page_without_customers(problem: str) -> pn.Template:
    template = _new_template(problem=problem)
    template.add_panel("problem", alert_pane(problem))
    return template


def _new_template(**variables: object) -> pn.Template:
    template = _Template(_jinja(), location=True)
    files = {"style": _read("page.css") + _read("phone.css"), "icon": _read("icon.svg"), "icons": _read("icons.svg")}
    # The last of them tells the others when the page stands.
    scripts = (
        "models.js", "language.js", "menu.js", "pictures.js", "phone.js", "shell.js", "one_layout.js", "one_measure.js",
        "table_roles.js",
        "table_keys.js", "page.js",
    )  # fmt: skip
    files["script"] = "".join(map(_read, scripts))
    files |= {"tour": _read("tour.js"), "tour_style": _read("tour.css")}
    # By it the page's own scripts are known from any others (``dashboard/response_headers.py``).
    files["nonce"] = token_urlsafe()
    files["texts"] = texts_of(files["script"] + files["tour"])
    spoken = {"language": current(), "languages": LANGUAGES, "_": say}
    for name, value in {"problem": "", "tokens": PAGE_TOKENS, "views": VIEWS, **spoken, **files, **variables}.items():
        template.add_variable(name, value)
    return template


@cache
def _jinja() -> jinja2.Template:
    template: jinja2.Template = _env.from_string(_read("page.html"))
    return template


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _warm_up() -> None:
    """Import, compile and start what the first visitor would else wait for, once a process.

    It is done in the background. Where ``--warm`` asks for it, the first run is done at once, since a thread would
    import while the server starts; and no more, since the server may yet make other processes of itself.
    """
    context = _session()
    if context and context.server_context is None:
        _run_once()
    else:
        _in_the_background()


@cache
def _in_the_background() -> None:
    Thread(target=_prepare, name="warm-up", daemon=True).start()


def _prepare() -> None:
    try:
        shared_pool()
    except (SettingError, OSError):
        _log.debug("The reading processes did not start", exc_info=True)
    _run_once()


@cache
def _run_once() -> None:
    try:
        table = read_source()
        if len(table) > server_settings().most_points:
            # First, since the first page waits for it.
            compile_counting(table)
        run_pipeline(table, None, 1, RunSettings(table.features, k=2, seed=0, recipe=Recipe()))
    except (DataError, SettingError, OSError):
        # A table that can't be segmented says so when someone runs it.
        _log.debug("The warm-up run was refused", exc_info=True)
