"""Levels as statements: what a manager would say, and nothing that may be false."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custseg.tables.statements import statement_for


@pytest.mark.parametrize(
    ("label", "level", "statement"),
    [
        ("phone service", "Yes", "has phone service"),
        ("phone service", "No", "has no phone service"),
        ("senior citizen", "1", "senior citizen"),
        ("senior citizen", "0", "not a senior citizen"),
        ("Partner", "Yes", "has a partner"),
        ("Partner", "No", "has no partner"),
        ("paperless billing", "Yes", "paperless billing"),
        ("paperless billing", "No", "no paperless billing"),
        ("credit card", "true", "has a credit card"),
        ("active member", "FALSE", "not an active member"),
        ("online backup", "No internet service", "no internet service"),
        ("contract", "Month-to-month", "contract: Month-to-month"),
        ("loyal", "Yes", "loyal: yes"),
        ("loyal", "No", "loyal: no"),
    ],
)
def test_a_level_is_said_as_a_manager_would(label: str, level: str, statement: str) -> None:
    assert statement_for(label, level) == statement


@pytest.mark.parametrize(
    ("label", "level", "levels"),
    [
        ("gender", "F", ("F", "M")),
        ("gender", "F", ()),
        ("country", "NO", ()),
        ("country", "NO", ("NO", "SE")),
        ("channel", "1", ("1", "2")),
        ("channel", "1", ()),
        ("sex", "1", ("0", "1")),
        ("children", "1", ("0", "1", "2")),
    ],
)
def test_a_code_is_no_yes(label: str, level: str, levels: tuple[str, ...]) -> None:
    assert statement_for(label, level, levels) == f"{label}: {level}"


def test_letters_are_yes_and_no_where_there_are_no_others() -> None:
    assert statement_for("newsletter", "T", ("T", "F")) == "newsletter"
    assert statement_for("newsletter", "f", ("t", "f")) == "no newsletter"


@given(st.text(max_size=20), st.text(min_size=1, max_size=20), st.lists(st.text(max_size=5)))
def test_any_level_can_be_said(label: str, level: str, levels: list[str]) -> None:
    said = statement_for(label, level, levels)
    assert label.casefold() in said.casefold() or said == f"no {level[3:]}"
