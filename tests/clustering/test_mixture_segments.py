"""Segments that a mixture finds: they score, are explained, saved, compared and followed as those of K-Means are."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from custseg import Recipe, SegmentationModel, SettingError, certainty, compare, migrate, segment
from custseg.export.csv import write_customers
from custseg.insight.certainty import margins
from custseg.insight.explanation import explain, place, what_would_move
from custseg.panes.parts.customer_detail import placement_html, what_if_html
from dashboard.url_state import query_of, restore

if TYPE_CHECKING:
    import numpy.typing as npt

MIXTURE = Recipe(method="mixture")


def long_groups(seed: int, customers: int = 200) -> tuple[pd.DataFrame, npt.NDArray[np.intp]]:
    """Return two long groups side by side, the second half as large, of which K-Means would make other segments."""
    generator = np.random.default_rng(seed)
    truth = np.repeat([0, 1], [customers, customers // 2])
    along, across = generator.normal(0, 6, len(truth)), generator.normal(truth * 7.0, 1)
    identifiers = [f"c{row}" for row in range(len(truth))]
    return pd.DataFrame({"customer": identifiers, "visits": along + across, "spend": along - across}), truth


@pytest.fixture(scope="module")
def model() -> SegmentationModel:
    model = SegmentationModel(long_groups(1)[0], k=2, seed=3, recipe=MIXTURE)
    model.run_clustering()
    model.run_assessment()
    return model


def test_groups_of_another_shape_are_the_segments_the_largest_first(model: SegmentationModel) -> None:
    table, truth = long_groups(1)
    result = model.result
    assert result is not None
    assert adjusted_rand_score(truth, result.labels) > 0.95
    assert adjusted_rand_score(truth, segment(table, k=2, seed=3).labels) < 0.5
    assert (np.diff(result.sizes) <= 0).all()
    assert (result.sizes == np.bincount(result.labels)[1:]).all()
    means = table.groupby(result.labels)[["visits", "spend"]].mean().to_numpy()
    np.testing.assert_allclose(result.centroids, means)


def test_new_customers_get_the_most_probable_segment_each_by_itself(model: SegmentationModel) -> None:
    table, _ = long_groups(1)
    result = model.result
    assert result is not None
    assert (result.assign(table) == result.labels).all()
    assert (np.concatenate([result.assign(table.iloc[[row]]) for row in range(20)]) == result.labels[:20]).all()
    shares = result.memberships(table)
    assert list(map(int, shares.columns)) == [1, 2]
    assert (shares.idxmax(axis=1).to_numpy() == result.labels).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    again = segment(table, k=2, seed=3, recipe=MIXTURE)
    assert (again.memberships(table).to_numpy() == shares.to_numpy()).all()


def test_k_means_knows_no_probabilities() -> None:
    table, _ = long_groups(1)
    with pytest.raises(SettingError, match=r"Recipe\(method=“mixture”\)"):
        segment(table, k=2, seed=3).memberships(table)


def test_what_a_mixture_cannot_segment_is_said_and_the_advice_works() -> None:
    table, _ = long_groups(2)
    lumpy = table.assign(orders=np.random.default_rng(0).integers(0, 5, len(table)))
    with pytest.raises(SettingError, match=r"same value: .*“orders”.*Leave this out of the features.*let K-Means"):
        segment(lumpy, k=2, recipe=MIXTURE)
    assert segment(lumpy, features=["visits", "spend"], k=2, seed=0, recipe=MIXTURE).k == 2
    assert segment(lumpy, k=2, seed=0).k == 2
    with pytest.raises(SettingError, match="A mixture sets no share of the customers apart"):
        segment(table, k=2, recipe=Recipe(method="mixture", trim=0.05))
    with pytest.raises(SettingError, match="The method must be one of"):
        Recipe(method="ward")  # type: ignore[arg-type]


def test_how_sure_a_customer_is_follows_the_probabilities(model: SegmentationModel) -> None:
    result = model.result
    assert result is not None
    shares = result.memberships(result.table.to_pandas()).to_numpy()
    margin, second = margins(result, result.table.matrix(result.compared))
    ordered = np.sort(shares, axis=1)
    np.testing.assert_allclose(margin, 1 - ordered[:, -2] / ordered[:, -1])
    assert (second == np.argsort(-shares, axis=1)[:, 1] + 1).all()
    found = certainty(result)
    assert found.borderline == np.count_nonzero(margin < 0.1)
    # The same groups are found in other samples, where K-Means would cut across them.
    assert found.jaccard.min() > 0.9


def test_a_customer_is_explained_by_probabilities_and_moves_where_it_is_said_to(model: SegmentationModel) -> None:
    outcome, result = model.outcome, model.result
    assert outcome is not None
    assert result is not None
    placed = explain(result, "c7")
    share = result.memberships(result.table.to_pandas()).to_numpy()[7]
    assert placed.segment == result.labels[7]
    assert placed.margin == pytest.approx(1 - share.min() / share.max())
    assert f"is in segment {placed.segment} with a probability of" in placed.sentence
    assert "nearer" not in placed.sentence
    assert placed.sentence in placement_html(placed, outcome)
    move = what_would_move(result, placed, "visits")
    assert move is not None
    row = result.table.to_pandas().iloc[[7]]
    assert result.assign(row.assign(visits=move.value)).tolist() == [move.segment]
    short_of_it = move.value - 1e-6 * (move.value - float(row["visits"].iloc[0]))
    assert result.assign(row.assign(visits=short_of_it)).tolist() == [placed.segment]
    segment_then, distances = place(result, [move.value, float(row["spend"].iloc[0])])
    assert segment_then == move.segment
    assert "with a probability of" in what_if_html(segment_then, distances, placed, outcome)


def test_the_file_of_customers_holds_the_probabilities(model: SegmentationModel) -> None:
    stream = BytesIO()
    write_customers(model.bundle(), stream)
    stream.seek(0)
    written, result = pd.read_csv(stream), model.result
    assert result is not None
    shares = result.memberships(result.table.to_pandas())
    np.testing.assert_allclose(written[["probability_1", "probability_2"]], shares, atol=5e-5)
    assert list(written.columns[-5:]) == ["segment", "segment_name", "margin", "probability_1", "probability_2"]


def test_it_is_compared_with_k_means_followed_and_returned_to() -> None:
    table, _ = long_groups(4)
    model = SegmentationModel(table, k=2, seed=3)
    round_ones = model.run_clustering()
    model.recipe = MIXTURE
    of_any_shape = model.run_clustering()
    compared = compare(round_ones, of_any_shape)
    assert any("Shape of segments: round (K-Means) before, any (mixture) after." in line for line in compared.changes)
    assert migrate(of_any_shape, table).stayed == len(table)
    assert restored(model).recipe == MIXTURE
    model.return_to(1)
    assert (model.recipe, model.result) == (Recipe(), round_ones)


def restored(model: SegmentationModel) -> SegmentationModel:
    """Return a model set from the address of another."""
    other = SegmentationModel(model.table)
    assert restore(other, query_of(model)) == []
    return other
