"""A hostile table in all that is shown: nothing of it is mathematics to Bokeh, and nothing of it is markup."""

from __future__ import annotations

import asyncio
import re
from datetime import date
from io import BytesIO
from typing import Any

import panel as pn
import pytest

from custseg import Recipe, SegmentationModel, compare, migrate, segment
from custseg.export.formats import FORMATS, Format
from custseg.panes import Explorer, Words
from custseg.panes.charts.catalogue import CHARTS
from custseg.panes.parts.chart_gallery import Gallery
from tests.hostile import FLAG, FORMULAS, HOSTILE, MATHEMATICS, hostile_playbook, hostile_table
from tests.markdown import rendered
from tests.panes.foreign import DELIMITERS, acting, models_of, taken_for_mathematics
from tests.panes.hands import parts_of
from tests.saved_files import acting_in
from tests.session.waiting import change_of

_CELL = re.compile(r"<(t[hd])\b[^>]*>[^<]*</\1>")
_TURNING = re.compile(".{0,40}[\u202a-\u202e\u2066-\u2069].{0,20}")


@pytest.fixture(scope="module")
def hostile_model() -> SegmentationModel:
    recipe, book = Recipe(exceptional=6), hostile_playbook()
    model = SegmentationModel(hostile_table(), k=3, seed=0, recipe=recipe, playbook=book, picture="principal")
    model.run_clustering()
    for number, text in enumerate(MATHEMATICS[:3], start=1):
        model.rename(number, text)
        model.annotate(number, HOSTILE[number])
    model.run_assessment()
    assert model.result is not None
    model.show_migration(migrate(model.result, hostile_table(50)))
    model.select_segment(1)
    asyncio.run(change_of(model.multiverse_search, "multiverse", lambda: model.param.trigger("try_settings")))
    return model


def test_nothing_of_it_is_mathematics_or_markup_in_any_part_of_the_explorer(hostile_model: SegmentationModel) -> None:
    explorer = Explorer(hostile_model)
    parts = parts_of(explorer).values()
    assert [taken for part in parts for taken in taken_for_mathematics(models_of(part.__panel__()))] == []
    panes: list[Any] = [pane for part in parts for pane in part.__panel__().select(pn.pane.HTML)]
    # The histograms of what evening out would do are drawn by us.
    shown = [str(pane.object).replace('<svg role="img" aria-label="spread ', "") for pane in panes]
    assert any(FLAG in text for text in shown)
    assert [found for text in shown for found in acting(text)] == []
    # A cell of a table turns nothing but itself around.
    around = [_CELL.sub("", text) for text in shown]
    assert [found for text in around for found in _TURNING.findall(text)] == []


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_nothing_of_it_acts_in_a_file_or_in_its_name(form: Format, hostile_model: SegmentationModel) -> None:
    bundle, stream = hostile_model.bundle(), BytesIO()
    assert form.why_not(bundle) == ""
    form.write(bundle, stream)
    name = form.filename_for(hostile_model.table.title, date(2026, 11, 27))
    # Its name says that what is in it is as it was.
    expected = FORMULAS if form.name == "customers_raw" else ()
    assert [acts for acts in acting_in(name, stream.getvalue()) if not acts.startswith(expected or "\0")] == []
    assert re.fullmatch(r"[\w &,().-]+", name)


def test_nothing_of_it_is_mathematics_in_any_chart_of_page_or_report(hostile_model: SegmentationModel) -> None:
    assert hostile_model.outcome is not None
    for gallery in (Gallery(hostile_model.outcome), Gallery(hostile_model.outcome, static=True)):
        assert len(gallery.plots) >= len(CHARTS)
        assert taken_for_mathematics(models_of(gallery.layout)) == []


def test_the_words_stay_as_they_are_and_have_no_mathematics(hostile_model: SegmentationModel) -> None:
    words = Words(hostile_model)
    for name in MATHEMATICS[:3]:
        assert name in words.state().text.replace("\u200b", "")
    assert taken_for_mathematics(models_of(words.__panel__())) == []


def test_a_notebook_looks_for_no_mathematics_in_what_it_shows(hostile_model: SegmentationModel) -> None:
    model, result = hostile_model, hostile_model.result
    assert result is not None
    assert model.profile is not None
    other, later = segment(model.table, k=2, seed=0), migrate(result, hostile_table())
    shown: list[Any] = [model.words, model.rules, model.profile, *model.profile.associations, later]
    for one in (*shown, compare(result, other)):
        markup = one._repr_html_()
        assert markup.startswith('<div class="tex2jax_ignore mathjax_ignore">')
        assert acting(markup) == []


def test_no_other_tool_typesets_the_markdown(hostile_model: SegmentationModel) -> None:
    shown: list[Any] = [hostile_model.words, hostile_model.rules]
    for one in shown:
        _, text = rendered(one._repr_markdown_(), html=True)
        assert any(" ".join(name.split()) in text.replace("\u200b", "") for name in HOSTILE)
        assert not DELIMITERS.search(text)
