"""The second opinion on the page, where no browser is needed to see it."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd
import pytest

from custseg import Recipe, SegmentationModel
from custseg.panes import PreparationSteps, SecondOpinionPart
from tests.panes.hands import markup_of, press, widget
from tests.session.waiting import change_of

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def long_groups() -> SegmentationModel:
    generator = np.random.default_rng(1)
    truth = np.repeat([0, 1], 200)
    along, across = generator.normal(0, 6, 400), generator.normal(truth * 6.0, 1)
    customers = [f"{HOSTILE}{row}" for row in range(400)]
    return SegmentationModel(
        pd.DataFrame({"customer": customers, "visits": along + across, "spend": along - across}), k=2, seed=0
    )


def test_before_the_first_run_it_says_what_to_do(long_groups: SegmentationModel) -> None:
    view = SecondOpinionPart(long_groups)
    assert "Run the clustering first." in view.state().text
    assert not view.state().controls["Ask for a second opinion"].enabled


def test_it_is_asked_for_by_a_button_and_answered_with_who_would_be_elsewhere(long_groups: SegmentationModel) -> None:
    view = SecondOpinionPart(long_groups)
    long_groups.run_clustering()
    assert "Ask a Gaussian mixture whether groups that are long" in view.state().text
    asyncio.run(change_of(long_groups.opinions, "opinion", lambda: press(view, "Ask for a second opinion")))
    opinion, words = long_groups.second_opinion, long_groups.words
    assert opinion is not None
    assert words is not None
    assert opinion.reason in view.state().text
    who, criteria = view.state().tables
    assert len(who.rows) == opinion.elsewhere_count > 0
    first = opinion.elsewhere.iloc[0]
    assert who.rows[0]["customer"] == first["customer"]
    assert who.rows[0]["other"] == f"{first['other']} {words.names[first['other'] - 1]}"
    assert len(criteria.rows) == len(opinion.table)
    assert HOSTILE not in markup_of(view)
    long_groups.rename(first["other"], "Another name")
    assert view.state().tables[0].rows[0]["other"] == f"{first['other']} Another name"
    long_groups.run_clustering()
    assert view.state().tables == ()


def test_the_groups_are_used_by_a_button_which_runs_them(long_groups: SegmentationModel) -> None:
    view, steps = SecondOpinionPart(long_groups), PreparationSteps(long_groups)
    long_groups.run_clustering()
    assert "Use these 2 groups" not in view.state().controls
    asyncio.run(change_of(long_groups.opinions, "opinion", lambda: press(view, "Ask for a second opinion")))
    asyncio.run(change_of(long_groups, "outcome", lambda: press(view, "Use these 2 groups")))
    result = long_groups.result
    assert result is not None
    assert result.mixture is not None
    assert "Ask a Gaussian mixture" in view.state().text
    assert steps.state().controls["Segments"].value == "Of any shape (mixture)"
    widget(steps, "Segments").value = "Round (K-Means)"
    assert (long_groups.recipe, long_groups.stale) == (Recipe(), True)
