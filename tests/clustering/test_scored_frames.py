"""New customers get their segments where they are: a lazy frame stays lazy, and says what a dataframe would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from custseg import DataError, SettingError
from tests.engines import KINDS, Engines
from tests.export.document.models import RECIPES, customers, result_of

if TYPE_CHECKING:
    from pathlib import Path

# Spark leaves connections to its Java behind.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

NEW = ["segment", "segment_name", "distance", "margin"]
PUSHED = ("plain", "prepared", "complete customers", "range")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("customers") / "customers.parquet"
    customers().to_parquet(found)
    return found


def collected(lazy: Any, by: str = "customer") -> pd.DataFrame:
    frame: Any = nw.from_native(lazy)
    assert isinstance(frame, nw.LazyFrame)
    return pd.DataFrame(frame.collect().to_dict(as_series=False)).sort_values(by, ignore_index=True)


# Of those that take seconds, one recipe shows how they compute.
@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind in KINDS for name in PUSHED if kind not in ("Spark", "Dask") or name == "prepared"],
)
def test_a_lazy_frame_of_any_engine_gets_the_segments_that_a_dataframe_gets(
    engines: Engines, path: Path, kind: str, name: str
) -> None:
    result = result_of(name)
    document = result.to_document()
    found = collected(document.score(engines.open(kind, path)))
    expected = document.score(customers()).sort_values("customer", ignore_index=True)
    assert list(found.columns) == list(expected.columns) == [*customers().columns, *NEW]
    assert found["segment"].fillna(0).tolist() == expected["segment"].fillna(0).tolist()
    assert found["segment_name"].fillna("").tolist() == expected["segment_name"].fillna("").tolist()
    for column in ("distance", "margin"):
        np.testing.assert_allclose(found[column].astype(float), expected[column].astype(float), atol=1e-9)
    alone = collected(result.assign(engines.open(kind, path)))
    assert alone["segment"].fillna(0).tolist() == expected["segment"].fillna(0).tolist()
    pd.testing.assert_frame_equal(alone[["customer", "visits"]], expected[["customer", "visits"]], check_dtype=False)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.from_pandas, pa.Table.from_pandas])
@pytest.mark.parametrize("name", RECIPES)
def test_a_dataframe_stays_one_of_its_kind(make: Any, name: str) -> None:
    frame = make(customers(name))
    found = result_of(name).to_document(names=["a", "b", "c", "d"][: result_of(name).k]).score(frame)
    assert type(found) is type(frame)
    there: Any = nw.from_native(found, eager_only=True)
    expected = result_of(name).labels
    assert there["segment"].fill_null(0).to_list() == expected.tolist()
    assert there["segment_name"].fill_null("").to_list() == [" abcd"[label].strip() for label in expected.tolist()]
    margins, distances = (
        np.array([np.nan if one is None else one for one in there[column].to_list()], dtype=float)
        for column in ("margin", "distance")
    )
    np.testing.assert_array_equal(np.isnan(margins), expected == 0)
    assert (margins[expected > 0] >= 0).all()
    assert (margins[expected > 0] <= 1).all()
    assert (distances[expected > 0] >= 0).all()


def test_columns_that_are_there_already_are_kept() -> None:
    frame = customers().assign(Segment="mine", margin=1).set_index("customer", drop=False).iloc[::-1]
    found = result_of("plain").to_document().score(frame)
    assert list(found.columns[-6:]) == ["Segment", "margin", "segment_2", "segment_name", "distance", "margin_2"]
    assert found.index.tolist() == frame.index.tolist()
    assert found["segment_2"].tolist() == result_of("plain").labels[::-1].tolist()
    lazy = result_of("plain").assign(pl.from_pandas(frame.reset_index(drop=True)).lazy()).collect()
    assert lazy.columns[-1] == "segment_2"


def test_margins_and_distances_are_those_of_their_definition() -> None:
    result = result_of("plain")
    placed = result.scoring.place(result.scoring.values(customers()))
    prepared = result.preparation.apply(result.scoring.values(customers()))
    away = np.sort(np.linalg.norm(prepared[:, None] - result.prepared_centroids, axis=2), axis=1)
    np.testing.assert_allclose(placed.distance, away[:, 0])
    np.testing.assert_allclose(placed.margin, 1 - away[:, 0] / away[:, 1], atol=1e-12)


def test_what_a_lazy_frame_cannot_have_is_a_sentence() -> None:
    lazy = pl.from_pandas(customers()).lazy()
    with pytest.raises(DataError, match=r"were expected, but got none called “visits”"):
        result_of("plain").assign(lazy.drop("visits"))
    for name, says in (
        ("similar customers", "similar customers needs"),
        ("trimmed", "customers apart needs"),
    ):
        with pytest.raises(SettingError, match=says):
            result_of(name).assign(lazy)
    with pytest.raises(SettingError, match="A mixture needs all customers in memory"):
        result_of("mixture").assign(pl.from_pandas(customers("mixture")).lazy())


def test_a_column_more_changes_nothing() -> None:
    assert result_of("prepared").assign(customers().assign(extra="x")).tolist() == result_of("prepared").labels.tolist()
