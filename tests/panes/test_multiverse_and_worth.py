"""The parts on other settings and on worth: asked for by a button, told step by step, kept in the report."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd
import pytest

from custseg import SegmentationModel
from custseg.insight.other_settings import KINDS
from custseg.panes import OtherSettings, WorthPart, render_html
from custseg.panes.headings import HEADINGS
from tests.hostile import MARKUP
from tests.panes.hands import figures_of, markup_of, press, source_of, widget
from tests.session.waiting import change_of


@pytest.fixture
def customers() -> pd.DataFrame:
    generator = np.random.default_rng(2)
    group = np.arange(120) % 3
    values = 4 * group[:, None] + generator.normal(size=(120, 3))
    frame = pd.DataFrame(values, columns=["age", "visits", MARKUP[0]])
    return frame.assign(churn=np.where(generator.random(120) < group / 3 + 0.1, "yes", "no"))


@pytest.fixture
def model(customers: pd.DataFrame) -> SegmentationModel:
    model = SegmentationModel(customers, k=3, seed=1)
    model.run_clustering()
    return model


def test_other_settings_are_asked_for_by_a_button_and_answered_for_each_segment(model: SegmentationModel) -> None:
    view = OtherSettings(model)
    assert "Other choices would have been as good" in view.state().text
    asyncio.run(change_of(model.multiverse_search, "multiverse", lambda: press(view, "Try other settings")))
    found, shown = model.multiverse, view.state()
    assert found is not None
    for sentence in found.sentences:
        assert sentence.split(".")[0] in shown.text
    assert shown.controls.keys() & {"Try other settings", "Stop"} == set()
    (figure,) = figures_of(view)
    cells = source_of(figure, "settings").data
    assert len(cells["x"]) == found.jaccard.size
    assert "without visits" in cells["setting"]
    assert set(figure.xaxis[0].major_label_overrides.values()) <= set(KINDS.values())
    assert MARKUP[0] not in markup_of(view)


def test_the_map_follows_names_and_goes_with_the_result(model: SegmentationModel) -> None:
    view = OtherSettings(model)
    asyncio.run(change_of(model.multiverse_search, "multiverse", lambda: press(view, "Try other settings")))
    (figure,) = figures_of(view)
    model.rename(2, "Regulars")
    assert "2 Regulars" in figure.yaxis[0].major_label_overrides.values()
    assert "2 Regulars" in view.state().text
    model.run_clustering()
    assert view.state().figures == 0
    assert "Try other settings" in view.state().controls


def test_worth_is_shown_where_there_is_an_outcome_and_answered_in_a_sentence(model: SegmentationModel) -> None:
    view = WorthPart(model)
    assert widget(view, "By what became of customers").value == "churn"
    asyncio.run(change_of(model.worth_search, "worth", lambda: press(view, "Find out")))
    assert model.worth is not None
    assert model.worth.sentence in view.state().text
    assert "Random segments of the same sizes" in view.state().text


def test_worth_is_not_shown_without_an_outcome_or_a_result(customers: pd.DataFrame, model: SegmentationModel) -> None:
    without = SegmentationModel(customers.drop(columns="churn"), k=3, seed=1)
    without.run_clustering()
    before = SegmentationModel(customers, k=3, seed=1)
    assert [WorthPart(each).state().visible for each in (without, before, model)] == [False, False, True]


def test_the_report_holds_both_once_they_were_found(model: SegmentationModel) -> None:
    assert "Holds in " not in render_html(model, customers=True)
    for search, name, event in (
        (model.multiverse_search, "multiverse", "try_settings"),
        (model.worth_search, "worth", "weigh"),
    ):
        model.weighed_by = "churn"
        asyncio.run(change_of(search, name, lambda event=event: model.param.trigger(event)))  # type: ignore[misc]
    page = render_html(model, customers=True)
    assert f"<h2>{HEADINGS['other_settings']}</h2>" in page
    assert f"<h2>{HEADINGS['worth']}</h2>" in page
    assert "Holds in " in page
    assert "By what became of customers" not in page
