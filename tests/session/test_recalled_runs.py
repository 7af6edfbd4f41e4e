"""What a run, or another session, found of a table is there at once for whoever asks for the same."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from custseg import Playbook, SegmentationModel, segment
from tests.session.waiting import all_runs_are_over, change_of, trigger

if TYPE_CHECKING:
    from custseg import CustomerTable, Segmentation


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """Return the seeds of the fits that are made from here on."""
    made: list[int | None] = []

    def counted(*table: CustomerTable, **how: Any) -> Segmentation:
        made.append(how["seed"])
        return segment(*table, **how)

    monkeypatch.setattr("custseg.session.findings.segment", counted)
    return made


def test_two_sessions_of_one_table_share_a_run_and_not_what_they_call_it(
    table: CustomerTable, fits: list[int | None]
) -> None:
    one, other = (SegmentationModel(table, k=4, seed=42) for _ in range(2))
    first, second = one.run_clustering(), other.run_clustering()
    assert fits == [42]
    np.testing.assert_array_equal(first.labels, second.labels)
    np.testing.assert_array_equal(first.centroids, second.centroids)
    one.rename(1, "Corner shops")
    assert one.words is not None
    assert one.words.names[0] == "Corner shops"
    assert other.words is not None
    assert other.words.names[0] != "Corner shops"
    assert other.profile is not None
    assert other.profile.segmentation is other.result


def test_the_same_settings_again_are_one_more_run(table: CustomerTable, fits: list[int | None]) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    seen: list[int] = []
    first = model.run_clustering()
    model.param.watch(lambda event: seen.append(event.new.number), "outcome")
    second = model.run_clustering()
    assert fits == [42]
    assert seen == [2]
    assert first is not second
    model.undo()
    assert model.result is first


def test_other_settings_and_random_starts_are_found_anew(table: CustomerTable, fits: list[int | None]) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    every: tuple[dict[str, Any], ...] = (
        {},
        {"k": 5},
        {"seed": None},
        {},
        {"seed": 42},
        {"features": ["Milk", "Fresh"]},
    )
    for settings in every:
        model.param.update(**settings)
        model.run_clustering()
    assert fits == [42, 42, None, None, 42]


def test_how_sure_segments_are_comes_with_a_run_where_that_is_known(table: CustomerTable) -> None:
    one, other = (SegmentationModel(table, k=4, seed=42) for _ in range(2))

    async def look() -> None:
        trigger(one)
        await all_runs_are_over()
        await change_of(other, "outcome", lambda: trigger(other))

    asyncio.run(look())
    assert not other.assessing
    assert one.certainty is not None
    assert other.certainty is not None
    assert other.certainty.segmentation is other.result
    np.testing.assert_array_equal(other.certainty.jaccard, one.certainty.jaccard)


def test_a_run_in_the_words_of_a_playbook_is_not_recalled_in_those_of_another(
    table: CustomerTable, fits: list[int | None]
) -> None:
    books = "bank", "retail", "bank", None
    models = [SegmentationModel(table, k=4, seed=42, playbook=Playbook.find(book) if book else None) for book in books]
    for model in models:
        model.run_clustering()
    assert fits == [42, 42, 42]
    titles = [model.words.plan.book for model in models if model.words is not None]
    assert titles[0] == titles[2] != titles[1]
