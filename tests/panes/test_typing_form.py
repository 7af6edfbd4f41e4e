"""The questions that place a new customer, as a form and as files."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import panel as pn
import pytest
from bokeh.document import Document

from custseg import CustomerTable, Recipe, SegmentationModel, find_typing_tool
from custseg.panes.parts import typing_form
from custseg.panes.parts.typing_form import TypingQuestions
from tests.hostile import hostile_table
from tests.panes.hands import file_of, markup_of, widget
from tests.session.waiting import PATIENCE

if TYPE_CHECKING:
    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.typing_tool import TypingTool


@pytest.fixture
def form(table: CustomerTable) -> TypingQuestions:
    model = SegmentationModel(table, k=4, seed=42, recipe=Recipe(log="auto", categories=True))
    model.run_clustering()
    return TypingQuestions(model)


def fields_of(form: TypingQuestions) -> list[Any]:
    found: list[Any] = form.__panel__().select(pn.widgets.Widget)
    return [one for one in found if one.label != "How many questions" and not isinstance(one, pn.widgets.FileDownload)]


def test_it_asks_what_is_enough_and_says_where_a_customer_belongs_and_how_sure(form: TypingQuestions) -> None:
    result = form.model.result
    assert result is not None
    tool = find_typing_tool(result)
    fields = fields_of(form)
    assert len(fields) == tool.suggested
    assert tool.form.sentence in markup_of(form)
    assert "Answer the questions" in markup_of(form)
    usual = result.table.to_pandas().iloc[3]
    given = {}
    for name, field in zip(tool.form.columns, fields, strict=True):
        field.value = given[name] = str(usual[name])
    answer = tool.form.answer(given)
    assert f"would join <b>segment {answer.segment}</b>" in markup_of(form)
    assert answer.sureness in markup_of(form)
    number = next(field for field in fields if isinstance(field, pn.widgets.TextInput))
    number.value = "many"
    assert "is a number, such as 12.5, but got “many”" in markup_of(form)
    number.value = ""
    assert "1 question has no answer" in markup_of(form)


def test_more_questions_keep_what_was_answered_and_another_run_asks_anew(form: TypingQuestions) -> None:
    fields_of(form)[-1].value = "1200"
    many = widget(form, "How many questions")
    before, first = len(fields_of(form)), many.value
    many.value = first + 1
    assert len(fields_of(form)) == before + 1
    assert fields_of(form)[before - 1].value == "1200"
    form.model.k = 2
    form.model.run_clustering()
    assert form.model.result is not None
    assert find_typing_tool(form.model.result).form.sentence in markup_of(form)


def test_the_questions_are_files_with_the_names_that_people_gave(form: TypingQuestions) -> None:
    form.model.rename(1, "Cafés")
    text, frame = (file_of(widget(form, f"Download for a survey ({kind})")).read() for kind in ("text", "CSV"))
    assert "1 Cafés" in text.decode()
    assert "customers who were held out" in text.decode()
    assert frame.decode("utf-8-sig").startswith('"question","answer","points for segment 1 Cafés"')


def test_on_a_page_the_questions_are_found_in_a_thread(form: TypingQuestions, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = []

    def find(result: Segmentation) -> TypingTool:
        threads.append(threading.get_ident())
        return find_typing_tool(result)

    async def scenario() -> str:
        of_a_page = TypingQuestions(form.model)
        before = markup_of(of_a_page)
        async with asyncio.timeout(PATIENCE):
            while not of_a_page.state().controls:
                await asyncio.to_thread(threading.get_ident)
        assert form.model.result is not None
        assert find_typing_tool(form.model.result).form.sentence in markup_of(of_a_page)
        return before

    monkeypatch.setattr(typing_form, "session_document", Document)
    monkeypatch.setattr(typing_form, "find_typing_tool", find)
    assert "The questions are being found" in asyncio.run(scenario())
    assert len(threads) == 1
    assert threads[0] != threading.get_ident()


def test_before_a_run_it_says_what_it_takes(table: CustomerTable) -> None:
    assert "Run the clustering first" in markup_of(TypingQuestions(SegmentationModel(table)))


def test_names_of_columns_and_levels_are_no_markup() -> None:
    model = SegmentationModel(hostile_table(), recipe=Recipe(categories=True))
    model.run_clustering()
    form = TypingQuestions(model)
    many = widget(form, "How many questions")
    many.value = max(many.options.values())
    assert "<img" not in markup_of(form)
    assert "<script" not in markup_of(form)
