"""The command answers in the language that ``--language`` or the environment names; terms in JSON stay English."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from custseg.cli import app
from custseg.cli.command import Language
from custseg.language import LANGUAGES

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
