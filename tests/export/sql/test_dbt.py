"""A dbt project gets a model, what it is and a test of it; nothing in a name runs when dbt renders them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import jinja2
import pytest
import yaml

from custseg import ModelDocument, SettingError
from custseg.export.files import WriteError
from tests.export.document.models import customers, result_of

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("{{ 1/0 }}", "{% raw %}", "{# gone #}", "plain")


@pytest.fixture
def document() -> ModelDocument:
    made: ModelDocument = result_of("prepared").to_document(names=NAMES)
    return made


def rendered(text: str) -> str:
    """Render a text as dbt does, which knows models and sources."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)  # noqa: S701 - it is SQL
    template = environment.from_string(text)
    return str(template.render(ref=lambda name: name, source=lambda schema, name: f"{schema}.{name}"))


def test_what_dbt_runs_is_the_statement_and_its_check(document: ModelDocument, tmp_path: Path) -> None:
    model, about, check = document.to_dbt(tmp_path, "duckdb", "customers", keep=["customer"])
    assert [path.relative_to(tmp_path).as_posix() for path in (model, about, check)] == [
        "models/customer_segments.sql",
        "models/customer_segments.yml",
        "tests/customer_segments_places_test_rows.sql",
    ]
    connection = duckdb.connect()
    connection.register("customers", customers())
    found = connection.execute(rendered(model.read_text())).df()
    assert found["segment"].tolist() == result_of("prepared").labels.tolist()
    assert set(found["segment_name"]) == set(NAMES)
    # A test of dbt holds where it has no rows.
    assert connection.execute(rendered(check.read_text())).fetchall() == []
    (said,) = yaml.safe_load(about.read_text())["models"]
    assert said["name"] == "customer_segments"
    assert [column["name"] for column in said["columns"]] == ["segment", "segment_name", "distance", "margin"]
    # Of a file of YAML, dbt renders each text.
    assert "1: {{ 1/0 }}; 2: {% raw %}" in rendered(said["columns"][0]["description"])


def test_a_warehouse_that_places_customers_otherwise_fails_the_test(document: ModelDocument, tmp_path: Path) -> None:
    segments = document.content.segments
    moved = tuple(one + 50 for one in segments[0].prepared_centroid)
    wrong = (segments[0].model_copy(update={"prepared_centroid": moved}), *segments[1:])
    other = ModelDocument(document.content.model_copy(update={"segments": wrong}))
    *_, check = other.to_dbt(tmp_path)
    assert len(duckdb.connect().execute(rendered(check.read_text())).fetchall()) == 1


def test_sources_are_named_and_nothing_is_overwritten(document: ModelDocument, tmp_path: Path) -> None:
    model, *_ = document.to_dbt(tmp_path, "snowflake", ("shop", "customers"), name="who")
    assert "FROM {{ source('shop', 'customers') }}" in model.read_text()
    with pytest.raises(WriteError, match="already"):
        document.to_dbt(tmp_path, "snowflake", name="who")
    for table in ("a; b", "{{ x }}", ("a", "b", "c"), ""):
        with pytest.raises(SettingError, match="A model of dbt such as “customers” was expected"):
            document.to_dbt(tmp_path, table=table, name="other")  # type: ignore[arg-type]
    with pytest.raises(SettingError, match=r"letters, digits and underscores, but got “../x”"):
        document.to_dbt(tmp_path, name="../x")
