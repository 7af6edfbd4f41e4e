"""What the first visitor would else wait for: imports, compiled code, processes, done once in each process."""

from __future__ import annotations

import logging
from functools import cache
from threading import Thread
from time import sleep

from custseg import DataError, Recipe
from custseg.errors import SettingError
from custseg.narrative.table_opening import describe_table
from custseg.panes.charts.crowd import compile_counting
from custseg.session.run_result import run_pipeline
from custseg.session.run_settings import RunSettings
from dashboard.file_reader import shared_pool
from dashboard.served_session import served_session
from dashboard.server_settings import server_settings
from dashboard.source import read_source

_log = logging.getLogger("custseg")
_SECONDS_WITHOUT_VISITORS = 3.0
_REFUSALS = (DataError, SettingError, OSError)


def warm_up() -> None:
    """Import, compile and start what the first visitor would else wait for, once a process.

    It is done in the background. Where ``--warm`` asks for it, the first run is done at once, since a thread would
    import while the server starts; and no more, since the server may yet make other processes of itself.
    """
    context = served_session()
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


def read_table() -> None:
    """Read the table that most visitors come for, and prepare to draw it; what is wrong with it is told on the page."""
    try:
        _read_once()
    except _REFUSALS:
        _log.debug("The table could not be read ahead", exc_info=True)


def go_on_alone() -> None:
    """Warm up where nobody has come for a while: the first page would wait for it, and then starts it itself."""
    sleep(_SECONDS_WITHOUT_VISITORS)
    _in_the_background()


@cache
def _run_once() -> None:
    try:
        _read_once()
        table = read_source()
        run_pipeline(table, None, 1, RunSettings(table.features, k=2, seed=0, recipe=Recipe()))
    except _REFUSALS:
        # A table that can't be segmented says so when someone runs it.
        _log.debug("The warm-up run was refused", exc_info=True)


@cache
def _read_once() -> None:
    table = read_source()
    # It stays with the table.
    describe_table(table)
    if len(table) > server_settings().most_points:
        # The first page waits for it.
        compile_counting(table)
