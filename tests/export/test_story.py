"""The presentation says what the words say, fits its slides, and computes or opens nothing that a table holds."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from PIL import ImageFont
from pptx import Presentation

from custseg import SegmentationModel
from custseg.export.slides import fitted
from custseg.export.story import write_story
from tests.hostile import hostile_playbook, hostile_table

if TYPE_CHECKING:
    from collections.abc import Iterator

DOTS = 72


def presentation(model: SegmentationModel) -> Any:
    stream = BytesIO()
    write_story(model.bundle(), stream)
    stream.seek(0)
    return Presentation(stream)


def model_of(frame: pd.DataFrame, k: int, **settings: Any) -> SegmentationModel:
    model = SegmentationModel(frame, k=k, seed=1, **settings)
    model.run_clustering()
    return model


def texts(slide: Any) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def charts(made: Any) -> Iterator[Any]:
    yield from (shape.chart for slide in made.slides for shape in slide.shapes if shape.has_chart)


def height(frame: Any, width: float) -> float:
    """Return how high text is by the widths of real letters, in inches."""
    total = 0.0
    for paragraph in frame.paragraphs:
        size = paragraph.font.size.pt
        font = ImageFont.load_default(size)
        rows, line = 1, ""
        for word in paragraph.text.split(" "):
            longer = f"{line} {word}".strip()
            if font.getlength(longer) > width * DOTS:
                rows += max(1, int(font.getlength(word) // (width * DOTS)) + bool(line)) if line else 0
                line = word
            else:
                line = longer
        total += rows * 1.2 * size + paragraph.space_after.pt
    return total / DOTS


def test_there_is_a_verdict_a_slide_for_each_segment_and_what_to_do(model: SegmentationModel) -> None:
    made = presentation(model)
    words = model.words
    assert words is not None
    titles = [slide.shapes.title.text for slide in made.slides]
    segments = [f"Segment {number}. {name}" for number, name in enumerate(words.names, start=1)]
    assert titles == [f"Customer segments: {model.table.title}", *segments, "What to do", "What this rests on"]
    for number, slide in enumerate(list(made.slides)[1:5], start=1):
        said = "\n".join(texts(slide))
        for line in (*words.facts[number - 1], words.conclusions[number - 1]):
            assert line in said
        for action in words.actions_for(number):
            assert action.text in said
            assert action.evidence in slide.notes_slide.notes_text_frame.text
    assert "4 segments of 4 to 317 customers." in "\n".join(texts(made.slides[0]))


def test_charts_are_native_and_hold_the_shares_of_the_profile(model: SegmentationModel) -> None:
    profile = model.profile
    assert profile is not None
    assert profile.spend_share is not None
    overview, *segments = charts(presentation(model))
    shares = [list(series.values) for series in overview.plots[0].series]
    np.testing.assert_allclose(shares, [profile.customer_share, profile.spend_share])
    for number, chart in enumerate(segments):
        (series,) = chart.plots[0].series
        np.testing.assert_allclose(list(series.values), profile.means[number] / profile.overall_means)


def test_what_no_share_of_an_average_says_has_no_chart() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"balance": generator.normal(0, 10, 60), "change": generator.normal(0, 5, 60)})
    made = presentation(model_of(frame, 2))
    assert len(list(charts(made))) == 1
    assert "60 customers" in "\n".join(texts(made.slides[-1]))


@pytest.mark.parametrize("kind", ["bundled", "hostile", "many"])
def test_every_shape_stays_within_its_slide_and_every_text_within_its_shape(kind: str, frame: pd.DataFrame) -> None:
    if kind == "bundled":
        model = model_of(frame, 4)
    elif kind == "hostile":
        model = model_of(hostile_table(), 3, playbook=hostile_playbook())
        model.rename(1, "M" * 60)
        model.annotate(2, "W" * 900)
    else:
        model = model_of(frame, 10)
        model.run_assessment()
    made = presentation(model)
    for slide in made.slides:
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= made.slide_width
            assert shape.top + shape.height <= made.slide_height
            if shape.has_text_frame and shape.text_frame.text:
                assert height(shape.text_frame, shape.width.inches) <= shape.height.inches, shape.text_frame.text


def test_nothing_of_a_hostile_table_is_computed_or_opened() -> None:
    made = presentation(model_of(hostile_table(), 3, playbook=hostile_playbook()))
    for slide in made.slides:
        assert not [part for part in slide.part.rels.values() if part.is_external]
        assert all(text.replace("\n", "").isprintable() for text in texts(slide))
    for chart in charts(made):
        sheet = openpyxl.load_workbook(BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("letter", ["a", "M", "客", "a "])
def test_text_that_fits_at_no_size_is_cut_and_says_so(letter: str) -> None:
    size, (shown,) = fitted([5000 * letter], 4, 1, (20, 12))
    assert (size, shown[-1]) == (12, "…")
    size, shown_lines = fitted([f"line {number}" for number in range(90)], 4, 2, (20, 12))
    assert size == 12
    assert shown_lines[0] == "line 0"
    assert shown_lines[-1] == "…"
