"""How Sphinx makes the site: from the pages here, the docstrings and the command itself. Nothing is fetched."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import param
import typer
from typer.cli import get_docs_for_click

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import custseg
from custseg.cli import make_app

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project, author, release = "custseg", "The custseg authors", custseg.__version__
extensions = ["myst_parser", "numpydoc"]
html_theme = "furo"
html_title = f"custseg {release}"
html_copy_source = False
# Options begin with two hyphens.
smartquotes = False
html_show_copyright = False

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
numpydoc_show_class_members = False
myst_heading_anchors = 3


def add_commands(_: Sphinx, name: str, source: list[str]) -> None:
    """Put what the help says of each command below the page about the command line."""
    if name != "command-line":
        return
    command = typer.main.get_command(make_app())
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="custseg", indent=1)
    # A backspace keeps the lines below it as they are. The list of commands cuts what the sections say off.
    text = re.sub(r"\x08\nExamples:\n((?:  .*\n)+)", r"**Examples**:\n\n```bash\n\1```\n", text)
    source[0] += re.sub(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+", "", text)


def add_parameters(_: Sphinx, __: str, ___: str, found: object, ____: object, lines: list[str]) -> None:
    """List what can be set, triggered and watched of the model of a session, with what each of them says."""
    if found is not custseg.SegmentationModel:
        return
    kinds: dict[str, list[str]] = {"Parameters to set": [], "Events to trigger": [], "Parameters to watch": []}
    to_set, to_trigger, to_watch = kinds.values()
    for name in custseg.SegmentationModel.param:
        one = custseg.SegmentationModel.param[name]
        if one.doc and name != "name":
            group = to_trigger if isinstance(one, param.Event) else to_watch if one.constant else to_set
            group.append(f"- **{name}**: {one.doc}")
    for title, told in kinds.items():
        lines += ["", f".. rubric:: {title}", "", *told] if told else []


def setup(app: Sphinx) -> None:
    """Connect both."""
    app.connect("source-read", add_commands)
    app.connect("autodoc-process-docstring", add_parameters)
