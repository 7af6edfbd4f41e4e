"""The planes through all features, against scikit-learn's own, and for any segmentation at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from custseg import segment
from custseg.insight.projections import find_planes
from tests.strategies import segmentations

if TYPE_CHECKING:
    from custseg import Segmentation
    from custseg.insight.projections import Plane


def prepared_of(result: Segmentation) -> np.ndarray:
    values = result.table.matrix(result.features)[result.segmented]
    return result.preparation.apply(values)


@pytest.fixture
def planes(result: Segmentation) -> tuple[Plane, ...]:
    return find_planes(result)


def same_but_for_sign(one: np.ndarray, other: np.ndarray) -> None:
    signs = np.sign((one * other).sum(axis=0))
    np.testing.assert_allclose(one, other * signs, atol=1e-4)


def test_the_principal_plane_is_that_of_scikit_learn(result: Segmentation, planes: tuple[Plane, ...]) -> None:
    prepared = prepared_of(result)
    oracle = PCA(2).fit(prepared)
    assert planes[0].kind == "principal"
    np.testing.assert_allclose(planes[0].shares, oracle.explained_variance_ratio_)
    same_but_for_sign(planes[0].place(prepared), oracle.transform(prepared))


def test_the_discriminant_plane_is_that_of_scikit_learn(result: Segmentation, planes: tuple[Plane, ...]) -> None:
    prepared = prepared_of(result)
    oracle = LinearDiscriminantAnalysis(solver="svd").fit(prepared, result.labels)
    assert planes[1].kind == "discriminant"
    np.testing.assert_allclose(planes[1].shares, oracle.explained_variance_ratio_[:2], atol=1e-4)
    places, expected = planes[1].place(prepared), oracle.transform(prepared)[:, :2]
    same_but_for_sign(places / places.std(axis=0), expected / expected.std(axis=0))


def test_two_segments_are_apart_in_one_direction_alone() -> None:
    generator = np.random.default_rng(0)
    values = generator.normal(size=(200, 3)) + np.repeat([[0, 0, 0], [9, 0, 0]], 100, axis=0)
    result = segment(pd.DataFrame(values, columns=["a", "b", "c"]), k=2, seed=0)
    plane = find_planes(result)[1]
    np.testing.assert_allclose(plane.shares, [1, 0], atol=1e-6)
    assert np.abs(plane.directions[0]).argmax() == 0
    # Beside it, how all differ most: at right angles, and as wide as that can be.
    assert plane.directions[0] @ plane.directions[1] == pytest.approx(0, abs=1e-9)
    places = plane.place(prepared_of(result))
    beside = prepared_of(result) - prepared_of(result).mean(axis=0)
    beside = beside - np.outer(beside @ plane.directions[0], plane.directions[0])
    assert places[:, 1].var() == pytest.approx(PCA(1).fit(beside).explained_variance_[0], rel=0.01)
    assert plane.shares[1] == 0


def test_a_single_feature_has_no_plane(table: object) -> None:
    assert find_planes(segment(table, features=["Milk"], k=3, seed=0)) == ()


def test_a_feature_that_is_there_twice_is_no_hindrance() -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame({"a": generator.normal(size=90), "b": np.repeat([0.0, 8.0, 20.0], 30)})
    result = segment(frame.assign(c=frame["a"]), k=3, seed=0)
    for plane in find_planes(result):
        assert np.isfinite(plane.place(prepared_of(result))).all()


@given(segmentations())
def test_of_any_segmentation_places_are_finite_and_shares_are_shares(result: Segmentation) -> None:
    for plane in find_planes(result):
        assert np.isfinite(plane.place(prepared_of(result))).all()
        assert 0 <= plane.shares[1] <= plane.shares[0] <= 1
        assert sum(plane.shares) <= 1 + 1e-9
        np.testing.assert_allclose(np.linalg.norm(plane.directions, axis=1), 1)
