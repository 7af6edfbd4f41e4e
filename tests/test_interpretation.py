"""The words: true to the data, one name a segment, and never markup of somebody else's."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import (
    Claim,
    CustomerTable,
    Interpretation,
    Profile,
    Segmentation,
    SegmentationModel,
    interpret,
    profile,
    segment,
)
from custseg.interpretation import FEW_CUSTOMERS, GUIDANCE
from tests.markdown import rendered
from tests.strategies import segmentations

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "**bold**",
    "a<b",
    "[x](javascript:alert(1))",
    "two\nlines",
    "![](https://example.com/pixel)",
    "www.example.com",
    "</p><script>alert(1)</script>",
    "# heading",
    "$$x$$",
]


@pytest.fixture
def words(result: Segmentation) -> Interpretation:
    return interpret(profile(result))


def interpretation_of(customers: pd.DataFrame, k: int = 2) -> Interpretation:
    return interpret(profile(segment(customers, k=k, seed=0)))


def relative_spend(frame: pd.DataFrame, result: Segmentation) -> pd.Series[float]:
    """How much a customer of each segment spends, as a multiple of the average customer."""
    spend = frame[list(result.features)].sum(axis=1)
    return spend.groupby(result.labels).mean() / spend.mean()


def test_each_segment_has_a_name_and_a_paragraph_and_the_guidance_comes_last(words: Interpretation) -> None:
    assert len(words.names) == len(words.sentences) == 4
    paragraphs = str(words).split("\n\n")
    for number, paragraph in enumerate(paragraphs[:-1], start=1):
        assert paragraph.startswith(f"**Segment {number}: ")
    assert paragraphs[-1] == f"**What to do with this.** {GUIDANCE}"
    assert "behave alike and can be targeted alike" in GUIDANCE


@pytest.mark.parametrize("k", range(2, 11))
def test_a_segment_is_called_by_what_its_customers_spend(frame: pd.DataFrame, table: CustomerTable, k: int) -> None:
    result = segment(table, k=k, seed=42)
    names = interpret(profile(result)).names
    for name, ratio in zip(names, relative_spend(frame, result), strict=True):
        assert name.startswith("High-spending") == (ratio >= 1.5)
        assert name.startswith("Budget-conscious") == (ratio <= 2 / 3)
        assert name.startswith(("Selective", "Moderate")) == (2 / 3 < ratio < 1.5)


@pytest.mark.parametrize("k", range(2, 11))
def test_the_ten_biggest_spenders_are_not_called_budget_conscious(
    frame: pd.DataFrame, table: CustomerTable, k: int
) -> None:
    result = segment(table, k=k, seed=42)
    names = interpret(profile(result)).names
    biggest = frame[list(result.features)].sum(axis=1).nlargest(10).index
    assert not [number for number in result.labels[biggest] if names[number - 1].startswith("Budget-conscious")]


def test_the_features_in_a_name_are_those_that_stand_out_most(frame: pd.DataFrame, words: Interpretation) -> None:
    labels = segment(frame, k=4, seed=42).labels
    features = frame.drop(columns=["customer_id", "Channel", "Region"])
    effects = (features.groupby(labels).mean() - features.mean()) / features.std()
    for name, (_, effect) in zip(words.names, effects.iterrows(), strict=True):
        named = effect.nsmallest(2) if ": little " in name else effect.nlargest(2)
        assert name.endswith(f"{named.index[0]} and {named.index[1]}")


def test_the_sentences_state_sizes_and_shares(frame: pd.DataFrame, result: Segmentation, words: Interpretation) -> None:
    spend = frame[list(result.features)].sum(axis=1)
    groups = spend.groupby(result.labels)
    for sentence, size, total in zip(words.sentences, groups.size(), groups.sum(), strict=True):
        shares = f"{100 * size / 440:.0f} % of all, with {100 * total / spend.sum():.0f} % of the spend."
        assert sentence.startswith(
            f"{size} customers, {shares} On average each spends {total / size:,.0f} monetary units"
        )


def test_the_words_do_not_depend_on_what_the_picture_shows(model: SegmentationModel) -> None:
    before = str(model.words)
    model.param.update(x="Delicassen", y="Frozen")
    model.run_clustering()
    assert str(model.words) == before


def test_only_a_segment_of_few_customers_comes_with_a_caution(result: Segmentation, words: Interpretation) -> None:
    few = ["better met one by one" in sentence for sentence in words.sentences]
    assert few == [size <= FEW_CUSTOMERS for size in result.sizes]
    assert any(few)


@given(segmentations())
def test_every_claim_is_what_the_customers_show(result: Segmentation) -> None:
    shape = profile(result)
    values = pd.DataFrame(result.table.matrix(result.features), columns=list(result.features))
    tolerance = 1e-9 * float(values.abs().to_numpy().max()) * len(values.columns)
    claims = interpret(shape).claims
    for claim in claims:
        value, baseline = recomputed(claim, values, values[result.labels == claim.segment], shape)
        assert claim.value == pytest.approx(value, rel=1e-9, abs=tolerance)
        assert claim.baseline == pytest.approx(baseline, rel=1e-9, abs=tolerance)
        assert claim.customers == np.count_nonzero(result.labels == claim.segment)
    assert {claim.segment for claim in claims} == set(range(1, result.k + 1))


def recomputed(claim: Claim, everyone: pd.DataFrame, own: pd.DataFrame, shape: Profile) -> tuple[float, float]:
    money = list(shape.money)
    if claim.statistic == "share of customers":
        return len(own) / len(everyone), 1.0
    if claim.statistic == "share of spend":
        return own[money].to_numpy().sum() / everyone[money].to_numpy().sum(), 1.0
    if claim.statistic == "mean spend":
        return own[money].sum(axis=1).mean(), everyone[money].sum(axis=1).mean()
    assert claim.statistic == "mean"
    assert claim.feature is not None
    return own[claim.feature].mean(), everyone[claim.feature].mean()


@given(segmentations())
def test_no_two_segments_of_any_table_have_the_same_name(result: Segmentation) -> None:
    names = interpret(profile(result)).names
    assert len(set(names)) == result.k
    assert all(names)


@given(segmentations(st.text(min_size=1, max_size=30) | st.sampled_from(HOSTILE)))
def test_nothing_from_the_table_acts_as_markup(result: Segmentation) -> None:
    words = str(interpret(profile(result)))
    for html in (False, True):
        assert rendered(words, html=html)[0] == {"p", "strong"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("html", [False, True])
def test_a_hostile_column_name_shows_as_itself(name: str, *, html: bool) -> None:
    words = interpretation_of(pd.DataFrame({name: [100.0, 101, 102, 900, 901]}))
    tags, text = rendered(str(words), html=html)
    assert tags == {"p", "strong"}
    assert " ".join(name.split()) in text


def test_a_table_without_money_is_told_in_highs_and_lows() -> None:
    customers = pd.DataFrame({"age": [20.0, 21, 22, 60, 61, 65], "visits": [3.0, 5, 2, 40, 41, 45]})
    words = interpretation_of(customers)
    assert sorted(words.names) == ["High age and visits", "Low age and visits"]
    assert "spend" not in "".join(words.sentences)
    assert {claim.statistic for claim in words.claims} == {"share of customers", "mean"}


def test_a_segment_high_in_one_and_low_in_the_other_is_called_by_both() -> None:
    customers = pd.DataFrame({"age": [20.0, 21, 22, 60, 61, 65], "visits": [40.0, 41, 45, 3, 5, 2]})
    words = interpretation_of(customers)
    assert sorted(words.names) == ["High age, low visits", "High visits, low age"]
    assert "Higher: visits (42.0 against an average of 22.7); lower: age (21.0 against an average of 41.5)." in "".join(
        words.sentences
    )


def test_numbers_below_zero_are_compared_without_ratios() -> None:
    words = interpretation_of(pd.DataFrame({"balance": [-20.0, -21, -22, 60, 61, 65]}))
    assert "times" not in "".join(words.sentences)
    assert sorted(words.names) == ["High balance", "Low balance"]


def test_a_segment_like_everyone_else_is_said_to_be_so() -> None:
    customers = pd.DataFrame({"score": [0.0, 0, 0, 50, 50, 50, 50, 100, 100, 100]})
    words = interpretation_of(customers, k=3)
    assert words.names[0] == "Close to the average"
    assert "No single feature stands far from the average." in words.sentences[0]


def test_segments_of_one_name_are_told_apart_by_how_much_they_spend(frame: pd.DataFrame) -> None:
    names = interpret(profile(segment(CustomerTable.read(frame), features=["Delicassen"], k=5, seed=0))).names
    alike = [name for name in names if name.startswith("High-spending: Delicassen")]
    assert len(alike) == 3
    assert all(re.fullmatch(r"High-spending: Delicassen \(\d\.\d times the average\)", name) for name in alike)


def test_names_that_differ_in_the_order_of_words_alone_are_the_same_to_a_reader(frame: pd.DataFrame) -> None:
    for k in range(2, 11):
        names = interpret(profile(segment(CustomerTable.read(frame), features=["Milk", "Grocery"], k=k, seed=0))).names
        # Of two features that are spend, a name says one kind alone, so that its words are its meaning.
        assert len({frozenset(re.split(r"[,\s]+", name)) for name in names}) == k


def test_a_unit_that_all_money_shares_is_stated() -> None:
    customers = pd.DataFrame({"spend": [1.0, 2, 90, 91]})
    with_unit = CustomerTable.read(customers, units={"spend": "EUR a year"})
    assert "each spends 90.5 EUR a year, " in "".join(interpret(profile(segment(with_unit, k=2, seed=0))).sentences)
    assert "each spends 90.5, " in "".join(interpretation_of(customers).sentences)


def test_a_notebook_shows_the_markdown(words: Interpretation) -> None:
    assert words._repr_markdown_() == str(words)


def test_what_is_no_money_is_not_named_as_if_it_were_bought() -> None:
    customers = pd.DataFrame({"spend": [1.0, 1, 1, 9, 9, 9], "age": [20.0, 20, 20, 70, 70, 70]})
    assert set(interpretation_of(customers, k=2).names) == {
        "Budget-conscious: little spend, low age",
        "High-spending: spend, high age",
    }
