"""The first view without a browser: a card a segment, the line on the whole, and what stands there before a run."""

from __future__ import annotations

import asyncio
import html
import re
from typing import TYPE_CHECKING, Any

import panel as pn
import pytest

from custseg import Recipe, SegmentationModel
from custseg.narrative.claims import brief
from custseg.panes.parts.key_figures import KeyFigures
from custseg.panes.parts.segment_cards import SegmentCards, cards_html
from custseg.panes.parts.verdict import Verdict
from tests.hostile import FLAG, hostile_playbook, hostile_table
from tests.panes.hands import markup_of
from tests.session.waiting import change_of

if TYPE_CHECKING:
    from custseg import CustomerTable


def cards_of(markup: str) -> list[str]:
    return re.findall(r"<article class=\"segment-card.*?</article>", markup, re.DOTALL)


def classes_of(cards: SegmentCards) -> list[str]:
    panes: list[Any] = cards.__panel__().select(pn.pane.HTML)
    return [name for pane in panes for name in pane.css_classes]


def test_each_card_has_the_name_the_size_the_facts_and_what_to_make_of_it(model: SegmentationModel) -> None:
    shown, words = SegmentCards(model).state().text, model.words
    assert words is not None
    for headline, facts, conclusion in zip(words.headlines, words.facts, words.conclusions, strict=True):
        assert headline in shown.replace(" . ", ". ").replace(" : ", ": ")
        for text in (*facts, conclusion):
            assert text in shown
    for paragraph in words.sentences:
        assert paragraph in shown


def test_each_statement_carries_its_evidence(model: SegmentationModel) -> None:
    assert model.outcome is not None
    words = model.outcome.words
    for position, card in enumerate(cards_of(cards_html(model.outcome))):
        sentences = (
            words.headline_phrases[position],
            words.conclusion_phrases[position],
            *map(brief, words.fact_phrases[position]),
        )
        stated = [(phrase.claim.evidence, phrase.text) for part in sentences for phrase in part if phrase.claim]
        told = re.findall(r'data-evidence="(.*?)">(.*?)</span>', card)
        assert [(html.unescape(evidence), html.unescape(text)) for evidence, text in told] == stated


def test_how_sure_a_segment_is_comes_once_it_is_known(model: SegmentationModel) -> None:
    cards, verdict = SegmentCards(model), Verdict(model)
    assert "How sure" not in cards.state().text
    assert verdict.state().text == "4 segments of 4 to 317 customers."
    certainty = model.run_assessment()
    assert certainty is not None
    words = re.findall(r"How sure: (\w+)", cards.state().text)
    assert tuple(words) == certainty.stability
    for word in {"doubtful", "fragile"} & set(words):
        assert word in verdict.state().text
    assert "so far" not in verdict.state().text


def test_the_card_of_the_segment_that_is_selected_is_marked_and_its_markup_stays(model: SegmentationModel) -> None:
    cards = SegmentCards(model)
    before = markup_of(cards)
    model.select_segment(3)
    assert classes_of(cards) == ["selected-3"]
    # Else what was pressed would lose the focus.
    assert markup_of(cards) == before
    model.select(["W001", "W002"])
    assert classes_of(cards) == []


def test_ten_segments_have_a_card_each_with_one_fact(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=10, seed=1)
    model.run_clustering()
    assert model.outcome is not None
    cards = cards_of(cards_html(model.outcome))
    assert len(cards) == 10
    assert all(card.count("<li>") <= 1 for card in cards)


def test_customers_set_apart_have_a_card_too(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3, seed=0, recipe=Recipe(exceptional=4))
    model.run_clustering()
    assert "Exceptional accounts. " in SegmentCards(model).state().text
    assert len(cards_of(markup_of(SegmentCards(model)))) == 4


def test_before_the_first_run_it_says_what_the_table_holds_and_what_to_do(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    cards, verdict, figures = SegmentCards(model), Verdict(model), KeyFigures(model)
    shown = cards.state().text
    assert "What this table holds" in shown
    assert "440 customers, who can be compared by 6 features" in shown
    assert "press Run clustering" in shown
    assert not verdict.state().visible
    assert "Silhouette" not in figures.state().text
    model.question = "First answer “Is this right?” about “a<b>.csv”."
    assert model.question in cards.state().text
    model.question = ""
    model.run_clustering()
    assert "What this table holds" not in cards.state().text
    assert verdict.state().visible
    model.load(hostile_table())
    assert "60 customers" in cards.state().text
    assert not verdict.state().visible


@pytest.mark.parametrize("runs", [False, True])
def test_names_from_a_table_are_no_markup(*, runs: bool) -> None:
    model = SegmentationModel(hostile_table(), k=3, seed=0, playbook=hostile_playbook())
    if runs:
        model.run_clustering()
    markup = markup_of(SegmentCards(model))
    assert FLAG in html.unescape(markup)
    assert not re.search(r"<(?:img|script)", markup)


def test_advice_for_other_settings_is_not_told_of_this_result(model: SegmentationModel) -> None:
    verdict = Verdict(model)
    model.ks = [2, 3, 4]
    for features, told in ((model.features, True), (["Fresh", "Milk"], False)):
        model.features = features
        asyncio.run(change_of(model.search, "advice", lambda: model.param.trigger("suggest")))
        assert ("; " in verdict.state().text) is told
