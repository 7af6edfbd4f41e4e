"""The bundled table and what is written about it say the same."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@pytest.fixture
def readme(table_path: Path) -> str:
    return (table_path.parent / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def resource(table_path: Path) -> dict[str, Any]:
    package = json.loads((table_path.parent / "datapackage.json").read_text(encoding="utf-8"))
    (only,) = package["resources"]
    assert only["path"] == table_path.name
    return dict(only)


def test_the_table_has_440_customers_each_with_an_identifier_of_its_own(frame: pd.DataFrame) -> None:
    assert list(frame["customer_id"]) == [f"W{number:03}" for number in range(1, 441)]


def test_channel_and_region_hold_the_words_of_their_description(frame: pd.DataFrame) -> None:
    assert set(frame["Channel"]) == {"Horeca", "Retail"}
    assert set(frame["Region"]) == {"Lisbon", "Oporto", "Other"}


def test_every_spend_is_a_whole_number_above_zero(frame: pd.DataFrame) -> None:
    spend = frame.drop(columns=["customer_id", "Channel", "Region"])
    assert {str(kind) for kind in spend.dtypes} == {"int64"}
    assert (spend > 0).all(axis=None)


def test_the_readme_describes_each_column_as_the_data_package_does(readme: str, resource: dict[str, Any]) -> None:
    rows = re.findall(r"^\| (\w+) \| (.*?) ?\| (.+?) \|$", readme, re.MULTILINE)
    described = [(note["name"], note.get("unit", ""), note["description"]) for note in resource["schema"]["fields"]]
    assert [row for row in rows if row[0] != "column"] == described


def test_the_data_package_describes_each_column_of_the_table(frame: pd.DataFrame, resource: dict[str, Any]) -> None:
    fields = resource["schema"]["fields"]
    assert [field["name"] for field in fields] == list(frame.columns)
    types = {"int64": "integer", "str": "string"}
    assert [field["type"] for field in fields] == [types[str(kind)] for kind in frame.dtypes]


def test_source_and_licence_are_stated_in_both(readme: str, resource: dict[str, Any]) -> None:
    (source,), (licence,) = resource["sources"], resource["licenses"]
    named = "UCI Machine Learning Repository, Wholesale customers, M. Cardoso, 2013, DOI"
    for text in (" ".join(readme.split()), source["title"]):
        assert named in text
        assert "10.24432/C5030X" in text
        assert "CC BY 4.0" in text
    assert source["path"] == "https://doi.org/10.24432/C5030X"
    assert licence["name"] == "CC-BY-4.0"
    assert licence["path"] in readme
