"""The words: true to the data, one name a segment, and never markup of somebody else's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg import (
    Claim,
    CustomerTable,
    Interpretation,
    Segmentation,
    SegmentationModel,
    interpret,
    profile,
    segment,
)
from custseg.narrative.interpretation import GUIDANCE
from custseg.narrative.playbook import Playbook
from custseg.narrative.segment_description import FEW_CUSTOMERS
from custseg.tables.labels import words_for
from custseg.wording import multiple, number, percent, times
from tests.markdown import rendered
from tests.strategies import segmentations

if TYPE_CHECKING:
    from pathlib import Path

    from custseg.narrative.claims import Phrase

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


def test_the_short_form_comes_first_and_all_detail_after_the_guidance(words: Interpretation) -> None:
    assert len(words.names) == len(words.sentences) == 4
    short, detail = str(words).split("\n\n**In detail.**\n\n")
    *segments, guidance = short.split("\n\n")
    for position, headline in enumerate(words.headlines, start=1):
        told, facts, conclusion = segments[3 * position - 3 : 3 * position]
        assert told.replace("**", "") == f"Segment {position}: {headline}"
        assert facts.splitlines() == [f"- {fact}" for fact in words.facts[position - 1]]
        assert conclusion == words.conclusions[position - 1]
    assert guidance == f"**What to do with this.** {GUIDANCE}"
    assert "behave alike and can be targeted alike" in GUIDANCE
    paragraphs = detail.split("\n\n")
    assert paragraphs[::2] == [
        f"**Segment {position}.** {text}" for position, text in enumerate(words.sentences, start=1)
    ]
    assert all(actions.startswith("- Stock: ") for actions in paragraphs[1::2])


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


COLUMN = {
    "fresh-food": "Fresh",
    "milk": "Milk",
    "grocery": "Grocery",
    "frozen-food": "Frozen",
    "cleaning": "Detergents_Paper",
    "delicatessen": "Delicassen",
}


def test_the_features_in_a_name_are_those_that_stand_out_most(frame: pd.DataFrame, words: Interpretation) -> None:
    labels = segment(frame, k=4, seed=42).labels
    features = frame.drop(columns=["customer_id", "Channel", "Region"])
    effects = (features.groupby(labels).mean() - features.mean()) / features.std()
    for name, (_, effect) in zip(words.names, effects.iterrows(), strict=True):
        named = effect.nsmallest(2) if ": little " in name else effect.nlargest(2)
        said = [COLUMN[word] for word in re.findall("|".join(COLUMN), name)]
        assert said == list(named.index)


def test_the_names_of_the_bundled_table_are_those_a_manager_would_use(words: Interpretation) -> None:
    assert words.names == (
        "Moderate: little grocery and cleaning",
        "Selective: grocery and cleaning stock-ups",
        "High-spending: cleaning and grocery stock-ups",
        "High-spending: delicatessen and frozen-food buyers",
    )


@pytest.mark.parametrize("seed", range(12))
def test_what_a_planted_segment_buys_six_times_as_much_of_is_named_first(seed: int) -> None:
    generator = np.random.default_rng(seed)
    products = {"Fresh": "fresh-food", "Milk": "milk", "Grocery": "grocery", "Frozen": "frozen-food"}
    thrice, planted = generator.permutation(list(products))[:2]
    customers = pd.DataFrame(generator.lognormal(6, 0.1, (300, 4)), columns=list(products))
    customers[thrice] *= np.where(np.arange(300) < 100, 3.0, 1.0)
    # 30 of 300 buy six times what all buy on average: 0.9 * 6 / (1 - 0.1 * 6) times what the others do.
    customers[planted] *= np.where(np.arange(300) >= 270, 0.9 * 6 / (1 - 0.1 * 6), 1.0)
    result = segment(CustomerTable.read(customers, money=list(products)), k=3, seed=seed)
    assert (result.labels == 3).tolist() == [False] * 270 + [True] * 30
    words = interpret(profile(result))
    first = next(claim for claim in words.claims if claim.segment == 3 and claim.statistic == "mean")
    assert first.feature == planted
    assert first.ratio == pytest.approx(6, rel=0.05)
    assert f": {products[planted]} " in words.names[2]
    assert f"They spend more than average on {planted} ({times(first.ratio or 0)})" in words.sentences[2]


def test_the_sentences_state_sizes_and_shares(frame: pd.DataFrame, result: Segmentation, words: Interpretation) -> None:
    spend = frame[list(result.features)].sum(axis=1)
    groups = spend.groupby(result.labels)
    for sentence, size, total in zip(words.sentences, groups.size(), groups.sum(), strict=True):
        shares = f"{100 * size / 440:.0f}% of all, with {100 * total / spend.sum():.0f}% of the spend."
        assert sentence.startswith(
            f"{size} customers, {shares} On average each spends {total / size:,.0f} monetary units"
        )


def test_the_words_do_not_depend_on_what_the_picture_shows(model: SegmentationModel) -> None:
    before = str(model.words)
    model.param.update(x="Delicassen", y="Frozen")
    model.run_clustering()
    assert str(model.words) == before


def test_only_a_segment_of_few_customers_comes_with_a_caution(result: Segmentation, words: Interpretation) -> None:
    few = ["better handled one by one" in sentence for sentence in words.sentences]
    assert few == [size <= FEW_CUSTOMERS for size in result.sizes]
    assert any(few)


@given(segmentations())
def test_every_claim_is_what_the_customers_show(result: Segmentation) -> None:
    words = interpret(profile(result))
    values = pd.DataFrame(result.table.matrix(result.features), columns=list(result.features))
    tolerance = 1e-9 * float(values.abs().to_numpy().max()) * len(values.columns)
    for claim in words.claims:
        found = Recomputed(claim, values, result)
        assert claim.value == pytest.approx(found.value, rel=1e-7, abs=tolerance)
        assert claim.baseline == pytest.approx(found.baseline, rel=1e-7, abs=tolerance)
        assert claim.customers == np.count_nonzero(result.labels == claim.segment)
        assert claim.everyone == len(values)
        if claim.statistic == "mean":
            assert claim.effect == pytest.approx(found.effect, abs=1e-12)
            assert claim.effect is not None
            # What is called more is more, by its average and customer by customer.
            assert (claim.effect > 0) == (claim.value > claim.baseline)
    assert {claim.segment for claim in words.claims} == set(range(1, result.k + 1))


@given(segmentations())
def test_every_phrase_says_what_its_claim_holds(result: Segmentation) -> None:
    words = interpret(profile(result))
    for position in range(1, result.k + 1):
        facts = words.fact_phrases[position - 1]
        assert len(facts) <= 3
        for told in (words.headline_phrases, words.paragraphs, words.conclusion_phrases):
            check_claims(told[position - 1], words, position, result)
        for fact in facts:
            check_claims(fact, words, position, result)
            assert all(phrase.claim for phrase in fact)
        assert words.sentences[position - 1] == "".join(phrase.text for phrase in words.paragraphs[position - 1])


def check_claims(phrases: tuple[Phrase, ...], words: Interpretation, position: int, result: Segmentation) -> None:
    """Check that what has a number has a claim, and that they agree."""
    for phrase in phrases:
        claim = phrase.claim
        if claim is None:
            assert not re.search(r"\d", phrase.text)
            continue
        assert claim.segment == position
        assert claim in words.claims
        assert said(phrase.text, claim, result)
        assert claim.feature is None or claim.feature in phrase.text


def said(text: str, claim: Claim, result: Segmentation) -> bool:
    """Whether a phrase holds the number that it should; what only names a feature has none."""
    match claim.statistic:
        case "variety":
            told = ("vary more" in text, "more alike" in text)
            agrees = told == (claim.value >= 1.5, claim.value <= 2 / 3)
        case "spread":
            column = result.table.matrix([claim.feature or ""])[result.labels == claim.segment, 0]
            low, high = np.quantile(column, [0.25, 0.75])
            ends = re.search("middle half: (.*) to (.*)[)]", text)
            agrees = ends is not None and close(ends[1], low) and close(ends[2], high)
        case "spend rank":
            whole = "nearly all customers" if claim.value > 0.5 else "hardly anyone"
            agrees = f"more than {100 * claim.value:.0f} in 100 customers do" in text or whole in text
        case "mean spend":
            agrees = said_of_spend(text, claim.value, claim.ratio or 0)
        case "mean":
            degree = re.fullmatch(rf"(?:an? )?(more|fewer|higher|lower) {re.escape(claim.called)}", text)
            agrees = text == claim.feature or said_of_mean(text, claim)
            if degree is not None:
                agrees = (degree[1] in ("more", "higher")) == (claim.value > claim.baseline)
        case _:
            agrees = percent(claim.value) in text
    return agrees


def said_of_spend(text: str, mean: float, ratio: float) -> bool:
    if (taken := re.fullmatch("(.*) average customers", text)) is not None:
        return times(ratio).removesuffix(" times").removesuffix(".0") == taken[1]
    return text == multiple(ratio, "the average") or (number(mean) in text and times(ratio) in text)


def said_of_mean(text: str, claim: Claim) -> bool:
    compared = re.search(r"(\S+) \(average (\S+)\)", text) or re.search(r"\((\S+) against an average of (\S+)\)", text)
    if compared is not None:
        return compared[1] != compared[2] and close(compared[1], claim.value) and close(compared[2], claim.baseline)
    if text.endswith(": nothing"):
        return claim.value == 0
    return claim.ratio is not None and times(claim.ratio) in text


def close(text: str, value: float) -> bool:
    text = text.replace(",", "")
    # Averages of counts have two decimals at most.
    shown = 0.5 * 10.0 ** -len(text.partition(".")[2]) if "e" not in text else 0.0
    return float(text) == pytest.approx(value, rel=0.01, abs=max(shown, 1e-9) * (1 + 1e-9))


class Recomputed:
    """The numbers of a claim, from the customers themselves."""

    def __init__(self, claim: Claim, everyone: pd.DataFrame, result: Segmentation) -> None:
        own = everyone[result.labels == claim.segment]
        others = everyone[result.labels != claim.segment]
        money = list(result.table.money(result.features))
        spend, own_spend = everyone[money].sum(axis=1), own[money].sum(axis=1)
        self.effect = 0.0
        match claim.statistic:
            case "share of customers":
                self.value, self.baseline = len(own) / len(everyone), 1.0
            case "share of spend":
                self.value, self.baseline = own_spend.sum() / spend.sum(), 1.0
            case "mean spend":
                self.value, self.baseline = own_spend.mean(), spend.mean()
            case "spend rank":
                self.value, self.baseline = (spend < own_spend.median()).mean(), 0.5
            case "mean":
                column = claim.feature or ""
                self.value, self.baseline = own[column].mean(), everyone[column].mean()
                pairs = own[column].to_numpy()[:, None] - others[column].to_numpy()
                self.effect = float(np.sign(pairs).mean())
            case "spread":
                self.value, self.baseline = (quartile_distance(table)[claim.feature or ""] for table in (own, everyone))
            case "variety":
                distances = quartile_distance(everyone)
                ratios = (quartile_distance(own) / distances)[distances > 0]
                self.value, self.baseline = ratios.median(), 1.0
            case _:
                pytest.fail(f"no recomputation of {claim.statistic}")


def quartile_distance(table: pd.DataFrame) -> pd.Series[float]:
    return table.quantile(0.75) - table.quantile(0.25)


@given(segmentations())
def test_no_two_segments_of_any_table_have_the_same_name(result: Segmentation) -> None:
    names = interpret(profile(result)).names
    assert len(set(names)) == result.k
    assert all(names)


@given(segmentations(st.text(min_size=1, max_size=30) | st.sampled_from(HOSTILE)))
def test_nothing_from_the_table_acts_as_markup(result: Segmentation) -> None:
    words = str(interpret(profile(result)))
    for html in (False, True):
        # A list only where something is suggested.
        assert {"p", "strong"} <= rendered(words, html=html)[0] <= {"p", "strong", "ul", "li"}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("html", [False, True])
def test_a_hostile_column_name_shows_as_itself(name: str, *, html: bool) -> None:
    words = interpretation_of(pd.DataFrame({name: [100.0, 101, 102, 900, 901]}))
    tags, text = rendered(str(words), html=html)
    assert {"p", "strong"} <= tags <= {"p", "strong", "ul", "li"}
    # What is no list of words has no other words.
    assert " ".join(words_for(name).split()) in text.replace("\u200b", "")


def test_a_table_without_money_is_told_by_who_the_customers_are() -> None:
    customers = pd.DataFrame({"age": [20.0, 21, 22, 60, 61, 65], "visits": [3.0, 5, 2, 40, 41, 45]})
    words = interpretation_of(customers)
    assert sorted(words.names) == ["Older, frequent visitors", "Young, infrequent visitors"]
    assert "spend" not in "".join(words.sentences)
    assert "spend rank" not in {claim.statistic for claim in words.claims}


def test_columns_without_words_are_called_high_and_low() -> None:
    customers = pd.DataFrame({"pH": [20.0, 21, 22, 60, 61, 65], "torque": [40.0, 41, 45, 3, 5, 2]})
    words = interpretation_of(customers)
    assert sorted(words.names) == ["High pH, low torque", "High torque, low pH"]
    assert "Higher: torque (42.0 against an average of 22.7); lower: pH (21.0 against an average of 41.5)." in "".join(
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
    assert "No single feature is far from average." in words.sentences[0]


def test_segments_of_one_name_are_told_apart_by_what_stands_out(frame: pd.DataFrame) -> None:
    names = interpret(profile(segment(CustomerTable.read(frame), features=["Delicassen"], k=5, seed=0))).names
    alike = [name for name in names if name.startswith("High-spending: delicatessen buyers")]
    assert len(alike) == 3
    assert all(re.fullmatch(r"High-spending: delicatessen buyers \([\d.]+ times the average\)", one) for one in alike)


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
        "Budget-conscious: young",
        "High-spending: older",
    }


def test_two_columns_of_one_word_keep_their_own_names() -> None:
    customers = pd.DataFrame({"milk": [1.0, 1, 1, 9, 9, 9], "dairy": [9.0, 9, 9, 1, 1, 1], "x": [1.0, 2, 1, 1, 2, 1]})
    words = interpret(profile(segment(CustomerTable.read(customers, money=["milk", "dairy"]), k=2, seed=0)))
    assert sorted(words.names) == ["Selective: dairy buyers", "Selective: milk buyers"]


@pytest.mark.parametrize("path", ["online_shop_customers.csv", "loyalty_cards.parquet"])
def test_what_is_suggested_rests_on_a_claim_of_that_segment(table_path: Path, path: str) -> None:
    words = interpret(profile(segment(table_path.with_name(path), k=5, seed=42)))
    for position in range(1, 6):
        actions = words.actions_for(position)
        assert tuple(action.area for action in actions) == words.plan.areas
        assert all(claim in words.claims and claim.segment == position for each in actions for claim in each.claims)
    assert not re.search(r"[{}]|spend_(fresh|household|drinks)| ,", " ".join(action.text for action in words.actions))


def test_all_spend_together_is_nothing_to_keep_in_stock(table_path: Path) -> None:
    words = interpret(profile(segment(table_path.with_name("online_shop_customers.csv"), k=3, seed=42)))
    assert not [name for name in words.names if "revenue" in name]
    assert not [action for action in words.actions if "revenue" in action.text]


def test_without_a_playbook_of_words_columns_keep_their_names(result: Segmentation) -> None:
    words = interpret(profile(result), Playbook())
    assert words.plan.areas == ("stock", "marketing", "upselling")
    assert words.names[1] == "Selective: Grocery and Detergents and paper buyers"
    assert words.actions == ()


def test_the_evidence_is_a_table(words: Interpretation) -> None:
    assert len(words.evidence) == len(words.claims)
    grocery = words.evidence.query("segment == 2 and feature == 'Grocery' and statistic == 'mean'").iloc[0]
    assert (grocery["customers"], grocery["of all"]) == (109, 440)
    assert grocery["value"] == pytest.approx(grocery["all customers"] * 2.0, rel=0.05)


def test_what_a_customer_spends_is_the_same_in_the_words_and_in_the_table_where_amounts_are_missing() -> None:
    generator = np.random.default_rng(0)
    spend = np.concatenate([generator.normal(1000, 100, 60), generator.normal(90, 10, 60)])
    spend[[0, 1, 2, 70]] = np.nan
    customers = pd.DataFrame({"spend": spend, "visits": np.repeat([50.0, 5.0], 60) + generator.normal(0, 1, 120)})
    result = segment(CustomerTable.read(customers, money=["spend"]), k=2, seed=0)
    found = profile(result)
    words = interpret(found)
    for position, sentence in enumerate(words.sentences):
        own = customers["spend"][result.labels == position + 1].mean()
        assert found.means[position, 0] == pytest.approx(own)
        ratio = multiple(own / customers["spend"].mean(), "the overall average")
        assert f"On average each spends {number(own)}, {ratio}" in sentence


def test_what_a_sample_says_of_all_customers_is_said_to_be_of_a_sample(
    table: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = interpret(profile(segment(table, k=3, seed=0)))
    assert not any("random" in claim.evidence for claim in everybody.claims)
    monkeypatch.setattr(Segmentation.segmented_sample, "__defaults__", (300, 0))
    sampled = interpret(profile(segment(table, k=3, seed=0)))
    for claim in sampled.claims:
        of_ranks = claim.statistic in ("mean", "mean spend", "spread", "variety", "spend rank")
        assert claim.evidence.endswith("; ranks and quartiles from a random sample of 300.") == of_ranks
