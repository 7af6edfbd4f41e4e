"""Find the interface text in the source: in Python, in the page's template and scripts, and in playbooks."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
# What marks a text, and which of its arguments the text is; “c” is the context.
_KEYWORDS: dict[str, Any] = {
    "say": None,
    "mark": None,
    "_": None,
    "told": None,
    "say_in": ((1, "c"), 2),
    "mark_in": ((1, "c"), 2),
    "say_many": (1, 2),
}
_METHODS = [
    ("dashboard/*.html", "jinja2.ext:babel_extract"),
    ("dashboard/*.js", "javascript"),
    ("custseg/panes/report/*.html", "jinja2.ext:babel_extract"),
    ("custseg/panes/explorer.js", "javascript"),
    ("custseg/narrative/playbooks/*.yaml", "translation.extraction:of_playbook"),
    ("custseg/**.py", "translation.extraction:of_python"),
    ("dashboard/*.py", "translation.extraction:of_python"),
]


def found_in_source() -> Catalog:
    """Return a template of a catalogue with every text that the source marks."""
    catalog = Catalog(project="custseg", charset="utf-8", copyright_holder="The custseg authors")
    found = extract_from_dir(ROOT, _METHODS, {"**": {"encoding": "utf-8"}}, keywords=_KEYWORDS)
    for name, _, message, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
        catalog.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def of_python(source: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:  # noqa: ARG001 - Babel calls it so
    """Find the texts of a Python file: calls with literal texts, and the nouns that ``count`` counts."""
    for node in ast.walk(ast.parse(source.read())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = [_literal(argument) for argument in node.args]
            if node.func.id in keywords and texts:
                needed = 2 if _KEYWORDS[node.func.id] else 1
                if all(texts[:needed]) and len(texts) >= needed:
                    yield node.lineno, node.func.id, tuple(texts[:needed]) if needed == 2 else texts[0], []
            elif node.func.id == "count" and len(texts) == 2 and texts[1]:
                yield node.lineno, "say_many", (f"{{quantity:,}} {texts[1]}", f"{{quantity:,}} {texts[1]}s"), []


def _literal(argument: ast.expr) -> str:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else ""


def of_playbook(source: Any, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:  # noqa: ARG001
    """Find the words of a playbook: what products, buyers and traits are called, and what is suggested."""
    book = yaml.safe_load(source.read())
    if not book or "title" not in book:
        return
    yield 1, "mark", book["title"], []
    for area in book["areas"]:
        yield 1, "mark", area if isinstance(area, str) else area["name"], []
    for product in book.get("products", ()):
        yield 1, "mark", product["word"], []
        yield 1, "mark", product["buyers"], []
    for trait in book.get("traits", ()):
        yield 1, "mark", trait["high"], []
        yield 1, "mark", trait["low"], []
    for suggestion in book["suggestions"]:
        yield 1, "mark", suggestion["suggest"], []
