"""Each kind of component that can show what others wrote stands in docs/security.md, with how it is safe."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
# They hold other components, and show nothing themselves.
LAYOUTS = {"pn.Column", "pn.FlexBox", "pn.Row"}


def made(source: str) -> Iterator[str]:
    """Give what is made of Panel's components in code, as it is written there."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            name = ast.unparse(node.func)
            if re.fullmatch(r"pn\.(?:(?:pane|widgets|layout|indicators|chat)\.)?[A-Z]\w*", name):
                yield name
        elif isinstance(node, ast.ClassDef):
            yield from (base for base in map(ast.unparse, node.bases) if base.startswith(("pn.widgets.", "pn.pane.")))


def test_components_that_show_what_others_wrote_are_those_that_are_listed() -> None:
    files = [path for folder in ("custseg", "dashboard") for path in (ROOT / folder).rglob("*.py")]
    used = {name for path in files for name in made(path.read_text(encoding="utf-8"))} - LAYOUTS
    table = (ROOT / "docs" / "security.md").read_text(encoding="utf-8").partition("<!-- components -->")[2]
    listed = set(re.findall(r"`(pn\.[\w.]+)`", table.partition("\n\n")[0]))
    assert used == listed
