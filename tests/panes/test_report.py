"""The report holds what every view shows of the result, as far as the session has found it out."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
import pytest

from custseg import SegmentationModel
from custseg.panes import Downloads, Explorer
from custseg.panes.base.made_files import DownloadRefusedError
from custseg.panes.base.shown import plain_text
from custseg.panes.snapshot import render_html
from tests.panes.hands import file_of, parts_of
from tests.session.waiting import change_of

if TYPE_CHECKING:
    from custseg.panes.base.part import Part

_SCRIPTS = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)
# What only somebody who can press something has a use for.
_ASKS = "Click a number in the chart"


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    generator = np.random.default_rng(11)
    group = generator.integers(3, size=150)
    values = group[:, None] * 3 + generator.normal(10, 1, size=(150, 3))
    left = np.where(generator.random(150) < np.array([0.1, 0.3, 0.7])[group], "yes", "no")
    who = [f"Customer-{row}" for row in range(150)]
    return pd.DataFrame(values, columns=["spend", "visits", "calls"]).assign(customer=who, churn=left)


@pytest.fixture(scope="module")
def looked_into(customers: pd.DataFrame) -> SegmentationModel:
    """Return a model with two runs, of which all was found out that there is a button for."""
    model = SegmentationModel(customers, k=3, seed=1, ks=[2, 3, 4], weighed_by="churn")
    model.run_clustering()
    model.k = 2
    model.run_clustering()
    model.run_assessment()
    model.follow(customers.iloc[10:].assign(spend=customers["spend"].iloc[::-1].to_numpy()[10:]))
    asked = (
        (model.search, "advice", "suggest"),
        (model.multiverse_search, "multiverse", "try_settings"),
        (model.opinions, "opinion", "ask_second_opinion"),
        (model.worth_search, "worth", "weigh"),
    )

    async def ask() -> None:
        for state, found, event in asked:
            await change_of(state, found, lambda event=event: model.param.trigger(event))  # type: ignore[misc]

    asyncio.run(ask())
    return model


def read(report: str) -> str:
    return plain_text(_SCRIPTS.sub(" ", report))


def sentences_of(part: Part) -> list[str]:
    return [line for line in part.state().text.splitlines() if _ASKS not in line]


def test_it_says_all_that_the_views_say_of_what_was_found_out(looked_into: SegmentationModel) -> None:
    parts, report = parts_of(Explorer(looked_into)), read(render_html(looked_into, customers=True))
    names = "verdict", "certainty", "how_many_advice", "other_settings", "second_opinion", "influence", "migration"
    for name in names:
        assert sentences_of(parts[name])
        assert [text for text in sentences_of(parts[name]) if text not in report] == [], name
    history = parts["run_history"].state()
    assert [text for text in history.text.splitlines() if text not in report] == []
    assert [row["run_number"] for row in history.tables[0].rows] == [2, 1]
    assert "Return" not in report
    assert looked_into.worth is not None
    assert looked_into.worth.sentence in report


def test_what_was_not_found_out_is_no_section(customers: pd.DataFrame) -> None:
    model = SegmentationModel(customers, k=3, seed=1)
    model.run_clustering()
    contents = re.findall(r'<section class="section" id="(\w+)"', render_html(model, customers=True))
    always = ["words", "scatter", "summary", "new_customer", "actions"]
    assert contents == [*always, "segment_charts", "about", "left_out", "reproduce"]
    contents = re.findall(r'<section class="section" id="(\w+)"', render_html(model))
    assert contents == [*always, "level_shares", "left_out", "reproduce"]
    contents = re.findall(r'<section class="section" id="(\w+)"', render_html(model_without_outcome(customers)))
    assert contents == [*always, "left_out", "reproduce"]


def model_without_outcome(customers: pd.DataFrame) -> SegmentationModel:
    model = SegmentationModel(customers.drop(columns="churn"), k=3, seed=1)
    model.run_clustering()
    return model


def test_advice_on_other_features_than_were_run_is_left_out(customers: pd.DataFrame) -> None:
    model = SegmentationModel(customers, k=3, seed=1, ks=[2, 3])
    model.run_clustering()
    model.features = ["spend", "visits"]
    asyncio.run(change_of(model.search, "advice", lambda: model.param.trigger("suggest")))
    assert model.advice is not None
    assert 'id="how_many_advice"' not in render_html(model, customers=True)


def test_without_customers_none_is_in_any_section(looked_into: SegmentationModel) -> None:
    assert "Customer-" in render_html(looked_into, customers=True)
    assert "Customer-" not in render_html(looked_into)


def test_why_a_report_without_customers_cannot_be_made_is_said_on_the_page() -> None:
    few = SegmentationModel(pd.DataFrame({"age": [20.0, 21, 60, 61, 22, 23, 64]}), k=2)
    few.run_clustering()
    buttons: list[Any] = Downloads(few).__panel__().select(pn.widgets.FileDownload)
    by_title = {button.label: button for button in buttons}
    with pytest.raises(DownloadRefusedError):
        file_of(by_title["Report to share (HTML)"])
    assert few.error is not None
    assert "no two segments of at least 5 customers" in few.error
    assert "save the report with customers" in few.error
    assert b"Single customers may be in this file" in file_of(by_title["Report with customers (HTML)"]).read()
