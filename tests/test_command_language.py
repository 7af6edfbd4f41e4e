"""The command answers in the language that ``--language`` or the environment names; terms in JSON stay English."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

from custseg import Playbook
from custseg.cli import app
from custseg.cli.command import Language
from custseg.cli.ledger import ALARM
from custseg.cli.usage import FIXED, LOOKED_UP
from custseg.language import LANGUAGES
from custseg.settings import DEFAULT_K, DEFAULT_SEED

WHOLESALE = str(Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv")


def answer(*arguments: str, code: int = 0, **environment: str) -> str:
    result = CliRunner().invoke(app, arguments, env=environment)
    assert result.exit_code == code, result.output
    return result.output


def test_the_languages_that_can_be_asked_for_are_those_there_are() -> None:
    (codes, _) = get_args(get_args(Language)[0])
    assert set(get_args(codes)) == set(LANGUAGES)


@pytest.mark.parametrize("asked", [{"option": ("--language", "de")}, {"setting": "de"}])
def test_segments_are_described_in_the_language_asked_for(asked: dict[str, str | tuple[str, ...]]) -> None:
    said = answer(WHOLESALE, "-k", "3", *asked.get("option", ()), CUSTSEG_LANGUAGE=str(asked.get("setting", "")))
    assert "der Ausgaben" in said
    assert "of the spend" not in said


def test_what_a_file_means_is_told_in_the_language_and_found_by_the_same_terms() -> None:
    said = answer("segment", WHOLESALE, "--understand", "--language", "fr")
    assert "Chaque ligne est" in said
    told = json.loads(answer("segment", WHOLESALE, "--understand", "--json", "--language", "fr"))
    assert "Each row is" in told["facts"]
    assert told["rows"] == "customers"


def test_a_refusal_is_in_the_language_too() -> None:
    assert "Es gibt keine Datei „nothing.csv“" in answer("segment", "nothing.csv", "--language", "de", code=1)
    answer("segment", WHOLESALE, "--language", "xx", code=2)


_COMMANDS = [
    [], ["segment"], ["advise"], ["report"], ["score"], ["verify"], ["serve"], ["ledger"], ["ledger", "add"],
    ["ledger", "show"], ["ledger", "name"], ["ledger", "note"],
]  # fmt: skip
_ENGLISH = re.compile(r"\b(?:the|of|and|is|are|with|for|this|which|from|by|file|write)\b")
# What is typed as it stands: commands, options, kinds of values and names of files; and names of columns in files.
_TYPED = re.compile(
    r"`[^`]*`|“[^”]*”|„[^“]*“|<[^>]*>|--?[\w-]+|[\w./-]+\.(?:csv|parquet|html|json|duckdb|gz)\S*|^ +custseg .*$"
    r"|share\s+of\s+\w+|rule\s+right\s+at\s+least|panel\s+serve",
    re.MULTILINE,
)


@pytest.mark.parametrize("command", _COMMANDS, ids=" ".join)
def test_the_help_of_each_command_is_german(command: list[str]) -> None:
    said = answer(*command, "--help", CUSTSEG_LANGUAGE="de")
    assert said.startswith("Aufruf: ")
    assert "Optionen:" in said
    assert [line for line in _TYPED.sub("", said).splitlines() if _ENGLISH.search(line)] == []


def test_the_language_asked_for_is_that_of_the_help() -> None:
    assert answer("advise", "--help", "--language", "fr").startswith("Usage\u00a0: ")
    assert "Vorgabe: 42" in answer("advise", "--help", "--language=de")
    assert "default: 42" in answer("advise", "--help")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["segmnt"], "Es gibt keinen Befehl und keine Datei namens „segmnt“. Meinten Sie „segment“?"),
        (["segment"], "CUSTOMERS fehlt."),
        (["segment", "a.csv", "--xyzzy"], "Es gibt keine Option „--xyzzy“."),
        (["segment", "a.csv", "-k"], "-k braucht einen Wert dahinter."),
        (["segment", "a.csv", "-k", "four"], "-k ist eine ganze Zahl, aber es kam „four“."),
        (["segment", "a.csv", "--trim", "much"], "--trim ist eine Zahl, aber es kam „much“."),
        (["segment", "a.csv", "--language", "xx"], "--language ist eines von „en“, „de“, „fr“, aber es kam „xx“."),
        (["verify", "a.html", "b.csv", "c.csv"], "„c.csv“ ist mehr, als der Befehl nimmt."),
    ],
)
def test_wrong_use_is_refused_in_german(typed: list[str], told: str) -> None:
    assert f"Fehler: {told}" in answer(*typed, code=2, CUSTSEG_LANGUAGE="de")


def test_what_typer_looks_up_is_what_is_translated() -> None:
    source = "".join(path.read_text() for path in Path(typer.core.__file__).parent.glob("*.py"))
    assert [text for text in LOOKED_UP if f'_("{text}")' not in source] == []
    asked = " ".join(answer("--help").split())
    assert [text for text in FIXED if text not in asked] == []


def test_the_help_names_the_bundled_playbooks_and_the_usual_numbers() -> None:
    said = " ".join(answer("segment", "--help").split())
    assert f"one of {', '.join(Playbook.names())}, or" in said
    said = " ".join(answer("ledger", "add", "--help").split())
    assert f"Default: {DEFAULT_K} at first" in said
    assert f"Default: {DEFAULT_SEED} at first" in said
    assert f"Exit code {ALARM}: " in said
