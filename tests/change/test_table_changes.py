"""What has changed in a later table beyond single features: planted, recomputed, and not seen where nothing has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm, rankdata

from benchmarks import drift as benchmark
from custseg import Migration, Recipe, Segmentation, migrate, segment
from custseg.change import refit
from custseg.change.correlation_drift import find_correlation_drift
from custseg.change.whole_drift import chance_of_difference
from custseg.tables.column_roles import Column

COLUMNS = tuple(Column(name, "feature", "numbers") for name in ("milk", "grocery", "fresh"))


def correlated(correlation: float, customers: int, seed: int, how: str = "normal") -> np.ndarray:
    """Return customers x 3, of which the first two go together so."""
    values = np.random.default_rng(seed).normal(size=(customers, 3))
    values[:, 1] = correlation * values[:, 0] + np.sqrt(1 - correlation**2) * values[:, 1]
    return np.exp(2 * values) if how == "skewed" else values


def table(values: np.ndarray) -> pd.DataFrame:
    names = [column.name for column in COLUMNS]
    return pd.DataFrame(values, columns=names).assign(customer_id=[f"c{row}" for row in range(len(values))])


def later(before: np.ndarray, now: np.ndarray, k: int = 3) -> Migration:
    return migrate(segment(table(before), k=k, seed=0), table(now))


@pytest.mark.parametrize("how", ["normal", "skewed"])
def test_a_correlation_that_turns_its_sign_is_never_missed(how: str) -> None:
    words = "Milk and grocery used to rise together; now one falls as the other rises "
    found = later(correlated(0.4, 400, 1, how), correlated(-0.4, 400, 2, how))
    assert not found.fits
    assert found.warnings[0].startswith(words)
    for seed in range(100, 150):
        tables = correlated(0.4, 250, seed, how), correlated(-0.4, 250, seed + 50, how)
        assert find_correlation_drift(COLUMNS, *tables)[0].sentence.startswith(words)


def test_the_correlations_are_those_of_normal_scores() -> None:
    before, now = correlated(0.6, 300, 1), correlated(-0.5, 200, 2)
    (pair,) = find_correlation_drift(COLUMNS, before, now)
    for values, found in ((before, pair.before), (now, pair.now)):
        scores = norm.ppf(rankdata(values, axis=0) / (len(values) + 1))
        assert found == pytest.approx(np.corrcoef(scores[:, 0], scores[:, 1])[0, 1])
    # No change of unit or of scale makes another correlation.
    assert find_correlation_drift(COLUMNS, 1e6 * np.exp(before), now)[0].before == pytest.approx(pair.before)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (-0.6, 0.6, "used to go against each other; now they rise together"),
        (0.7, 0.0, "used to rise together; now they have little to do with each other"),
        (0.0, -0.7, "used to have little to do with each other; now one falls as the other rises"),
        (0.9, 0.4, "rise together less closely than before"),
        (-0.4, -0.9, "go against each other more closely than before"),
    ],
)
def test_what_has_changed_is_said_in_plain_words(before: float, now: float, words: str) -> None:
    (pair,) = find_correlation_drift(COLUMNS, correlated(before, 1000, 3), correlated(now, 1000, 4))
    assert pair.sentence.startswith(f"Milk and grocery {words} (rank correlation {pair.before:.2f} before, ")


@pytest.mark.parametrize("sizes", [(100, 100), (440, 60), (60, 440)])
@pytest.mark.parametrize("kind", ["normal", "counts", "two values", "gaps"])
def test_chance_seldom_changes_a_correlation(kind: str, sizes: tuple[int, int]) -> None:
    changed = 0
    for seed in range(100):
        before, now = (correlated(0.5, size, 1000 + 2 * seed + place) for place, size in enumerate(sizes))
        for values in (before, now):
            if kind == "gaps":
                values[::3, 0] = np.nan
            elif kind != "normal":
                values[:] = values > 0.8 if kind == "two values" else np.maximum(np.round(np.exp(values) - 1.2), 0)
        changed += bool(find_correlation_drift(COLUMNS, before, now))
    assert changed <= 5


def test_features_that_are_constant_missing_or_of_few_customers_have_no_correlation_to_change() -> None:
    before, now = correlated(0.9, 300, 1), correlated(-0.9, 300, 2)
    for broken in (np.zeros(300), np.full(300, np.nan), np.where(np.arange(300) < 10, now[:, 0], np.nan)):
        changed = now.copy()
        changed[:, 0] = broken
        assert find_correlation_drift(COLUMNS, before, changed) == ()
    assert find_correlation_drift(COLUMNS[:1], before[:, :1], now[:, :1]) == ()
    # Of a feature that is another's copy, Fisher's z is infinite.
    copied = before.copy()
    copied[:, 1] = copied[:, 0]
    assert find_correlation_drift(COLUMNS, copied, copied) == ()
    assert find_correlation_drift(COLUMNS, copied, now)[0].now < 0


def test_a_change_of_the_whole_is_as_likely_by_chance_as_it_says() -> None:
    generator = np.random.default_rng(5)
    chances = [chance_of_difference(*generator.normal(size=(2, 60, 3))) for _ in range(200)]
    assert np.mean(np.array(chances) <= 0.1) == pytest.approx(0.1, abs=0.06)
    assert chance_of_difference(*generator.normal(np.array([[[0]], [[0.4]]]), size=(2, 200, 3))) == pytest.approx(0.005)
    same = generator.normal(size=(50, 3))
    assert chance_of_difference(same, same[::-1]) == 1


def test_where_every_feature_shifts_a_little_the_whole_is_said_to_have_changed() -> None:
    generator = np.random.default_rng(8)
    before, now = generator.normal(np.array([[[0]], [[0.2]]]), size=(2, 1500, 3))
    found = later(before, now)
    assert all(one.shift == "stable" for one in found.drift)
    assert found.warnings[0].startswith("Taken as a whole, the customers differ from those before by more than chance")


def test_a_category_that_shifts_is_warned_of_by_its_level() -> None:
    generator = np.random.default_rng(4)
    tables = [
        table(generator.normal(size=(600, 3))).assign(plan=np.where(generator.random(600) < share, "basic", "plus"))
        for share in (0.7, 0.4)
    ]
    found = migrate(segment(tables[0], k=3, seed=0, recipe=Recipe(categories=True)), tables[1])
    (plan,) = found.changes.category_drift
    shares = [(frame["plan"] == "basic").mean() for frame in tables]
    assert (plan.share_before, plan.share_now) == pytest.approx(tuple(shares))
    expected = sum((now - was) * np.log(now / was) for was, now in (shares, [1 - share for share in shares]))
    assert plan.stability_index == pytest.approx(expected)
    assert plan.sentence in found.warnings
    assert plan.shares == (f"basic: {shares[0]:.0%}", f"basic: {shares[1]:.0%}")


def groups(centres: list[float], seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.normal(centre, 0.5, size=(100, 3)) for centre in centres])


def test_new_segments_are_advised_only_where_they_would_be_others() -> None:
    before = groups([0, 5, 10], 1)
    moved = later(before, groups([0, 2, 10], 2) + np.repeat([[0, 0, 0], [3, -3, 3], [0, 0, 0]], 100, axis=0))
    assert moved.refit is not None
    assert not moved.fits
    assert moved.can_be_kept
    assert moved.refit.adjusted_rand > 0.9
    assert "these segments can be kept: new ones would be nearly the same." in moved.sentence
    gone = later(before, groups([0, 0.3, 10, 20], 3))
    assert gone.refit is not None
    assert gone.refit.adjusted_rand < gone.refit.usual_adjusted_rand
    assert gone.refit.excess > gone.refit.usual_excess
    assert not gone.can_be_kept
    assert "run the clustering again" in gone.sentence
    assert "Segments made anew would be closer to the customers: adjusted Rand index " in gone._repr_html_()


def test_the_refit_is_that_of_scikit_learn() -> None:
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    before, now = groups([0, 3, 6], 5), groups([0, 4, 9], 6)
    found = later(before, now)
    result = found.before
    prepared = result.preparation.apply(table(now)[list(result.features)].to_numpy())
    peer = KMeans(3, n_init=20, random_state=0).fit(prepared)
    assert found.refit is not None
    assert found.refit.adjusted_rand == pytest.approx(adjusted_rand_score(found.labels, peer.labels_))
    distances = np.linalg.norm(prepared[:, None] - result.prepared_centroids, axis=2).min(axis=1)
    assert found.refit.excess == pytest.approx(np.square(distances).sum() / peer.inertia_ - 1, rel=1e-6)
    # Chance alone makes new segments as alike, and closer by as much as a small share.
    assert later(before, groups([0, 3, 6], 7)).can_be_kept


def test_fewer_customers_than_segments_are_an_answer() -> None:
    before = groups([0, 5, 10], 1)
    found = later(before, before[:2])
    assert found.refit is None
    assert found.fits
    assert "Too few of the customers now differ to make 3 segments anew." in found._repr_markdown_()
    alike = later(before, np.repeat(before[:1], 40, axis=0))
    assert alike.refit is None
    assert not alike.can_be_kept


def test_the_same_tables_give_the_same_answer_to_the_last_bit() -> None:
    before, now = groups([0, 5, 10], 1), groups([0, 4, 9], 2)
    assert later(before, now).changes == later(before, now).changes


def test_drifted_tables_are_noticed_and_others_are_not() -> None:
    found = benchmark.measure(first=200_000, drifted=1, undrifted=8, sizes=(250,))
    nothing = found.pop("nothing changed")
    assert nothing.warned <= 1
    assert sum(kind.pairs - kind.warned for kind in found.values()) <= 0.25 * sum(kind.pairs for kind in found.values())
    assert found["a correlation turns its sign"].warned == 1


def test_segments_that_differ_as_much_without_any_change_need_no_new_ones(result: Segmentation) -> None:
    frame = result.table.to_pandas()
    found = migrate(result, frame.assign(Grocery=1.4 * frame["Grocery"]))
    assert found.refit is not None
    assert found.refit.usual_adjusted_rand < found.refit.adjusted_rand < 0.9
    assert not found.fits
    assert found.sentence.endswith("can be kept: new ones would differ no more than they do without any change.")


def test_many_customers_are_a_sample_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    before, now = groups([0, 5, 10], 1), groups([0, 4, 9], 2)
    everybody = later(before, now).refit
    monkeypatch.setattr(refit, "MOST_CUSTOMERS", 200)
    some = later(before, now).refit
    assert everybody is not None
    assert some is not None
    assert (some.customers, some.drawn_from, everybody.customers) == (200, 300, 300)
    assert some.sentence.endswith(" Of 200 customers at random.")
    assert "at random" not in everybody.sentence
    assert some.adjusted_rand == pytest.approx(everybody.adjusted_rand, abs=0.05)
