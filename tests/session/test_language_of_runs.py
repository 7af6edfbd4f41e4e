"""A session is told everything in its language, whoever computes it and whenever; two languages never share a run."""

from __future__ import annotations

import asyncio
import csv
from dataclasses import replace
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import pytest

from custseg import SegmentationModel, find_rules, segment
from custseg.export.formats import FORMATS
from custseg.language import current, spoken
from custseg.session.background import LatestTask, in_thread_of_its_own
from custseg.session.next_run import NextRun
from custseg.session.run_settings import RunSettings

if TYPE_CHECKING:
    from custseg import CustomerTable, Segmentation

# What segments are called, and what is said of them.
_WORDS = ("name", "segment_name", "sentence")
_SAID = {"en": "of the spend", "de": "der Ausgaben", "fr": "des dépenses"}


@pytest.mark.parametrize("code", list(_SAID))
def test_the_words_of_a_run_are_in_the_language_it_was_asked_for_in(table: CustomerTable, code: str) -> None:
    model = SegmentationModel(table, k=3, seed=0)
    with spoken(code):
        model.run_clustering()
    assert model.outcome is not None
    assert all(_SAID[code] in headline for headline in model.outcome.words.headlines)


@pytest.mark.parametrize("waits", [False, True])
def test_work_off_the_event_loop_speaks_the_language_of_who_asked(*, waits: bool) -> None:
    async def ask() -> str:
        with spoken("fr"):
            found = LatestTask(waits=waits).compute(lambda _: current())
            return await found

    assert asyncio.run(ask()) == "fr"
    with spoken("de"):
        found = in_thread_of_its_own(current)
    assert found.result() == "de"


def test_a_run_in_another_language_is_another_run(table: CustomerTable) -> None:
    settings = RunSettings(table.features, k=3, seed=0, recipe=SegmentationModel(table).recipe)
    with spoken("de"):
        german = NextRun(table, None, 1, settings)
    assert german.language == "de"
    assert german.brings_what(replace(german))
    assert not german.brings_what(NextRun(table, None, 1, settings))


def test_what_machines_read_is_the_same_in_every_language(table: CustomerTable) -> None:
    result = segment(table, k=3, seed=0)
    said = {}
    for code in _SAID:
        with spoken(code):
            rules = [
                [(one.feature, one.above, one.threshold) for one in rule.conditions]
                for rule in find_rules(result).rules
            ]
            files = [_file(result, name) for name in ("segments", "customers", "evidence")]
            said[code] = rules, result.to_document(["a", "b", "c"]).to_sql(dialect="duckdb", table="customers"), files
    assert said["de"] == said["en"]
    assert said["fr"] == said["en"]


def _file(result: Segmentation, name: str) -> list[dict[str, str]]:
    """Write a file of a result, and return its cells but for the names of segments and their words."""
    model = SegmentationModel(result.table, k=result.k, seed=0)
    model.run_clustering()
    stream = BytesIO()
    next(kind for kind in FORMATS if kind.name == name).write(model.bundle(), stream)
    rows = csv.DictReader(StringIO(stream.getvalue().decode("utf-8-sig")))
    return [{key: cell for key, cell in row.items() if key not in _WORDS} for row in rows]
