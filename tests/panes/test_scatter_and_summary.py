"""What panes make of numbers, where no browser is needed to see it."""

from __future__ import annotations

import re
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from bokeh.models import ColumnDataSource

from custseg import Recipe, SegmentationModel
from custseg.export.csv import write_segments
from custseg.panes import CertaintyPart, Controls, Downloads, Explorer, HowManyAdvice, PreparationSteps, Scatter
from custseg.wording import number, plain_label
from dashboard.data_picker import Intake
from tests.panes.hands import figures_of, markup_of, table_of, widget, write


@pytest.mark.parametrize(
    ("typical", "averages"),
    [
        (12_345.0, {"6,173", "14,403"}), (99.0, {"49.50", "115.50"}), (1.5, {"0.75", "1.75"}),
        (0.004, {"0.00200", "0.00467"}),
    ],
)  # fmt: skip
def test_averages_in_the_table_have_digits_that_say_something(typical: float, averages: set[str]) -> None:
    customers = pd.DataFrame({"rate": [typical * part for part in (0.5, 1.0, 1.5, 1.0)], "other": [1.0, 9, 9, 9]})
    model = SegmentationModel(customers, features=["other"], k=2)
    model.run_clustering()
    assert set(table_of(model.summary).value["f0"]) == averages


def test_words_table_and_csv_say_the_same_numbers(model: SegmentationModel) -> None:
    # Segment 3 takes 34,708.5 of Milk on average, which Python and a browser round differently.
    assert model.words is not None
    stream = BytesIO()
    write_segments(model.bundle(), stream)
    written = pd.read_csv(BytesIO(stream.getvalue()))
    shown = table_of(model.summary).value
    for position, feature in enumerate(model.features):
        assert shown[f"f{position}"].tolist() == [number(value) for value in written[model.table.label(feature)]]
    assert shown["f1"].tolist()[2] == "34,709"
    assert shown["customers"].tolist() == [f"{value:,}" for value in written["customers"]]
    assert shown["name"].tolist() == written["name"].tolist()
    averages = [claim for claim in model.words.claims if claim.statistic == "mean"]
    assert averages
    for claim in averages:
        value = written[model.table.label(str(claim.feature))][claim.segment - 1]
        assert number(claim.value) == number(value)
        assert f": {number(value)} monetary units a year here" in claim.evidence


def test_how_to_change_a_name_is_said_where_a_run_tells_of_outcomes_too() -> None:
    customers = pd.DataFrame({"rate": [1000.0, 2000, 9000, 9100] * 9, "churn": ["no", "no", "yes", "no"] * 9})
    model = SegmentationModel(customers, k=2)
    summary = model.summary
    model.run_clustering()
    assert "o0" in table_of(summary).value
    assert "Click a name to change it." in markup_of(summary)


def test_averages_follow_a_table_of_the_same_columns() -> None:
    customers = pd.DataFrame({"rate": [1000.0, 2000, 9000, 9100]})
    model = SegmentationModel(customers, k=2)
    summary = model.summary
    model.run_clustering()
    model.load(customers / 1000)
    model.run_clustering()
    assert table_of(summary).value["f0"].tolist() == ["1.50", "9.05"]


def test_all_panes_are_made_without_a_warning(model: SegmentationModel) -> None:
    # Warnings are errors here; a server would only swallow those of what Panel is about to drop.
    model.run_assessment()
    for view in (Explorer(model), Downloads(model), Intake(model)):
        assert view.__panel__().get_root() is not None


# Panel 1.9.4 on pandas 3.1, where it takes cells from a browser.
@pytest.mark.filterwarnings("ignore:The 'mode.chained_assignment' option is deprecated")
def test_a_name_stays_where_it_becomes_known_how_sure_a_result_is_while_it_is_written(model: SegmentationModel) -> None:
    write(model.summary, 1, "name", "To be won back", meanwhile=model.run_assessment)
    assert model.words is not None
    assert model.words.names[1] == "To be won back"


def test_a_name_that_was_left_as_it_was_is_none_of_a_person(model: SegmentationModel) -> None:
    customers = pd.DataFrame({"a long name " * 6: [1.0, 2, 9, 9.5], "another long name " * 5: [3.0, 1, 8, 9]})
    model.load(customers)
    model.k = 2
    model.run_clustering()
    write(model.summary, 0, "name", table_of(model.summary).value["name"].iloc[0])
    assert model.error is None
    assert not model.words_unsaved


