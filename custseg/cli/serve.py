"""``custseg serve``: the page, for a browser."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

from custseg import DataError
from custseg.cli.command import Command
from custseg.cli.telling import sentences
from custseg.language import mark, say

_DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"


def _serve(
    customers: Annotated[
        str | None,
        typer.Argument(metavar="[CUSTOMERS]", help=mark("What the page opens with, as CUSTSEG_SOURCE says it.")),
    ] = None,
    options: Annotated[
        list[str] | None,
        typer.Argument(metavar="[-- OPTIONS OF PANEL]", help=mark("Options of panel serve, after --.")),
    ] = None,
    *,
    port: Annotated[int, typer.Option(help=mark("The port that the page is at."))] = 5006,
    show: Annotated[bool, typer.Option("--show", help=mark("Open the page in a browser."))] = False,
) -> None:
    with sentences():
        app = _app()
    if customers:
        os.environ["CUSTSEG_SOURCE"] = customers
    setup = str(_DASHBOARD / "setup.py")
    further = [*(["--show"] if show else []), *(options or [])]
    sys.argv = ["panel", "serve", str(app), "--setup", setup, "--port", str(port), *further]
    # In this process, so that whoever ends it ends the server.
    runpy.run_module("panel", run_name="__main__", alter_sys=True)


def _app() -> Path:
    app = _DASHBOARD / "app.py"
    if app.is_file():
        return app
    msg = say(
        "The page is served from a copy of the repository, and there is none at {parent}.", parent=_DASHBOARD.parent
    )
    raise DataError(msg)


COMMAND = Command(
    "serve",
    mark(
        "Serve the page, for a browser. All else is set by the settings in the environment that README lists, such as "
        "CUSTSEG_ROWS."
    ),
    _serve,
    ("custseg serve --show", "custseg serve customers.csv --port 8080 -- --allow-websocket-origin shop.example.com"),
    speaks=False,
)
