"""What lies in a box and within a line drawn by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from custseg.tables.shapes import in_box, in_polygon

# Halves among whole numbers: no point lies on a corner's level, where rounding would decide.
CORNERS = arrays(float, st.tuples(st.integers(3, 12), st.just(2)), elements=st.integers(-5, 5).map(float))
POINTS = arrays(float, (20, 2), elements=st.integers(-6, 6).map(lambda whole: whole + 0.5 + 1 / 64))


def crossings(point: np.ndarray, corners: np.ndarray) -> int:
    """Count, edge by edge, how often the line is to the right of a point."""
    found = 0
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if (y0 > point[1]) != (y1 > point[1]):
            found += point[0] < x0 + (point[1] - y0) * (x1 - x0) / (y1 - y0)
    return int(found)


@given(POINTS, CORNERS)
def test_inside_is_where_a_ray_crosses_the_line_an_odd_number_of_times(points: np.ndarray, corners: np.ndarray) -> None:
    expected = [crossings(point, corners) % 2 == 1 for point in points]
    assert in_polygon(points, corners).tolist() == expected


def test_points_at_no_place_are_nowhere_inside() -> None:
    points = np.array([[np.nan, 0.5], [0.5, np.nan], [0.5, 0.5], [np.inf, 0.5]])
    assert in_polygon(points, np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])).tolist() == [False, False, True, False]
    assert in_box(points, (1, 1), (0, 0)).tolist() == [False, False, True, False]


def test_a_line_with_many_corners_holds_whom_the_circle_it_follows_holds() -> None:
    points = np.random.default_rng(0).normal(size=(100_000, 2))
    angles = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    inside = in_polygon(points, np.column_stack([np.cos(angles), np.sin(angles)]))
    assert abs(int(inside.sum()) - int((np.square(points).sum(axis=1) < 1).sum())) < 20
