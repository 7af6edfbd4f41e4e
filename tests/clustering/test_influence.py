"""Which columns decided the segments: what they would be without each, found anew by scikit-learn, and in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

import custseg
from custseg import Recipe, Segmentation, segment
from custseg.clustering import without_columns


def frame(seed: int = 3, customers: int = 300) -> pd.DataFrame:
    """Return customers in three groups by spend, two of which visits tell apart too, and age, which is noise."""
    generator = np.random.default_rng(seed)
    group = generator.integers(3, size=customers)
    cells = {
        "spend": np.array([0, 20, 40])[group] + generator.normal(size=customers),
        "visits": np.array([0, 0, 6])[group] + generator.normal(size=customers),
        "age": generator.normal(size=customers),
    }
    return pd.DataFrame(cells)


def test_without_a_column_segments_are_those_of_scikit_learn() -> None:
    result = segment(frame(), k=3, seed=0)
    found = custseg.influence(result)
    prepared = result.preparation.apply(frame().to_numpy())
    assert found.without is not None
    for place, agreement in enumerate(found.without):
        peer = KMeans(3, n_init=200, tol=0, random_state=0).fit(np.delete(prepared, place, axis=1))
        assert agreement == pytest.approx(adjusted_rand_score(result.labels, peer.labels_), abs=1e-9)
    alone = KMeans(3, n_init=200, tol=0, random_state=0).fit(prepared[:, [int(found.shares.argmax())]])
    assert found.alone == pytest.approx(adjusted_rand_score(result.labels, alone.labels_), abs=1e-9)
    np.testing.assert_array_equal(found.shares, result.influence.shares)
    table = found.frame.set_index("column")["adjusted rand without"]
    assert table.to_dict() == dict(zip(found.columns, found.without.tolist(), strict=True))
    assert (found.drawn_from, found.customers) == (300, 300)


def test_a_category_is_left_out_with_all_its_columns() -> None:
    cells = frame().assign(plan=np.array(["basic", "plus", "pro"])[np.arange(300) % 3])
    result = segment(cells, k=3, seed=0, recipe=Recipe(categories=True))
    found = custseg.influence(result)
    assert found.without is not None
    assert found.columns[-1] == "plan"
    assert found.without[-1] == pytest.approx(adjusted_rand_score(result.labels, segment(frame(), k=3, seed=0).labels))


def decided_by(weights: dict[str, float], cells: pd.DataFrame | None = None, k: int = 3) -> Segmentation:
    return segment(frame() if cells is None else cells, k=k, seed=0, recipe=Recipe(weights=weights))


def test_one_column_that_decides_all_is_warned_of() -> None:
    found = custseg.influence(decided_by({"spend": 100}))
    assert found.warn() == "Spend alone decides these segments: the rest hardly matter."
    assert "Spend alone decides these segments" in found._repr_html_()
    assert custseg.influence(decided_by({})).warn() == ""


def test_nearly_all_is_said_with_its_share_before_the_rest_is_known() -> None:
    assert (
        decided_by({"spend": 100}).influence.warn().startswith("Nearly all that sets these segments apart is spend (")
    )


def test_no_column_decides_alone_where_another_says_the_same() -> None:
    again = frame()["spend"] + np.random.default_rng(9).normal(0, 3, 300)
    cells = frame().assign(points=again)
    found = custseg.influence(decided_by({"spend": 100, "points": 100}, cells))
    assert found.alone > 0.9
    assert found.without is not None
    assert found.without.min() > 0.9
    assert found.warn() == ""


def test_the_only_column_is_no_warning_and_has_no_rest() -> None:
    found = custseg.influence(segment(frame()[["spend"]], k=3, seed=0))
    assert found.without is not None
    assert np.isnan(found.without).all()
    assert (found.alone, found.warn()) == (1, "")


def test_where_the_rest_has_too_few_different_customers_there_is_no_agreement() -> None:
    cells = frame()[["spend"]].assign(grade=np.arange(300) % 2 + 0.5)
    found = custseg.influence(segment(cells, k=3, seed=0))
    assert found.without is not None
    without = dict(zip(found.columns, found.without.tolist(), strict=True))
    assert np.isnan(without["spend"])
    assert 0 < without["grade"] <= 1


def test_many_customers_are_a_sample_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    result = segment(frame(customers=900), k=3, seed=0)
    everybody = custseg.influence(result)
    monkeypatch.setattr(without_columns, "MOST_CUSTOMERS", 500)
    found, again = custseg.influence(result), custseg.influence(result)
    assert (found.drawn_from, found.customers) == (500, 900)
    assert found.without is not None
    assert everybody.without is not None
    np.testing.assert_allclose(found.without, everybody.without, atol=0.1)
    np.testing.assert_array_equal(found.without, again.without if again.without is not None else [])


def test_whoever_no_longer_waits_ends_the_search() -> None:
    seen = []

    def stop(number: int) -> None:
        seen.append(number)
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        custseg.influence(segment(frame(), k=3, seed=0), on_progress=stop)
    assert seen == [1, 2]
