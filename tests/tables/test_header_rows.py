"""The line of column names is found, and no customer is taken for it, whatever a table holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from custseg.tables.sources.header_rows import find_header, kind_of

NAMES = ["client", "region", "spend", "visits"]
TEXTS = st.sampled_from(["Ann", "Bob", "C-17", "north", "", "n/a", "see note", "12 items"])
NUMBERS = st.one_of(
    st.none(), st.integers(-999, 9999), st.floats(-1e6, 1e6), st.sampled_from(["1,5", "7 €", "unknown", "see note"])
)


@st.composite
def customers(draw: st.DrawFn) -> list[list[Any]]:
    row = st.tuples(TEXTS, TEXTS, NUMBERS, NUMBERS)
    return [list(cells) for cells in draw(st.lists(row, min_size=1, max_size=12))]


@given(customers())
def test_below_a_line_of_names_all_are_customers(rows: list[list[Any]]) -> None:
    # A line without any customer may say the units of columns.
    assume(rows[0][0] or rows[0][1])
    header = find_header([NAMES, *rows])
    assert (header.above, header.lines, header.names) == (0, 1, tuple(NAMES))


@given(customers(), st.integers(1, 4))
def test_notes_above_the_names_are_told_from_them(rows: list[list[Any]], notes: int) -> None:
    assume(sum(len([cell for cell in row if kind_of(cell)]) == len(NAMES) for row in rows) > len(rows) / 2)
    assume(any(kind_of(row[2]) == "number" for row in rows))
    above = [["Report of 2024", "", None, None]] * notes
    header = find_header([*above, NAMES, *rows])
    assert (header.above, header.lines, header.names) == (notes, 1, tuple(NAMES))


@pytest.mark.parametrize(
    ("names", "row"),
    [
        (["client", 2023, 2024], ["a", 5, 7]),
        (["client", "1", "2", "3"], ["a", "5", "7", "8"]),
        (["2024-01", "2024-02"], ["1.5", "2.5"]),
        (["a", "b"], ["c", "d"]),
        (["client", 0.5], ["a", 0.7]),
    ],
)
def test_names_that_may_be_names_stay_names(names: list[Any], row: list[Any]) -> None:
    assert find_header([names, *[row] * 5]).lines == 1


def test_a_table_of_one_cell_or_one_line_has_names() -> None:
    assert find_header([["v"]]).lines == 1
    assert find_header([["v", "w"], [1, 2]]).lines == 1


def test_units_below_the_names_are_joined_to_them() -> None:
    header = find_header([NAMES, ["", "", "EUR", "a year"], ["Ann", "north", 5, 7], ["Bob", "south", 6, 8]])
    assert (header.lines, header.names) == (2, ("client", "region", "spend EUR", "visits a year"))
