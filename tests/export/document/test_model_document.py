"""A model is saved, and comes back the same from what may have been written by anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import custseg
from custseg import CustomerTable, DataError, Recipe, SettingError, segment
from custseg.export.document.content import ModelContent
from custseg.export.document.schema import SCHEMA
from tests.export.document.models import RECIPES, customers, of_every_kind, result_of
from tests.hostile import HOSTILE, hostile_table
from tests.strategies import segmentations

if TYPE_CHECKING:
    from custseg import Segmentation

FIXTURE = Path(__file__).parent / "model-version-1.json"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return dict(json.loads(result_of("prepared").to_document().to_json()))


@pytest.mark.parametrize("name", RECIPES)
def test_a_model_of_any_recipe_comes_back_and_places_everybody_alike(name: str, tmp_path: Path) -> None:
    result = result_of(name)
    result.save(tmp_path / "model.json")
    loaded = custseg.load(tmp_path / "model.json")
    assert loaded.assign(customers(name)).tolist() == result.labels.tolist()
    assert loaded.k == result.k
    assert loaded.features == result.features
    assert loaded.sizes.tolist() == result.sizes.tolist()
    np.testing.assert_array_equal(loaded.centroids, result.centroids)
    assert loaded.to_json() == custseg.load(loaded.to_json()).to_json()


def test_columns_of_every_kind_come_back() -> None:
    frame = of_every_kind()
    table = CustomerTable.read(
        frame,
        open_questions=True,
        roles={"last order": "feature", "channel": "category"},
        levels={"channel": {1: "shop"}},
    )
    result = segment(table, k=3, seed=0, recipe=Recipe(categories=True))
    assert {"last order", "born", "spend"} <= set(result.features)
    loaded = custseg.load(result.to_document().to_json())
    assert loaded.assign(frame).tolist() == result.labels.tolist()
    assert {row.segment for row in loaded.content.test_rows} >= {1, 2, 3}


@given(segmentations())
def test_any_segmentation_comes_back_to_the_last_bit(result: Segmentation) -> None:
    loaded = custseg.load(result.to_document(names=[f"{n}" for n in range(result.k)]).to_json())
    assert loaded.assign(result.table.frame.to_native()).tolist() == result.labels.tolist()
    np.testing.assert_array_equal(loaded.scoring.prepared_centroids, result.prepared_centroids)


def test_hostile_names_stay_what_they_are() -> None:
    result = segment(
        CustomerTable.read(hostile_table(), open_questions=True), k=3, seed=0, recipe=Recipe(categories=True)
    )
    loaded = custseg.load(result.to_document(names=HOSTILE[:3], notes=HOSTILE[3:6]).to_json())
    assert loaded.names == HOSTILE[:3]
    assert loaded.features == result.features
    assert loaded.assign(hostile_table()).tolist() == result.labels.tolist()


def test_it_holds_no_customer() -> None:
    said = result_of("prepared").to_document().to_json()
    frame = customers()
    assert not any(identifier in said for identifier in frame["customer"])
    amounts = {repr(float(value)) for value in frame.iloc[:, 1].dropna()}
    assert not any(amount in said for amount in amounts)


def test_names_and_notes_are_one_a_segment() -> None:
    with pytest.raises(SettingError, match="Each of the 4 segments needs a name, but got 2"):
        result_of("plain").to_document(names=["a", "b"])


def test_each_segment_is_among_the_test_rows() -> None:
    for name in RECIPES:
        rows = result_of(name).to_document().content.test_rows
        assert len(rows) == 20
        assert {row.segment for row in rows} - {None} == set(range(1, result_of(name).k + 1))


def test_version_1_loads_for_ever() -> None:
    loaded = custseg.load(FIXTURE)
    assert loaded.k == 4
    expected = [row.segment for row in loaded.content.test_rows]
    frame = pd.DataFrame([row.cells for row in loaded.content.test_rows])
    assert loaded.assign(frame).tolist() == [segment or 0 for segment in expected]
    jsonschema.validate(json.loads(FIXTURE.read_text()), json.loads(SCHEMA.read_text()))


def test_the_published_schema_is_that_of_what_is_written(document: dict[str, Any]) -> None:
    published = json.loads(SCHEMA.read_text())
    assert published["properties"] == ModelContent.model_json_schema(mode="serialization")["properties"]
    jsonschema.validate(document, published)


def changed(document: dict[str, Any], *path: str | int, to: Any) -> str:
    """Return a document in which one thing is another."""
    copied = json.loads(json.dumps(document))
    *steps, last = path
    inside = copied
    for step in steps:
        inside = inside[step]
    inside[last] = to
    return json.dumps(copied)


@pytest.mark.parametrize(
    ("path", "to", "says"),
    [
        (("version",), 2, "is of version “2”, and this custseg reads version 1. Install a newer custseg"),
        (("version",), "1", "no model document"),
        (("format",), "something", "no model document"),
        (("surprise",), 1, "version 1 has no key “surprise”"),
        (("features", 0, "surprise"), 1, "version 1 has no key “features, 0, surprise”"),
        (("features", 0, "scale"), float("nan"), "at “features, 0, scale”"),
        (("features", 0, "scale"), 0.0, "this must be more than 0"),
        (("features", 0, "fill"), "12", "at “features, 0, fill”"),
        (("features", 0, "fill"), True, "at “features, 0, fill”"),
        (("features", 0, "cells", "kind"), "spell", "at “features, 0, cells, kind”"),
        (("features", 1, "name"), "visits", "two compared columns have one name"),
        (("segments", 0, "segment"), 3, "segments must be numbered from 1"),
        (("segments", 0, "centroid"), [1.0], "a centroid must have"),
        (("segments", 0, "prepared_centroid"), [1.0], "a prepared centroid must have"),
        (("segments", 0, "prepared_centroid"), [1e300] * 10, "no model document|contradicts itself"),
        (("segments",), [], "too few: the least is 2"),
        (("preparation", "recipe", "missing"), "guess", "at “preparation, recipe, missing”"),
        (("preparation", "recipe", "exceptional"), 0.5, "must be a number above 1"),
        (("preparation", "recipe", "method"), "mixture", "a mixture does not fit"),
        (("preparation", "recipe", "missing"), "nearest", "references do not fit"),
        (("test_rows", 0, "cells"), {}, "a test row has other columns"),
        (("test_rows", 0, "segment"), 2, "contradicts itself: its test row 1 comes out in segment 1, and it says 2"),
        (("test_rows", 0, "cells", "visits"), "many", "cannot place its own test rows|contradicts"),
        (("categories", 0, "compared_levels"), ["a", "a"], "no model document"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    document: dict[str, Any], path: tuple[str | int, ...], to: Any, says: str
) -> None:
    with pytest.raises(DataError, match=says) as problem:
        custseg.load(changed(document, *path, to=to))
    assert "\n" not in str(problem.value)
    assert len(str(problem.value)) < 500


@pytest.mark.parametrize(
    "text",
    [
        "{}", "{", "{" * 5000, '{"format": ' + "[" * 100_000, '{"version": 1' + ', "a": 1' * 100_000 + "}",
        b"\x80\x03cposix\nsystem\n", b"\xff\xfe{}", b"", '{"version": ' + "9" * 5000 + "}",
        '{"segments": [' + "0," * 1_000_000 + "0]}",
    ],
    ids=["empty", "open", "braces", "bomb", "repeated", "pickle", "utf-16", "nothing", "number", "long"],
)  # fmt: skip
def test_hostile_documents_are_one_error(text: str | bytes) -> None:
    with pytest.raises(DataError, match="no model document"):
        custseg.load(text)


@given(st.data())
@settings(max_examples=150)
def test_a_document_with_anything_else_at_any_place_loads_alike_or_is_a_sentence(data: st.DataObject) -> None:
    document = json.loads(FIXTURE.read_text())
    inside: Any = document
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(inside[key], dict | list) or not inside[key] or data.draw(st.integers(0, 5)) == 0:
            break
        inside = inside[key]
    inside[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.floats(), max_size=3)
    )
    try:
        custseg.load(json.dumps(document))
    except DataError as problem:
        assert len(str(problem)) < 600  # noqa: PT017 - whether it is refused hangs on what was drawn


def test_a_file_that_is_not_there_or_too_large_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file “none.json” to load a model from"):
        custseg.load(tmp_path / "none.json")
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(30_000_000)
    with pytest.raises(DataError, match="at most 20 MB"):
        custseg.load(large)
    with pytest.raises(DataError, match="There is no file"):
        custseg.load(tmp_path)
