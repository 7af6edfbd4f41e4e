"""The runs of a session and customers over time, where no browser is needed to see them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import panel as pn
import param
import pytest

from custseg import Recipe, SegmentationModel
from custseg.panes import Controls, CustomerMigration, RunHistoryPart
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.panes.charts.flows import FlowNode, Flows, draw_sankey, matrix_html
from custseg.panes.parts.run_history import preparation_in_short
from custseg.session.run_history import MOST_RUNS
from dashboard.followup_upload import Later
from tests.panes.hands import click, file_of, markup_of, press, table_of, widget

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.panes.base.part import Part

HOSTILE = "<img src=x onerror=alert(1)>"
AGAIN = "Follow the customers into “later.csv” again"


@pytest.fixture
def twice(model: SegmentationModel) -> SegmentationModel:
    model.k = 5
    model.run_clustering()
    return model


def is_offered(view: Part, label: str) -> bool:
    """Whether a widget of that label can be seen."""
    return label in view.state().controls


def is_compared(view: Part) -> bool:
    """Whether what changed between two runs can be seen."""
    return "From run" in view.state().text


def test_the_runs_are_listed_the_newest_first_and_the_shown_one_is_marked(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    twice.seed = None
    twice.run_clustering()
    twice.return_to(2)
    table = table_of(history).value
    assert list(table["run_number"]) == [3, 2, 1]
    assert list(table["run_shown"]) == ["", "shown", ""]
    assert list(table["run_k"]) == [5, 5, 4]
    assert list(table["run_seed"]) == ["random", "42", "42"]
    assert table["run_features"][0] == "6: Fresh, Milk, Grocery, Frozen, Detergents and paper, Delicatessen"
    assert twice.profile is not None
    assert table["run_silhouette"][1] == twice.profile.silhouette


def test_the_table_of_runs_is_the_same_table_after_a_run(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    table = table_of(history)
    twice.run_clustering()
    assert table_of(history) is table


def test_before_the_first_run_and_with_one_the_page_says_what_comes(model: SegmentationModel) -> None:
    assert "No run yet" in RunHistoryPart(SegmentationModel(model.table)).state().text
    history = RunHistoryPart(model)
    assert "To compare two runs" in history.state().text
    assert not is_offered(history, "Compare")
    model.run_clustering()
    assert "To compare" not in history.state().text
    assert is_offered(history, "Compare")
    model.k = 2
    for _ in range(MOST_RUNS):
        model.run_clustering()
    assert f"Only the last {MOST_RUNS} runs are kept" in history.state().text


def test_one_click_returns_to_a_run(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    twice.run_clustering()
    click(history, 2, "run_return")
    assert twice.outcome is twice.history[0]
    assert twice.k == 4
    click(history, 0, "run_k")
    assert twice.outcome is twice.history[0]
    click(history, 1, "run_return")
    assert twice.k == 5


def test_two_runs_are_compared_in_names_and_colours(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    assert [widget(history, label).value for label in ("Compare run", "with run")] == [1, 2]
    press(history, "Compare")
    assert twice.compared is not None
    text = history.state().text
    assert twice.compared.sentence in text
    assert "Number of segments: 4 before, 5 after." in text
    after = twice.history[1]
    for number, slot in enumerate(after.slots, start=1):
        dot = f'<th scope="col"><span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span> {number} '
        assert dot in markup_of(history)
    # Nobody is in none.
    assert "In none" not in text
    assert history.state().figures == 1
    twice.rename(1, HOSTILE)
    assert HOSTILE in history.state().text
    assert HOSTILE not in markup_of(history)


def test_the_last_two_runs_are_compared_unless_others_were_chosen(twice: SegmentationModel) -> None:
    twice.k = 2
    twice.run_clustering()
    twice.compare_runs(1, 2)
    history = RunHistoryPart(twice)
    assert "From run 1 to run 2, " in history.state().text
    twice.run_clustering()
    assert "From run 3 to run 4, none of 440 customers changed segment." in history.state().text
    widget(history, "Compare run").value = 1
    press(history, "Compare")
    twice.rename(1, "Renamed")
    assert "From run 1 to run 4, " in history.state().text


def test_who_moved_between_two_runs_can_be_saved(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    comparison = twice.compared
    assert comparison is not None
    save: Any = history.__panel__().select(pn.widgets.FileDownload)[0]
    found = pd.read_csv(file_of(save))
    assert list(found) == ["customer", "from", "to", "why"]
    assert found["customer"].tolist() == comparison.moved_customers["customer"].tolist()
    assert set(found["why"]) == {"Number of segments: 4 before, 5 after."}


def test_other_customers_have_no_runs_and_no_comparison(twice: SegmentationModel, frame: pd.DataFrame) -> None:
    history, controls = RunHistoryPart(twice), Controls(twice)
    twice.compare_runs(1, 2)
    twice.load(frame.head(100))
    assert "No run yet" in history.state().text
    assert not is_compared(history)
    assert not is_offered(controls, "Undo last run")


def test_what_cannot_be_compared_is_said_in_a_sentence(twice: SegmentationModel) -> None:
    history = RunHistoryPart(twice)
    # As from a browser that hasn't heard yet that the run is gone.
    widget(history, "Compare run").param.update(options={"9": 9}, value=9)
    press(history, "Compare")
    assert "There is no run “9”. Choose from 1, 2." in history.state().text
    widget(history, "Compare run").param.update(options={"1": 1}, value=1)
    press(history, "Compare")
    assert "There is no run" not in history.state().text


def test_the_last_run_can_be_undone_where_there_is_one_before_it(model: SegmentationModel) -> None:
    controls = Controls(model)
    assert not is_offered(controls, "Undo last run")
    model.k = 6
    model.run_clustering()
    assert is_offered(controls, "Undo last run")
    assert "is shown" not in controls.state().text
    press(controls, "Undo last run")
    assert model.k == 4
    assert not is_offered(controls, "Undo last run")
    assert "Run 1 is shown; the newest is run 2." in controls.state().text
    # A copy shows a result, but has no runs.
    assert not is_offered(Controls(model.copy()), "Undo last run")


def test_customers_are_followed_in_words_table_and_spend(model: SegmentationModel, frame: pd.DataFrame) -> None:
    migration = CustomerMigration(model)
    assert "Call model.follow(table)" in migration.state().text
    later = frame.iloc[10:].copy()
    later["Milk"] *= 4
    found = model.follow(later)
    text = migration.state().text
    assert found.sentence in text
    assert found.warnings
    assert "Milk has shifted a lot" in text
    assert '<span class="word large">very different</span>' in markup_of(migration)
    assert "No longer there" in text
    assert "Not there before" not in text
    widget(migration, "Show").value = "Spend before"
    assert found.spend_before is not None
    assert f"{found.spend_before.max():,.0f}" in migration.state().text
    model.run_clustering()
    assert found.sentence not in migration.state().text
    assert migration.state().figures == 0


def test_nothing_of_a_hostile_table_is_markup() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"id": [f"{HOSTILE}{row}" for row in range(60)], HOSTILE: generator.normal(0, 1, 60), "$$b$$": range(60)}
    )
    model = SegmentationModel(frame, k=3, seed=0)
    model.run_clustering()
    model.k = 2
    history, migration = RunHistoryPart(model), CustomerMigration(model)
    model.run_clustering()
    model.compare_runs(1, 2)
    model.follow(frame.assign(**{HOSTILE: frame[HOSTILE] + 9}))
    for view in (history, migration):
        assert HOSTILE not in markup_of(view)
        for table in view.__panel__().select(pn.widgets.Tabulator):
            assert HOSTILE not in str(getattr(table, "titles", ""))
    assert table_of(history).formatters["run_features"] == {"type": "textarea"}


def test_negative_and_missing_flows_are_no_hindrance() -> None:
    groups = [FlowNode("$$a$$ and a very long name indeed", "#0072B2", 1), FlowNode("In none", "#8A93A0")]
    flows = Flows(np.array([[-5.0, 0.0], [3.0, 0.0]]), groups, groups, ("before", "now"), "Spend now")
    figure = draw_sankey(flows)
    assert figure is not None
    texts = [text for renderer in figure.renderers for text in _texts(renderer)]
    assert texts
    assert all("$$" not in text for text in texts)
    assert ">-5.00</td>" in matrix_html(flows)
    assert draw_sankey(Flows(np.zeros((2, 2)), groups, groups, ("before", "now"))) is None


def _texts(renderer: object) -> list[str]:
    source = getattr(renderer, "data_source", None)
    return list(source.data.get("text", [])) if source is not None else []


def test_preparation_is_said_in_short() -> None:
    assert preparation_in_short(Recipe()) == "standardised"
    assert preparation_in_short(Recipe(scaling="none", log="auto", missing="drop")) == (
        "not scaled, evened out, incomplete left out"
    )


def test_a_later_file_is_read_and_followed_or_refused_in_a_sentence(
    model: SegmentationModel, frame: pd.DataFrame, tmp_path: Path
) -> None:
    async def scenario() -> None:
        later = Later(model)
        path = tmp_path / "later.csv"
        frame.iloc[5:].to_csv(path, index=False)
        with param.discard_events(later.upload):
            later.upload.path = path
        await later._read(path)
        assert model.migration is not None
        assert model.migration.left == 5
        model.run_clustering()
        assert is_offered(later, AGAIN)
        frame.drop(columns=["Milk"]).to_csv(path, index=False)
        await later._read(path)
        assert "no column called “Milk”" in later.state().text
        model.load(frame.head(50))
        assert not is_offered(later, AGAIN)
        assert later.upload.param["path"].owner.path is None
        later.upload.discard()

    asyncio.run(scenario())
