"""Categories that take part: what they weigh, who they leave as they were, and how new customers are scored."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist, pdist

from custseg import (
    CustomerTable,
    DataError,
    Recipe,
    Segmentation,
    SettingError,
    advise,
    certainty,
    compare,
    find_associations,
    migrate,
    profile,
    segment,
)
from custseg.clustering import engines
from custseg.clustering.segmentation import prepare
from custseg.insight.explanation import explain, place
from custseg.insight.projections import find_planes
from custseg.tables.levels import MOST_LEVELS
from custseg.wording import percent
from tests.tables.rowless import Rowless

ROWS = 600
ALL = Recipe(categories=True)


@cache
def frame(seed: int = 0) -> pd.DataFrame:
    """Customers of two independent numbers, and of two categories of which one goes with a third number."""
    generator = np.random.default_rng(seed)
    contract = generator.choice(["month", "year", "two years"], ROWS, p=[0.5, 0.3, 0.2])
    plan = generator.choice(["a", "b", "c", "d"], ROWS).astype(object)
    plan[generator.random(ROWS) < 0.1] = None
    months = np.where(contract == "month", 5, 40) + generator.normal(0, 4, ROWS)
    return pd.DataFrame(
        {
            "customer": [f"C{row}" for row in range(ROWS)],
            "spend": generator.normal(50, 10, ROWS),
            "visits": generator.normal(5, 1, ROWS),
            "months": months,
            "contract": contract,
            "plan": plan,
        }
    )


@cache
def table() -> CustomerTable:
    return CustomerTable.read(frame())


@cache
def result() -> Segmentation:
    return segment(table(), k=4, seed=0, recipe=ALL)


def prepared_of(category: Any, recipe: Recipe = ALL, **columns: Any) -> tuple[np.ndarray, list[slice]]:
    """Return the prepared values of some numbers and one category, and where each column lies in them."""
    cells = pd.DataFrame({**columns, "category": category})
    read = CustomerTable.read(cells, roles={"category": "category", **dict.fromkeys(columns, "feature")})
    values, preparation = prepare(read, tuple(columns), recipe)
    return preparation.apply(values), list(preparation.columns)


def mean_squared_distance(prepared: np.ndarray) -> float:
    # Of two customers drawn with replacement: each also meets itself.
    return float(2 * pdist(prepared, "sqeuclidean").sum() / len(prepared) ** 2)


# What a category weighs.


@given(
    st.lists(st.integers(1, 40), min_size=2, max_size=20),
    st.sampled_from(["standard", "robust", "minmax"]),
    st.integers(0, 2**16),
)
@settings(max_examples=40, deadline=None)
def test_a_category_of_any_levels_weighs_half_a_number(sizes: list[int], scaling: Any, seed: int) -> None:
    levels = np.repeat([f"level {number}" for number in range(len(sizes))], sizes)
    number = np.random.default_rng(seed).normal(100, 5, len(levels))
    recipe = Recipe(categories=True, scaling=scaling)
    prepared, (own, category) = prepared_of(levels, recipe, number=number)
    of_number, of_category = (mean_squared_distance(prepared[:, place]) for place in (own, category))
    # Hennig and Liao (2013): q = 1/2 of the distance of a number.
    np.testing.assert_allclose(of_category, of_number / 2, rtol=1e-9)
    if scaling == "standard":
        np.testing.assert_allclose(of_number, 2)


@pytest.mark.parametrize("levels", [2, 3, 10])
def test_it_weighs_less_than_a_number_on_average_over_random_customers(levels: int) -> None:
    generator = np.random.default_rng(levels)
    found = []
    for _ in range(20):
        category = generator.integers(levels, size=300).astype(str)
        prepared, (own, place) = prepared_of(np.char.add("level ", category), number=generator.normal(size=300))
        found.append(mean_squared_distance(prepared[:, place]) / mean_squared_distance(prepared[:, own]))
    assert 0 < np.mean(found) <= 1


# The weight of 2 has a yes/no vary as much as a number does, which is why it is not the usual one.
@pytest.mark.parametrize(("levels", "weight", "first"), [(2, 1, "number"), (10, 1, "number"), (2, 2, "category")])
def test_a_split_in_two_follows_a_number_before_a_category_that_goes_with_nothing(
    levels: int, weight: float, first: str
) -> None:
    followed = []
    for seed in range(10):
        generator = np.random.default_rng(seed)
        cells = pd.DataFrame(
            {"number": generator.normal(size=800), "category": [f"l{n}" for n in generator.integers(levels, size=800)]}
        )
        recipe = Recipe(categories=True, weights={"category": weight})
        influence = segment(CustomerTable.read(cells), k=2, seed=0, recipe=recipe).influence
        followed.append(influence.ranked[0][0])
    assert followed == [first] * 10


def test_a_weight_of_two_makes_a_category_weigh_a_number() -> None:
    recipe = Recipe(categories=True, weights={"category": 2})
    prepared, (own, category) = prepared_of(["a", "b", "b", "c"] * 30, recipe, number=np.arange(120.0))
    np.testing.assert_allclose(
        mean_squared_distance(prepared[:, category]), mean_squared_distance(prepared[:, own]), rtol=1e-9
    )


def test_levels_in_order_count_as_one_number_of_ranks() -> None:
    prepared, (_, place) = prepared_of(["low", "high", "medium", "low"] * 30, number=np.arange(120.0))
    ranks = prepared[:4, place][:, 0]
    assert prepared[:, place].shape[1] == 1
    np.testing.assert_allclose(ranks[1] - ranks[2], ranks[2] - ranks[0])
    # q = 1 / (1 + 1 / (3 - 1)).
    np.testing.assert_allclose(mean_squared_distance(prepared[:, place]), 2 * 2 / 3)


# Rare and missing levels.


def test_levels_beyond_the_most_frequent_count_as_one() -> None:
    sizes = range(10, 10 + MOST_LEVELS + 3)
    cells = np.repeat([f"level {number:02}" for number in range(len(sizes))], list(sizes))
    read = CustomerTable.read(pd.DataFrame({"spend": np.arange(float(len(cells))) % 50, "place": cells}))
    found = segment(read, k=2, seed=0, recipe=ALL)
    levels = list(found.level_shares("place").columns)
    assert levels == [*(f"level {number:02}" for number in range(MOST_LEVELS + 2, 2, -1)), "other"]
    assert f"Place: the {MOST_LEVELS} most frequent levels are told apart, 3 rarer ones count as one." in (
        found.preparation.steps
    )


def test_no_value_is_a_level_of_its_own_unless_it_leaves_a_customer_out() -> None:
    assert "no value" in result().level_shares("plan").columns
    assert "No value counts as a level of its own in plan." in result().preparation.steps
    strict = segment(table(), k=4, seed=0, recipe=Recipe(categories=True, missing="drop"))
    gaps = frame()["plan"].isna()
    assert strict.left_out == gaps.sum()
    assert (strict.labels[gaps] == 0).all()
    assert "no value" not in strict.level_shares("plan").columns


def test_a_category_that_is_the_same_for_everybody_takes_no_part() -> None:
    cells = frame()[["spend", "visits"]].assign(country="NL")
    read = CustomerTable.read(cells, roles={"country": "category"})
    found = segment(read, k=3, seed=0, recipe=ALL)
    plain = segment(read, k=3, seed=0)
    np.testing.assert_array_equal(found.labels, plain.labels)
    assert found.categories == ()
    assert "No category could be compared: the table has none that differs." in found.preparation.steps


# What is found.


def test_without_categories_the_bits_are_those_of_the_features_alone() -> None:
    names = ("spend", "visits", "months")
    values = table().matrix(names)
    fitted = engines.fit("memory", (values - values.mean(axis=0)) / values.std(axis=0), 4, 7)
    for recipe in (None, Recipe(), Recipe(categories=False), Recipe(categories=())):
        found = segment(table(), k=4, seed=7, recipe=recipe)
        assert found.prepared_centroids.tobytes() == fitted.centroids.tobytes()
        assert (found.labels - 1).astype(np.uint8).tobytes() == fitted.labels.tobytes()


def test_one_seed_gives_the_same_bits_whatever_the_order_of_levels_in_the_file() -> None:
    again = segment(CustomerTable.read(frame().copy()), k=4, seed=0, recipe=ALL)
    assert again.prepared_centroids.tobytes() == result().prepared_centroids.tobytes()
    assert result().prepared_centroids.shape == (4, 3 + 3 + 5)
    assert result().centroids.shape == (4, 3)


def test_centroids_hold_the_shares_of_levels_and_the_means_of_features() -> None:
    labels = pd.Series(result().labels, name="segment")
    shares = pd.crosstab(labels, frame()["contract"], normalize="index")
    found = result().level_shares("contract")
    pd.testing.assert_frame_equal(found[list(shares)], shares, check_names=False)
    means = frame().groupby(result().labels)[list(result().features)].mean()
    np.testing.assert_allclose(result().centroids, means)


def test_segments_follow_what_categories_say() -> None:
    # Numbers without any groups, and two categories that are the same: only these can split the customers.
    generator = np.random.default_rng(1)
    side = generator.choice(["left", "right"], 400)
    cells = pd.DataFrame(
        {"number": generator.normal(size=400), **{f"c{n}": np.char.add(side, str(n)) for n in range(4)}}
    )
    read = CustomerTable.read(cells)
    found = segment(read, k=2, seed=0, recipe=ALL)
    assert pd.crosstab(found.labels, side).to_numpy().min() == 0
    one = segment(read, k=2, seed=0, recipe=Recipe(categories=("c1",)))
    assert one.categories == ("c1",)


def test_influence_is_the_share_of_the_sum_of_squares_between_segments() -> None:
    values, preparation = prepare(table(), result().features, ALL)
    prepared, labels = preparation.apply(values), result().labels
    means = prepared.mean(axis=0)
    between = sum(
        (labels == own).sum() * np.square(prepared[labels == own].mean(axis=0) - means) for own in range(1, 5)
    )
    expected = [between[place].sum() / between.sum() for place in preparation.columns]
    influence = profile(result()).influence
    assert influence.columns == ("spend", "visits", "months", "contract", "plan")
    np.testing.assert_allclose(influence.shares, expected, rtol=1e-9)
    np.testing.assert_allclose(influence.shares.sum(), 1)
    assert influence.frame["role"].tolist().count("category") == 2
    top, share = influence.ranked[0]
    assert influence.sentence.startswith(f"Of what sets the segments apart, {percent(share)} is {top}, ")
    both = percent(float(influence.shares[3:].sum()))
    assert influence.sentence.endswith(f"All 2 categories together make up {both}.")


# New and later customers.


def test_the_same_customers_get_the_same_segments_again() -> None:
    np.testing.assert_array_equal(result().assign(frame()), result().labels)
    np.testing.assert_array_equal(result().assign(table()), result().labels)
    shuffled = frame().sample(frac=1, random_state=3)
    np.testing.assert_array_equal(result().assign(shuffled), result().labels[shuffled.index])


def test_a_level_that_was_never_seen_is_none_of_the_known_ones() -> None:
    new = frame().head(50).assign(contract="for life", plan="z")
    values, preparation = prepare(table(), result().features, ALL)
    prepared = preparation.apply(values[:50])
    prepared[:, 3:] = 0
    np.testing.assert_array_equal(result().assign(new), cdist(prepared, result().prepared_centroids).argmin(axis=1) + 1)


@pytest.mark.parametrize("words", [("yes", "no"), ("low", "high")])
def test_a_word_that_was_never_seen_is_no_obstacle_to_whom_it_is_one_of_many(words: tuple[str, str]) -> None:
    generator = np.random.default_rng(0)
    cells = pd.DataFrame({"number": generator.normal(size=90), "word": generator.choice(words, 90)})
    found = segment(CustomerTable.read(cells), k=2, seed=0, recipe=ALL)
    np.testing.assert_array_equal(found.assign(cells), found.labels)
    assert set(found.assign(cells.assign(word="perhaps"))) <= {1, 2}


def test_a_table_without_a_compared_category_is_refused() -> None:
    with pytest.raises(DataError, match="got none called “contract”"):
        result().assign(frame().drop(columns="contract"))
    with pytest.raises(DataError, match="has no column called “plan”"):
        migrate(result(), frame().drop(columns="plan"))


def test_customers_are_followed_by_their_categories_too() -> None:
    later = frame().assign(contract=np.where(frame()["contract"] == "month", "two years", frame()["contract"]))
    migration = migrate(result(), later.sample(frac=1, random_state=1))
    np.testing.assert_array_equal(migration.labels, result().assign(later)[migration.rows_before])
    assert migration.moved > 0
    assert migrate(result(), frame()).moved == 0


def test_customers_who_are_elsewhere_are_scored_and_judged_without_rows() -> None:
    elsewhere = Segmentation(**{**vars_of(result()), "source": Rowless(result().source)})
    assert certainty(elsewhere).jaccard.tolist() == certainty(result()).jaccard.tolist()
    assert profile(elsewhere).silhouette == profile(result()).silhouette
    assert find_planes(elsewhere)[1].shares == find_planes(result())[1].shares


def vars_of(found: Segmentation) -> dict[str, Any]:
    return {name: getattr(found, name) for name in Segmentation.__dataclass_fields__}


def test_the_margin_of_a_customer_counts_its_categories() -> None:
    values, preparation = prepare(table(), result().features, ALL)
    distances = np.sort(cdist(preparation.apply(values), result().prepared_centroids), axis=1)
    np.testing.assert_allclose(certainty(result()).margin, 1 - distances[:, 0] / distances[:, 1], atol=1e-9)


@pytest.mark.parametrize("row", range(0, ROWS, 97))
def test_one_customer_is_explained_by_features_and_categories(row: int) -> None:
    placed = explain(result(), f"C{row}")
    assert placed.segment == result().labels[row]
    assert len(placed.contributions) == 5
    np.testing.assert_allclose(placed.contributions.sum(), placed.next_distance**2 - placed.distance**2, atol=1e-9)
    assert place(result(), placed.values)[0] == placed.segment


def test_a_category_is_a_reason_in_words() -> None:
    explained = [explain(result(), f"C{row}") for row in range(60)]
    row = next(row for row, placed in enumerate(explained) if "contract (" in placed.sentence)
    placed, level = explained[row], str(frame()["contract"][row])
    own = list(result().level_shares("contract").columns).index(level)
    share = percent(float(result().level_shares("contract").to_numpy()[placed.segment - 1, own]))
    assert f"contract ({level}; {share} at the centre of segment {placed.segment}" in placed.sentence


def test_a_comparison_says_that_categories_were_added() -> None:
    changes = compare(segment(table(), k=4, seed=0), result()).changes
    assert changes == ("Categories: not compared before, all compared too after.",)


def test_an_association_says_that_it_is_by_construction() -> None:
    told = {found.column: found.sentence for found in find_associations(result())}
    untold = {found.column: found.sentence for found in find_associations(segment(table(), k=4, seed=0))}
    assert "Customers were compared by it, so that this is no surprise." in told["contract"]
    assert "compared" not in untold["contract"]


def test_advice_is_of_what_would_be_compared() -> None:
    one = advise(table(), ks=[2, 3], seed=0, recipe=ALL)
    other = advise(table(), ks=[2, 3], seed=0)
    assert one.table["silhouette"].tolist() != other.table["silhouette"].tolist()
    warning = "nobody lies between two levels"
    assert (warning in one.reason) == one.natural_groups
    assert warning not in other.reason


# What can't be had.


@pytest.mark.parametrize(
    ("categories", "sentence"),
    [
        (("contracts",), "“contracts” is no category to compare. Choose from “contract”, “plan”."),
        (("spend",), "“spend” is no category to compare. Choose from “contract”, “plan”."),
        (
            "contract",
            "Categories must be True for all of them, False for none, or a list of names, but got “contract”.",
        ),
        (3, "Categories must be True for all of them, False for none, or a list of names, but got “3”."),
        ([3], "Categories must be True for all of them, False for none, or a list of names, but got “[3]”."),
    ],
)
def test_what_is_no_category_is_refused(categories: Any, sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        segment(table(), k=2, recipe=Recipe(categories=categories))
    assert str(refused.value) == sentence


def test_a_weight_may_stand_for_a_category_that_takes_no_part_yet() -> None:
    plain = segment(table(), k=3, seed=0)
    weighted = segment(table(), k=3, seed=0, recipe=Recipe(weights={"contract": 3}))
    np.testing.assert_array_equal(plain.labels, weighted.labels)
    with pytest.raises(SettingError, match="There is no feature called “contract” to prepare"):
        segment(table(), k=3, recipe=Recipe(log=("contract",)))
