"""The picture of customers who are too many to draw each: how densely they lie, by segment."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bokeh.document import Document
from bokeh.events import RangesUpdate
from PIL import Image

from custseg import Recipe, SegmentationModel
from custseg.panes import Scatter
from custseg.panes.base.style import APART_COLOUR, SEGMENT_COLOURS, UNASSIGNED_COLOUR
from custseg.panes.charts.density import ALL, Density, image_columns
from custseg.tables.placed import Grid
from tests.panes.hands import draw_shape, figures_of, source_of, tap

MOST = 300


def many(**settings: Any) -> SegmentationModel:
    generator = np.random.default_rng(0)
    groups = np.repeat([[1, 1], [6, 6], [1, 6]], 300, axis=0)
    frame = pd.DataFrame(generator.normal(size=(900, 2)) * 0.4 + groups, columns=["a", "b"]).abs()
    frame.loc[900] = [30.0, 30.0]
    return SegmentationModel(frame, k=3, seed=0, **settings)


def figure_of(scatter: Scatter) -> Any:
    (figure,) = figures_of(scatter)
    return figure


def look_at(scatter: Scatter, x: tuple[float, float], y: tuple[float, float]) -> None:
    """Zoom, as a browser reports it."""
    figure, document = figure_of(scatter), Document()
    document.add_root(figure)
    try:
        document.callbacks.trigger_event(RangesUpdate(figure, x0=x[0], x1=x[1], y0=y[0], y1=y[1]))
    finally:
        document.remove_root(figure)


def images_of(scatter: Scatter) -> dict[str, np.ndarray]:
    """Return the images, the lowest row first, by the segment that they show."""
    columns = source_of(figure_of(scatter), "density").data
    return {number: pixels(url) for number, url in zip(columns["number"], columns["url"], strict=True)}


def pixels(url: str) -> np.ndarray:
    content = base64.b64decode(url.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGBA"))[::-1]


def colours_in(image: np.ndarray) -> set[str]:
    seen = np.unique(image[image[..., 3] > 0][:, :3], axis=0)
    return {"#" + "".join(f"{channel:02X}" for channel in colour) for colour in seen.tolist()}


def in_colour(image: np.ndarray, colour: str) -> np.ndarray:
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    return np.asarray((image[..., :3] == channels).all(axis=2) & (image[..., 3] > 0))


def named(scatter: Scatter) -> set[str]:
    return set(source_of(figure_of(scatter), "customers").data["customer"])


def test_before_a_run_all_are_grey_and_after_it_in_the_colours_of_their_segments() -> None:
    model = many(recipe=Recipe(exceptional=8))
    scatter = Scatter(model, most_points=MOST)
    before = images_of(scatter)
    assert colours_in(before[ALL]) == {UNASSIGNED_COLOUR}
    model.run_clustering()
    after = images_of(scatter)
    assert list(after) == [ALL, "1", "2", "3"]
    # These groups lie apart, so that no two colours mix.
    assert colours_in(after[ALL]) == {*SEGMENT_COLOURS[:3], APART_COLOUR.upper()}
    for number, colour in zip("123", SEGMENT_COLOURS, strict=False):
        assert colours_in(after[number]) == {colour}
        assert np.count_nonzero(after[number][..., 3]) == np.count_nonzero(in_colour(after[ALL], colour))
    assert "The stronger the colour, the more of 901 customers lie there." in scatter.state().text


def test_up_to_the_limit_each_customer_is_a_point_and_another_table_is_drawn_as_it_needs() -> None:
    model = many()
    scatter = Scatter(model, most_points=901)
    assert source_of(figure_of(scatter), "density") is None
    assert len(named(scatter)) == 901
    generator = np.random.default_rng(1)
    model.load(pd.DataFrame(generator.lognormal(size=(902, 2)), columns=["a", "b"]))
    assert images_of(scatter)[ALL][..., 3].any()
    model.load(pd.DataFrame(generator.lognormal(size=(10, 2)), columns=["a", "b"]))
    assert len(named(scatter)) == 10


def test_who_is_zoomed_to_is_counted_anew_and_can_be_named() -> None:
    model = many()
    model.run_clustering()
    model.log_scale = False
    scatter = Scatter(model, most_points=MOST)
    # Nobody lies alone in a place without a name.
    assert "901" in named(scatter)
    look_at(scatter, (5.9, 6.1), (5.9, 6.1))
    values = model.table.matrix(["a", "b"])
    inside = np.flatnonzero(((values > 5.9) & (values < 6.1)).all(axis=1))
    assert named(scatter) == {str(row + 1) for row in inside}
    columns = source_of(figure_of(scatter), "density").data
    assert (columns["x"][0], columns["w"][0]) == pytest.approx((5.9, 0.2))
    # A run keeps what somebody has zoomed to, other axes don't.
    model.run_clustering()
    assert named(scatter) == {str(row + 1) for row in inside}
    model.picture = "principal"
    assert "901" in named(scatter)


def test_dots_are_as_strong_as_customers_are_many_and_one_alone_is_seen() -> None:
    counts = np.zeros((40, 60, 2), dtype=np.uint32)
    counts[5, 5, 0], counts[20, 30, 1], counts[30, 50, 1] = 1, 900, 30_000
    (url,) = image_columns(Density(Grid((0, 1), (0, 1), 60, 40), counts), ["#102030", "#405060"], [])["url"]
    opacity = pixels(url)[..., 3]
    assert 90 < opacity[5, 5] < opacity[20, 30] < opacity[30, 50] == 255
    # A dot of three pixels.
    assert (opacity[4:7, 5] > 0).all()
    assert np.count_nonzero(opacity) < 30


def test_colours_mix_by_how_many_are_of_each() -> None:
    counts = np.zeros((9, 9, 2), dtype=np.uint32)
    counts[4, 4] = 3, 1
    columns = image_columns(Density(Grid((0, 1), (0, 1), 9, 9), counts), ["#000000", "#C8C8C8"], ["1"])
    assert pixels(columns["url"][0])[4, 4, :3].tolist() == [50, 50, 50]
    assert pixels(columns["url"][1])[4, 4, :3].tolist() == [200, 200, 200]


def test_those_selected_stand_out_and_the_others_fade() -> None:
    model = many()
    model.run_clustering()
    model.log_scale = False
    scatter = Scatter(model, most_points=MOST)
    look_at(scatter, (0, 8), (0, 8))
    draw_shape(figure_of(scatter), type="rect", x0=4, x1=8, y0=4, y1=8)
    assert model.selected is not None
    assert len(model.selected) == 300
    opacity = images_of(scatter)[ALL][..., 3]
    height, width = opacity.shape
    bright, faint = opacity[height // 2 :, width // 2 :], opacity[: height // 2, : width // 2]
    assert bright.max() == 255
    assert 0 < faint.max() < 50
    model.clear_selection()
    assert images_of(scatter)[ALL][: height // 2, : width // 2, 3].max() > 90


def test_those_on_a_border_stand_out_and_are_counted() -> None:
    generator = np.random.default_rng(0)
    model = SegmentationModel(pd.DataFrame(generator.normal(9, 1, (900, 2)), columns=["a", "b"]), k=3, seed=0)
    model.run_clustering()
    scatter = Scatter(model, most_points=MOST)
    certainty = model.run_assessment()
    assert certainty is not None
    assert certainty.borderline
    before = images_of(scatter)[ALL][..., 3]
    scatter.borderline = True
    after = images_of(scatter)[ALL][..., 3]
    assert f"{certainty.borderline} customers, is nearly" in scatter.state().text
    assert np.count_nonzero(after > 90) < np.count_nonzero(before > 90)
    assert np.count_nonzero(after) == np.count_nonzero(before)


def test_a_tap_looks_at_the_customer_that_is_there() -> None:
    model = many()
    scatter = Scatter(model, most_points=MOST)
    customers = source_of(figure_of(scatter), "customers").data["customer"]
    tap(figure_of(scatter), 3)
    assert model.focused_customer == customers[3]


def test_who_has_no_value_is_said() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.lognormal(size=(500, 2)), columns=["a", "b"])
    frame.iloc[:7, 1] = np.nan
    assert "Not drawn: 7 customers without a value" in Scatter(SegmentationModel(frame), most_points=MOST).state().text


def test_a_still_picture_of_very_many_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Scatter, "most_points", MOST)
    model = many()
    model.run_clustering()
    scatter = Scatter(model, static=True)
    assert named(scatter) == set()
    assert images_of(scatter)[ALL][..., 3].any()