@pytest.mark.parametrize("name", ["$$x$$", "$$$x$$$", r"\\[x\\]", r"a\\(x\\)b", "$$$$"])
def test_no_name_is_mathematics_to_bokeh(name: str) -> None:
    shown = plain_label(name)
    assert not re.search(r"\$\$|\\\\[\[\]()]", shown)
    assert shown.replace("\u200b", "") == name


def plane_model() -> SegmentationModel:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(90, 3)) + np.repeat([[0, 0, 0], [9, 0, 0], [0, 9, 0]], 30, axis=0)
    model = SegmentationModel(pd.DataFrame(values, columns=["a", "b", "c"]), k=3, seed=0, picture="principal")
    model.run_clustering()
    return model


def test_zoom_stays_when_it_is_known_how_sure_a_result_is() -> None:
    model = plane_model()
    scatter = model.scatter
    scatter.borderline = True
    (figure,) = figures_of(scatter)
    span = figure.x_range
    span.update(start=-0.1, end=0.1)
    model.run_assessment()
    assert (span.start, span.end) == (-0.1, 0.1)


def test_a_report_without_customers_has_a_plane_that_can_be_read() -> None:
    model = plane_model()
    model.param.update(k=2, picture="discriminant")
    model.run_clustering()
    (figure,) = figures_of(Scatter(model, points=False, static=True))
    spans = [span.end - span.start for span in (figure.x_range, figure.y_range)]
    assert min(spans) > 0.01 * max(spans)


def test_a_report_without_customers_has_no_bar_for_each_of_them() -> None:
    model = plane_model()
    model.run_assessment()
    root = CertaintyPart(model, static=True, customers=False).__panel__().get_root()
    assert not any(isinstance(part, ColumnDataSource) for part in root.references())


def test_chosen_numbers_stay_as_they_were_chosen() -> None:
    model = plane_model()
    advice = HowManyAdvice(model)
    model.param.update(ks=[3, 5, 7], smallest_share=0.1)
    assert (model.ks, model.smallest_share) == ([3, 5, 7], 0.1)
    widget(advice, "to").value = 5
    assert model.ks == [3, 4, 5]
    model.smallest_size = 750
    assert widget(advice, "or at least").value == 750
    widget(advice, "or at least").value = None
    assert model.param.values()["smallest_size"] is None
    assert model.smallest_share == 0.1


def test_what_a_picture_hides_is_not_offered_once_it_cannot_be_shown() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(200, 3)), columns=["width", "depth", "height"])
    frame["height"] += np.repeat([0, 30], 100)
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(scaling="none"), x="width", y="depth")
    scatter = model.scatter
    model.run_clustering()
    assert "Show height" in scatter.state().controls
    model.load(model.table.change(roles={"height": "ignored"}))
    assert "Show height" not in scatter.state().controls


def test_two_features_can_be_chosen_for_as_long_as_two_features_show() -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 2, 9, 9], "b": [1.0, 5, 2, 8]}), k=2, picture="principal")
    controls = Controls(model)
    enabled = [controls.state().controls["Across (x)"].enabled]
    for features in (["a", "b"], ["a"]):
        model.features = features
        model.run_clustering()
        enabled.append(controls.state().controls["Across (x)"].enabled)
    assert enabled == [True, False, True]


def test_evening_out_is_recommended_until_it_is_chosen(model: SegmentationModel) -> None:
    steps = PreparationSteps(model)
    assert "Skewed: Fresh, Milk" in steps.state().text
    model.recipe = Recipe(log=("Fresh",))
    assert "Skewed: Milk" in steps.state().text
    model.recipe = Recipe(log="auto")
    assert "Skewed:" not in steps.state().text
    assert "Fresh, Milk, Grocery, Frozen, Detergents and paper and Delicatessen are evened out." in steps.state().text
    model.recipe = Recipe()
    assert "Skewed: Fresh, Milk" in steps.state().text


def test_rings_are_round_borderline_customers_of_all_segments() -> None:
    model = SegmentationModel(pd.DataFrame(np.random.default_rng(0).normal(size=(200, 2)), columns=["a", "b"]), k=4)
    scatter = model.scatter
    model.run_clustering()
    model.run_assessment()
    scatter.borderline = True
    (figure,) = figures_of(scatter)
    rings = [renderer for renderer in figure.renderers if renderer.name == "rings"]
    assert rings
    assert model.certainty is not None
    assert len(rings[0].data_source.data["x"]) == len(model.certainty.borderline_customers)
