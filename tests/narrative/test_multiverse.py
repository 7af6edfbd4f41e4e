"""Whether segments and claims hold under other settings: planted answers, a recomputation, and what goes wrong."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import Recipe, SettingError, interpret, multiverse, profile, segment
from custseg.insight.other_settings import other_settings

if TYPE_CHECKING:
    from custseg import CustomerTable, Multiverse, Segmentation


@pytest.fixture(scope="module")
def found(result: Segmentation) -> Multiverse:
    return multiverse(result)


def groups_in(column: np.ndarray, seed: int, **others: np.ndarray) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    noise = {f"noise{number}": generator.normal(size=len(column)) for number in (1, 2)}
    return pd.DataFrame({"telling": column, **others, **noise})


def row(found: Multiverse, words: str) -> int:
    return [setting.words for setting in found.settings].index(words)


def test_segments_that_lie_far_apart_hold_nearly_everywhere() -> None:
    generator = np.random.default_rng(7)
    centres = np.array([[0, 0, 0, 0], [9, 9, 9, 9], [0, 9, 0, 9]], dtype=float)
    values = centres.repeat(80, axis=0) + generator.normal(size=(240, 4))
    found = multiverse(segment(pd.DataFrame(values, columns=list("abcd")), k=3, seed=1))
    assert (found.shares > 0.8).all()
    assert all(sentence.startswith("Holds in ") for sentence in found.sentences)


def test_the_column_that_alone_tells_segments_apart_is_named() -> None:
    generator = np.random.default_rng(3)
    column = np.repeat([0.0, 12.0], 100) + generator.normal(size=200)
    found = multiverse(segment(groups_in(column, 4), k=2, seed=1, recipe=Recipe(weights={"telling": 3})))
    assert all("only with telling (lost in all " in sentence.casefold() for sentence in found.sentences)
    without = [row for row, setting in enumerate(found.settings) if "without telling" in setting.words]
    assert len(without) > 1
    assert not found.holds[without].any()


def test_a_transform_that_segments_need_is_named() -> None:
    generator = np.random.default_rng(5)
    amounts = np.exp(np.repeat([0.0, 1.5, 3.0, 4.5], 60) + 0.3 * generator.normal(size=240))
    result = segment(pd.DataFrame({"amount": amounts}), k=4, seed=1, recipe=Recipe(log=("amount",)))
    found = multiverse(result)
    assert "only with skewed amounts evened out (lost in all " in " ".join(found.sentences).casefold()


def test_a_setting_is_what_segmenting_so_gives(found: Multiverse, result: Segmentation, table: CustomerTable) -> None:
    features = tuple(name for name in table.features if name != "Frozen")
    for words, other in {
        "when scaled by range": segment(table, k=4, seed=42, recipe=Recipe(scaling="minmax")),
        "without Frozen": segment(table, k=4, seed=42, features=features),
        "with 5 segments": segment(table, k=5, seed=42),
    }.items():
        own, theirs = (
            [set(np.flatnonzero(each.labels == number)) for number in range(1, each.k + 1)] for each in (result, other)
        )
        expected = [max(len(one & two) / len(one | two) for two in theirs) for one in own]
        np.testing.assert_allclose(found.jaccard[row(found, words)], expected)


def test_a_claim_holds_where_the_words_of_that_setting_make_it_too(
    found: Multiverse, result: Segmentation, table: CustomerTable
) -> None:
    other = segment(table, k=4, seed=42, recipe=Recipe(scaling="minmax"))
    place = row(found, "when scaled by range")
    held = set()
    for segment_number in range(1, 5):
        shared = [np.sum((result.labels == segment_number) & (other.labels == number)) for number in range(1, 5)]
        match = int(np.argmax(shared)) + 1
        for claim in interpret(profile(other)).claims:
            if claim.segment == match and found.holds[place, segment_number - 1] and claim.statistic == "mean":
                held.add((segment_number, claim.feature, claim.value > claim.baseline))
    means = [one for one in found.claims if one.claim.statistic == "mean"]
    assert means
    for one in means:
        assert one.holds[place] == (
            (one.claim.segment, one.claim.feature, one.claim.value > one.claim.baseline) in held
        )


def test_no_claim_holds_more_often_than_its_segment(found: Multiverse, result: Segmentation) -> None:
    said = set(interpret(profile(result)).claims)
    for one in found.claims:
        assert one.claim in said
        assert not (one.holds & ~found.holds[:, one.claim.segment - 1]).any()
    assert {one.claim.segment for one in found.claims} == {1, 2, 3, 4}


def test_what_a_page_says_of_a_segment_finds_how_far_it_holds(found: Multiverse, result: Segmentation) -> None:
    words = interpret(profile(result))
    lines = [*words.headline_phrases, *words.conclusion_phrases, *words.paragraphs]
    lines += [fact for facts in words.fact_phrases for fact in facts]
    claims = {phrase.claim for line in lines for phrase in line if phrase.claim is not None}
    said = {claim: found.said_beside(claim) for claim in claims}
    assert found.said_beside(None) == ""
    numbers_alone = {"share of customers", "share of spend", "spend rank", "spread"}
    for claim, beside in said.items():
        if claim.statistic in numbers_alone:
            assert beside == ""
        else:
            held = found.by_claim[claim]
            assert (held.settings, held.share) == (64, held.holds.sum() / 64)
            assert beside == f"holds in {100 * held.share:.0f}% of 64 settings"
    assert {"mean", "mean spend", "variety"} <= {claim.statistic for claim in claims}


def test_another_result_s_claims_are_not_found_and_none_can_be_put_in(found: Multiverse, table: CustomerTable) -> None:
    others = interpret(profile(segment(table, k=3, seed=42))).claims
    assert {found.said_beside(claim) for claim in others} == {""}
    with pytest.raises(TypeError, match="does not support item assignment"):
        found.by_claim[others[0]] = found.claims[0]  # type: ignore[index]


def test_settings_are_one_change_or_two_of_different_kinds(found: Multiverse) -> None:
    assert len(found.settings) == 64
    for setting in found.settings:
        kinds = [deviation.kind for deviation in setting.deviations]
        assert len(kinds) == len(set(kinds)) in {1, 2}
    words = {setting.words for setting in found.settings}
    wanted = {
        "with skewed amounts evened out",
        "with outliers moved in",
        "with 3 segments",
        "with another seed",
        "without Fresh",
    }
    assert wanted <= words


def test_what_the_result_does_itself_is_taken_back(table: CustomerTable) -> None:
    recipe = Recipe(log="auto", scaling="robust", exceptional=3, categories=("Channel",))
    found = multiverse(segment(table, k=2, seed=1, recipe=recipe))
    words = {setting.words for setting in found.settings}
    wanted = {"with skewed amounts as they are", "when standardised", "with outliers as they are", "without Channel"}
    assert wanted <= words
    assert not words & {"when scaled robustly", "with skewed amounts evened out", "with 1 segment"}
    assert found.shares.max() <= 1


def test_the_same_seed_gives_the_same_and_another_other_pairs(result: Segmentation, table: CustomerTable) -> None:
    small = segment(table.sample(np.arange(60)), features=["Fresh", "Milk", "Grocery"], k=3, seed=1)
    pd.testing.assert_frame_equal(multiverse(small).frame, multiverse(small).frame)
    assert {one.words for one in other_settings(result, 1)} != {one.words for one in other_settings(result)}
    with pytest.raises(SettingError, match="seed must be a whole number"):
        multiverse(result, seed=-1)


def test_it_can_be_followed_and_ended(result: Segmentation) -> None:
    steps: list[tuple[int, int]] = []

    def end(number: int, of: int) -> None:
        steps.append((number, of))
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        multiverse(result, on_progress=end)
    assert steps == [(1, 64), (2, 64), (3, 64)]


def test_it_is_frozen_and_told_in_frames(found: Multiverse) -> None:
    with pytest.raises(FrozenInstanceError):
        found.settings = ()  # type: ignore[misc]
    with pytest.raises(ValueError, match="read-only"):
        found.jaccard[0, 0] = 1
    assert list(found.frame.columns) == ["setting", "segment 1", "segment 2", "segment 3", "segment 4"]
    assert found.claims_frame["holds"].between(0, 1).all()


def test_settings_that_cannot_be_used_are_told_and_count_nowhere() -> None:
    # Three customers: no fourth segment, and one column alone does not tell three apart.
    few = pd.DataFrame({"a": [1.0, 1.0, 2.0], "b": [3.0, 4.0, 4.0]})
    found = multiverse(segment(few, k=3, seed=1))
    assert found.refused
    assert all("need" in reason for _, reason in found.refused)
    assert len(found.jaccard) == len(found.settings) == len(found.claims[0].holds)


def test_a_single_column_and_two_customers_are_enough() -> None:
    found = multiverse(segment(pd.DataFrame({"a": [1.0, 5.0]}), k=2, seed=1))
    assert found.shares.tolist() == [1, 1]
