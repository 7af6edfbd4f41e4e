"""Gaps beside a value that many share: none where one column has them, one where several agree."""

from __future__ import annotations

import numpy as np
import pytest

from custseg.how_many.density_valleys import Valley, shallowest_joint_valley, shallowest_valley

ROWS = 2000


def boundary(values: np.ndarray, labels: np.ndarray) -> Valley:
    return shallowest_joint_valley(values, labels, labels.max() + 1, np.random.default_rng(0))


def test_a_flag_alone_or_zeros_alone_part_nobody() -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(ROWS, 3))
    bought = generator.random(ROWS) < 0.4
    values[:, 0] = bought
    assert boundary(values, bought.astype(np.intp)).density_ratio > 0.7
    values[:, 0] = np.where(bought, 5 + generator.random(ROWS), 0)
    assert boundary(values, bought.astype(np.intp)).density_ratio > 0.7


def test_what_several_columns_agree_on_parts_customers() -> None:
    generator = np.random.default_rng(5)
    bought = generator.random(ROWS) < 0.4
    values = np.where(bought[:, None], generator.gamma(3, size=(ROWS, 3)), 0.0)
    assert boundary(values, bought.astype(np.intp)).density_ratio < 0.3


def test_a_rare_zero_that_a_segment_has_come_of_parts_nobody() -> None:
    generator = np.random.default_rng(7)
    group = generator.integers(0, 2, ROWS)
    values = 6.0 * group[:, None] + generator.normal(20, 1, size=(ROWS, 4))
    absent = (group == 0) & (generator.random(ROWS) < 0.1)
    values[absent, 0] = 0.0
    assert boundary(values, np.where(absent, 2, group)).density_ratio > 0.7
    assert boundary(values, group).density_ratio < 0.1


def test_amounts_of_other_segments_do_not_open_a_gap_beside_zero() -> None:
    """Those who bought nothing are 0, the others of their group far above what the other group spends."""
    generator = np.random.default_rng(8)
    group = generator.integers(0, 2, ROWS)
    amounts = generator.gamma(40, size=ROWS) * (1 + 4 * group)
    values = np.column_stack([amounts, 60.0 * group + generator.normal(size=ROWS)])
    absent = (group == 1) & (generator.random(ROWS) < 0.3)
    values[absent, 0] = 0.0
    assert boundary(values, np.where(absent, 2, group)).density_ratio > 0.7


def test_without_frequent_values_valleys_are_those_of_the_values() -> None:
    values = np.random.default_rng(6).normal(size=(ROWS, 2))
    labels = (np.arange(ROWS) < ROWS // 3).astype(np.intp)
    values[labels == 1, 0] += 4
    centroids = np.array([values[labels == label].mean(axis=0) for label in (0, 1)])
    found, expected = boundary(values, labels), shallowest_valley(values, labels, centroids)
    assert found.density_ratio == pytest.approx(expected.density_ratio, rel=1e-9)
    assert found.depth_z == pytest.approx(expected.depth_z, rel=1e-9, abs=1e-12)
