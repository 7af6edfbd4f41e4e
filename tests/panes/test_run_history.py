"""The runs of a session and customers over time, where no browser is needed to see them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import panel as pn
import param
import pytest

from custseg import Recipe, SegmentationModel
from custseg.panes import Controls, CustomerMigration, RunHistoryView
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.panes.charts.flows import FlowNode, Flows, draw_sankey, matrix_html
from custseg.panes.parts.run_history import preparation_in_short
from custseg.session.run_history import MOST_RUNS
from dashboard.followup_upload import Later

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def twice(model: SegmentationModel) -> SegmentationModel:
    model.k = 5
    model.run_clustering()
    return model


def shown_text(view: pn.viewable.Viewer) -> str:
    """Return the HTML of what is visible."""
    return _text(view.__panel__())


def _text(part: pn.viewable.Viewable) -> str:
    if not part.visible:
        return ""
    if isinstance(part, pn.pane.HTML):
        return str(part.object)
    return "".join(_text(one) for one in part.objects) if isinstance(part, pn.layout.ListLike) else ""


def visible(view: RunHistoryView | Controls | Later, part: str) -> bool:
    """Whether a part is visible: asked anew each time, as it changes on its own."""
    return bool(getattr(view, part).visible)


def figures(view: pn.viewable.Viewer) -> list[pn.viewable.Viewable]:
    return [one for one in view.__panel__().select(pn.pane.Bokeh) if one.visible]


def test_the_runs_are_listed_the_newest_first_and_the_shown_one_is_marked(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    twice.seed = None
    twice.run_clustering()
    twice.return_to(2)
    table = history._table.value
    assert list(table["run_number"]) == [3, 2, 1]
    assert list(table["run_shown"]) == ["", "shown", ""]
    assert list(table["run_k"]) == [5, 5, 4]
    assert list(table["run_seed"]) == ["random", "42", "42"]
    assert table["run_features"][0] == "6: Fresh, Milk, Grocery, Frozen, Detergents_Paper, Delicassen"
    assert twice.profile is not None
    assert table["run_silhouette"][1] == twice.profile.silhouette


def test_the_table_of_runs_is_the_same_table_after_a_run(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    table, compared = history._table, history._compared.layout
    twice.run_clustering()
    assert history._table is table
    assert not compared.visible
    assert twice.compared is None


def test_before_the_first_run_and_with_one_the_page_says_what_comes(model: SegmentationModel) -> None:
    assert "No run yet" in shown_text(RunHistoryView(SegmentationModel(model.table)))
    history = RunHistoryView(model)
    assert "A second run is needed to compare" in shown_text(history)
    assert not visible(history, "_pair")
    model.run_clustering()
    assert "second run" not in shown_text(history)
    assert visible(history, "_pair")
    model.k = 2
    for _ in range(MOST_RUNS):
        model.run_clustering()
    assert f"The last {MOST_RUNS} runs are kept" in shown_text(history)


def test_one_click_returns_to_a_run(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    twice.run_clustering()
    assert history._return.value == 2
    history._pick(type("Click", (), {"column": "run_return", "row": 2})())
    assert twice.outcome is twice.history[0]
    assert twice.k == 4
    history._pick(type("Click", (), {"column": "run_k", "row": 0})())
    assert twice.outcome is twice.history[0]


def test_two_runs_are_compared_in_names_and_colours(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    assert (history._before.value, history._after.value) == (1, 2)
    found = twice.compare_runs(1, 2)
    text = shown_text(history)
    assert found.sentence in text
    assert "Number of segments: 4 before, 5 after." in text
    after = twice.history[1]
    for number, slot in enumerate(after.slots, start=1):
        dot = f'<th scope="col"><span class="dot" style="background:{SEGMENT_COLOURS[slot]}"></span> {number} '
        assert dot in text
    # Nobody is in none.
    assert "In none" not in text
    assert len(figures(history)) == 1
    twice.rename(1, HOSTILE)
    assert "&lt;img src=x" in shown_text(history)
    assert HOSTILE not in shown_text(history)


def test_a_comparison_goes_when_a_run_of_it_is_not_kept_any_more(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    twice.compare_runs(1, 2)
    twice.k = 2
    for _ in range(MOST_RUNS - 1):
        assert history._compared.layout.visible
        twice.run_clustering()
    assert not history._compared.layout.visible


def test_other_customers_have_no_runs_and_no_comparison(twice: SegmentationModel, frame: pd.DataFrame) -> None:
    history, controls = RunHistoryView(twice), Controls(twice)
    twice.compare_runs(1, 2)
    twice.load(frame.head(100))
    assert "No run yet" in shown_text(history)
    assert not history._compared.layout.visible
    assert not visible(controls, "_undo")


def test_what_cannot_be_returned_to_is_said_in_a_sentence(twice: SegmentationModel) -> None:
    history = RunHistoryView(twice)
    history._try(lambda: twice.return_to(9))
    assert "There is no run “9”. Choose from 1, 2." in shown_text(history)
    history._try(lambda: twice.return_to(1))
    assert "There is no run" not in shown_text(history)


def test_the_last_run_can_be_undone_where_there_is_one_before_it(model: SegmentationModel) -> None:
    controls = Controls(model)
    assert not visible(controls, "_undo")
    model.k = 6
    model.run_clustering()
    assert visible(controls, "_undo")
    assert not visible(controls, "_earlier")
    controls._undo.clicks += 1
    assert model.k == 4
    assert not visible(controls, "_undo")
    assert "Run 1 is shown; the newest is run 2." in controls._earlier.object
    # A copy shows a result, but has no runs.
    assert not Controls(model.copy())._undo.visible


def test_customers_are_followed_in_words_table_and_spend(model: SegmentationModel, frame: pd.DataFrame) -> None:
    over_time = CustomerMigration(model)
    assert "<code>model.follow(table)</code>" in shown_text(over_time)
    later = frame.iloc[10:].copy()
    later["Milk"] *= 4
    found = model.follow(later)
    text = shown_text(over_time)
    assert found.sentence in text
    assert found.warnings
    assert "<li>Milk has shifted a lot" in text
    assert '<span class="word large">very different</span>' in text
    assert "No longer there" in text
    assert "Not there before" not in text
    over_time._amounts.value = "Spend before"
    assert found.spend_before is not None
    assert f"{found.spend_before.max():,.0f}</td>" in shown_text(over_time)
    model.run_clustering()
    assert found.sentence not in shown_text(over_time)
    assert figures(over_time) == []


def test_nothing_of_a_hostile_table_is_markup() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"id": [f"{HOSTILE}{row}" for row in range(60)], HOSTILE: generator.normal(0, 1, 60), "$$b$$": range(60)}
    )
    model = SegmentationModel(frame, k=3, seed=0)
    model.run_clustering()
    model.k = 2
    history, over_time = RunHistoryView(model), CustomerMigration(model)
    model.run_clustering()
    model.compare_runs(1, 2)
    model.follow(frame.assign(**{HOSTILE: frame[HOSTILE] + 9}))
    for view in (history, over_time):
        assert HOSTILE not in shown_text(view)
        for table in view.__panel__().select(pn.widgets.Tabulator):
            assert HOSTILE not in str(getattr(table, "titles", ""))
    assert history._table.formatters["run_features"] == {"type": "textarea"}


def test_negative_and_missing_flows_are_no_hindrance() -> None:
    groups = [FlowNode("$$a$$ and a very long name indeed", "#0072B2", 1), FlowNode("In none", "#8A93A0")]
    flows = Flows(np.array([[-5.0, 0.0], [3.0, 0.0]]), groups, groups, ("before", "now"), "Spend now")
    figure = draw_sankey(flows)
    assert figure is not None
    texts = [text for one in figure.renderers for text in _texts(one)]
    assert texts
    assert all("$$" not in text for text in texts)
    assert ">-5.00</td>" in matrix_html(flows)
    assert draw_sankey(Flows(np.zeros((2, 2)), groups, groups, ("before", "now"))) is None


def _texts(renderer: object) -> list[str]:
    source = getattr(renderer, "data_source", None)
    return list(source.data.get("text", [])) if source is not None else []


def test_preparation_is_said_in_short() -> None:
    assert preparation_in_short(Recipe()) == "standardised"
    assert preparation_in_short(Recipe(scaling="none", log="skewed", missing="drop")) == (
        "not scaled, log of skewed, incomplete left out"
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
        assert visible(later, "_again")
        assert later._again.label == "Follow the customers into “later.csv” again"
        frame.drop(columns=["Milk"]).to_csv(path, index=False)
        await later._read(path)
        assert "no column called “Milk”" in shown_text(later)
        model.load(frame.head(50))
        assert not visible(later, "_again")
        assert later.upload.param["path"].owner.path is None
        later.upload.discard()

    asyncio.run(scenario())
