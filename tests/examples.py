"""How the examples of README.md and docs/ run: each page from top to bottom, in a folder with the tables that it names.

A block of Python is run; where ``<!-- output -->`` and a block of text follow, it must have printed that text. Of a
block for a shell, the lines that call custseg are run, and a block of YAML below ``<!-- file: name -->`` is written to
that file. What these cannot run, a server or a container, is checked by name in ``tests/test_documentation.py``.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sybil import Sybil
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.myst import CodeBlockParser

if TYPE_CHECKING:
    from sybil import Example

ROOT = Path(__file__).resolve().parents[1]
OUTPUT = "<!-- output -->"
_FILE = re.compile(r"<!-- file: ([a-z.]+) -->$")
# What became of the output of the last block, and where the page runs, in the names that its blocks share.
_PRINTED, _PLACES = "_printed", "_places"
_python = PythonEvaluator()


def commands(block: str) -> list[list[str]]:
    """Return the words of each line of a block for a shell; a line that ends with a backslash goes on."""
    lines = block.replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip() and not line.startswith("#")]


def _run_python(example: Example) -> None:
    with redirect_stdout(io.StringIO()) as printed:
        _python(example)
    example.namespace[_PRINTED] = printed.getvalue()


def _run_commands(example: Example) -> None:
    # Imported for these alone: each run of pytest loads this file.
    from typer.testing import CliRunner

    from custseg.cli import make_app

    printed = ""
    for words in commands(example.parsed):
        if Path(words[0]).name == "custseg" and words[1] != "serve":
            done = CliRunner().invoke(make_app(), words[1:])
            assert done.exit_code == 0, f"{shlex.join(words)}: {done.output}{done.exception or ''}"
            printed += done.stdout
    example.namespace[_PRINTED] = printed


def _compare(example: Example) -> None:
    if _above(example).endswith(OUTPUT):
        assert _lines(example.namespace[_PRINTED]) == _lines(example.parsed)


def _write_file(example: Example) -> None:
    if named := _FILE.search(_above(example)):
        Path(named[1]).write_text(example.parsed, encoding="utf-8")


def _above(example: Example) -> str:
    return example.document.text[: example.start].rstrip()


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().splitlines()]


def _enter(namespace: dict[str, Any]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="custseg-page-"))
    namespace[_PLACES] = Path.cwd(), folder
    (folder / "data").symlink_to(ROOT / "data")
    _write_tables(folder)
    os.chdir(folder)


def _leave(namespace: dict[str, Any]) -> None:
    before, folder = namespace[_PLACES]
    os.chdir(before)
    shutil.rmtree(folder)


def _write_tables(folder: Path) -> None:
    """Write the tables of a reader: customers of three months, and purchases."""
    customers = pd.read_csv(ROOT / "data" / "wholesale_customers.csv")
    for name, left in (("customers", 0), ("2026-10", 0), ("2026-11", 10), ("2026-12", 20)):
        customers.iloc[left:].to_csv(folder / f"{name}.csv", index=False)
    random = np.random.default_rng(0)
    orders = pd.DataFrame(
        {
            "order": np.arange(1, 2001),
            "customer": random.integers(1, 301, 2000),
            "date": pd.Timestamp("2026-10-31") - pd.to_timedelta(random.integers(0, 365, 2000), unit="D"),
            "product": random.choice(["coffee", "tea", "cocoa"], 2000, p=[0.6, 0.3, 0.1]),
            "amount": random.lognormal(3, 1, 2000).round(2),
        }
    )
    orders.to_csv(folder / "orders.csv", index=False)


pytest_collect_file = Sybil(
    parsers=[
        CodeBlockParser("python", _run_python),
        CodeBlockParser("bash", _run_commands),
        CodeBlockParser("text", _compare),
        CodeBlockParser("yaml", _write_file),
    ],
    path=str(ROOT),
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=_enter,
    teardown=_leave,
).pytest()
