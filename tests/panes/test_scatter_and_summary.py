"""What panes make of numbers, where no browser is needed to see it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import panel as pn
import pytest
from bokeh.models import ColumnDataSource

from custseg import Recipe, SegmentationModel
from custseg.panes import Advising, Controls, Downloads, Explorer, Preparing, Scatter, Trust
from custseg.panes.base.style import plain_label
from dashboard.data_picker import Intake


@pytest.mark.parametrize(
    ("typical", "form"), [(12_345.0, "0,0"), (99.0, "0,0.00"), (1.5, "0,0.00"), (0.004, "0,0.00000"), (0.0, "0,0.00")]
)
def test_averages_in_the_table_have_digits_that_say_something(typical: float, form: str) -> None:
    customers = pd.DataFrame({"rate": [typical * part for part in (0.5, 1.0, 1.5, 1.0)], "other": [1.0, 2, 3, 5]})
    shown = SegmentationModel(customers, k=2).summary.__panel__().select(pn.widgets.Tabulator)[0]
    field = next(field for field, title in shown.titles.items() if title == ("rate" if typical else "other"))
    assert shown.formatters[field].format == form


def test_all_panes_are_made_without_a_warning(model: SegmentationModel) -> None:
    # Warnings are errors here; a server would only swallow those of what Panel is about to drop.
    model.run_assessment()
    for view in (Explorer(model), Downloads(model), Intake(model)):
        assert view.__panel__().get_root() is not None


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
    span = scatter._picture.figure.x_range
    span.update(start=-0.1, end=0.1)
    model.run_assessment()
    assert (span.start, span.end) == (-0.1, 0.1)


def test_a_report_without_customers_has_a_plane_that_can_be_read() -> None:
    model = plane_model()
    model.param.update(k=2, picture="discriminant")
    model.run_clustering()
    figure = Scatter(model, points=False, static=True)._picture.figure
    spans = [one.end - one.start for one in (figure.x_range, figure.y_range)]
    assert min(spans) > 0.01 * max(spans)


def test_a_report_without_customers_has_no_bar_for_each_of_them() -> None:
    model = plane_model()
    model.run_assessment()
    root = Trust(model, static=True, customers=False).__panel__().get_root()
    assert not [one for one in root.references() if isinstance(one, ColumnDataSource)]


def test_chosen_numbers_stay_as_they_were_chosen() -> None:
    model = plane_model()
    advising = Advising(model)
    model.param.update(ks=[3, 5, 7], smallest_share=0.1)
    assert (model.ks, model.smallest_share) == ([3, 5, 7], 0.1)
    advising._to.value = 5
    assert model.ks == [3, 4, 5]


def test_what_a_picture_hides_is_not_offered_once_it_cannot_be_shown() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(200, 3)), columns=["width", "depth", "height"])
    frame["height"] += np.repeat([0, 30], 100)
    model = SegmentationModel(frame, k=2, seed=0, recipe=Recipe(scaling="none"))
    scatter = model.scatter
    model.run_clustering()
    assert (scatter._reveal.visible, scatter._reveal.label) == (True, "Show height")
    model.load(model.table.change(roles={"height": "ignored"}))
    assert not scatter._reveal.visible


def test_two_features_can_be_chosen_for_as_long_as_two_features_show() -> None:
    model = SegmentationModel(pd.DataFrame({"a": [1.0, 2, 9, 9], "b": [1.0, 5, 2, 8]}), k=2, picture="principal")
    select = Controls(model)._axes["x"]
    disabled = [select.disabled]
    for features in (["a", "b"], ["a"]):
        model.features = features
        model.run_clustering()
        disabled.append(select.disabled)
    assert disabled == [False, True, False]


def test_the_logarithm_is_recommended_until_it_is_chosen(model: SegmentationModel) -> None:
    text = Preparing(model).__panel__()[-1]
    assert "Recommended: the logarithm of Fresh, Milk" in text.object
    model.recipe = Recipe(log=("Fresh",))
    assert "Recommended: the logarithm of Milk" in text.object
    model.recipe = Recipe(log="skewed")
    assert "Recommended" not in text.object
    assert "The logarithm of Fresh, Milk" in text.object
    model.recipe = Recipe()
    assert "Recommended: the logarithm of Fresh, Milk" in text.object


def test_rings_go_with_the_segment_that_is_hidden() -> None:
    model = SegmentationModel(pd.DataFrame(np.random.default_rng(0).normal(size=(200, 2)), columns=["a", "b"]), k=4)
    scatter = model.scatter
    model.run_clustering()
    model.run_assessment()
    scatter.borderline = True
    (points,) = [one for one in scatter._picture.figure.renderers if one.data_source is scatter._picture.customers]
    rings = [one for one in scatter._picture.figure.renderers if one.name == "rings"]
    assert rings
    assert all(ring.view.filter is points.view.filter for ring in rings)
    assert set(rings[0].data_source.data["number"]) <= {"1", "2", "3", "4"}
