"""What is saved for people, a report and slides, speaks one language throughout; what programs read stays English."""

from __future__ import annotations

import html
import json
import re
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from pptx import Presentation

from custseg import CustomerTable, SegmentationModel, verify
from custseg.export.story import write_story
from custseg.language import spoken
from translation.catalogues import read

WHOLESALE = Path(__file__).resolve().parents[2] / "data" / "wholesale_customers.csv"
_FEWEST_WORDS = 3


@cache
def model_in(code: str) -> SegmentationModel:
    with spoken(code):
        model = SegmentationModel(CustomerTable.read(WHOLESALE), k=4, seed=42)
        model.run_clustering()
        model.run_assessment()
    return model


@cache
def english_sentences(code: str) -> tuple[str, ...]:
    """Return the texts of the catalogue that the other language says otherwise."""
    return tuple(
        message.id
        for message in read(code)
        if isinstance(message.id, str)
        and "{" not in message.id
        and len(message.id.split()) >= _FEWEST_WORDS
        and message.id != message.string
    )


def said_on(page: str) -> str:
    """Return the text and the labels of a page, without scripts, styles and the document in it."""
    body = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page.partition("<body>")[2])
    labels = re.findall(r'aria-label="([^"]*)"', body)
    return html.unescape(" ".join([*labels, re.sub(r"<[^>]*>", " ", body)]))


@pytest.mark.parametrize("customers", [False, True])
@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_english_sentence_is_left_in_a_report(tmp_path: Path, code: str, *, customers: bool) -> None:
    path = tmp_path / "report.html"
    with spoken(code):
        model_in(code).save_html(path, customers=customers)
    page = path.read_text(encoding="utf-8")
    assert f'<html lang="{code}">' in page
    said = " ".join(said_on(page).split())
    assert [text for text in english_sentences(code) if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said)] == []
    texts = json.loads(html.unescape(re.search(r'data-texts="([^"]*)"', page)[1]))  # type: ignore[index]
    assert "{name}" in texts["joins"]
    assert not texts["joins"].startswith("This customer")


def test_a_report_is_checked_in_its_own_language(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    with spoken("de"):
        model_in("de").save_html(path)
    assert verify(path, CustomerTable.read(WHOLESALE)).holds


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_english_sentence_is_left_on_slides(code: str) -> None:
    content = BytesIO()
    with spoken(code):
        write_story(model_in(code).bundle(), content)
    slides = Presentation(BytesIO(content.getvalue())).slides
    shapes = [shape for slide in slides for shape in slide.shapes]
    said = [shape.text_frame.text for shape in shapes if shape.has_text_frame]
    said += [shape.chart.chart_title.text_frame.text for shape in shapes if shape.has_chart and shape.chart.has_title]
    said += [slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide]
    assert len(said) > len(slides)
    text = " ".join(" ".join(said).split())
    assert [each for each in english_sentences(code) if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text)] == []
