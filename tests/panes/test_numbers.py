"""Patterns for numbers are read whole, in tables, on axes and in saved reports."""

from __future__ import annotations

import pytest
from bokeh.models.widgets.tables import HTMLTemplateFormatter

from custseg.language import spoken
from custseg.panes.base.numbers import axis_numbers, cell_numbers, pattern_of


@pytest.mark.parametrize(
    ("pattern", "least", "most", "grouped", "share"),
    [
        ("0,0", 0, 0, True, False),
        ("0", 0, 0, False, False),
        ("0,0.00", 2, 2, True, False),
        ("0.[00]", 0, 2, False, False),
        ("0.0%", 1, 1, False, True),
        ("0%", 0, 0, False, True),
    ],
)
def test_a_pattern_says_how_many_decimals_and_whether_it_is_a_share(
    pattern: str, *, least: int, most: int, grouped: bool, share: bool
) -> None:
    ways = axis_numbers(pattern).args
    assert ways["digits"] == {"minimumFractionDigits": least, "maximumFractionDigits": most, "useGrouping": grouped}
    assert ways["share"] is share
    assert pattern_of(cell_numbers(pattern)) == pattern


def test_a_table_writes_as_the_language_does_that_is_spoken_when_it_is_made() -> None:
    with spoken("de"):
        german = cell_numbers("0.0%", "-")
    assert isinstance(german, HTMLTemplateFormatter)
    assert german.template == (
        "<%- Number.isFinite(value) ? "
        '(100 * value).toLocaleString("de", {"minimumFractionDigits": 1, "maximumFractionDigits": 1, '
        '"useGrouping": false}) + "\\u00a0%" : "-" %>'
    )


def test_what_is_no_pattern_is_refused_and_other_formatters_have_none() -> None:
    with pytest.raises(ValueError, match="0a"):
        axis_numbers("0a")
    assert pattern_of(HTMLTemplateFormatter(template="<%- value %>")) is None
    assert pattern_of({"type": "color"}) is None
