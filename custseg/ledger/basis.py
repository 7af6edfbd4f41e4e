"""The customers that the segments of a ledger were found from, and how these come again: kept in its file, checked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import narwhals as nw
import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from custseg.clustering.segmentation import Segmentation, prepare
from custseg.errors import DataError, SettingError, quote
from custseg.language import say
from custseg.session.project import Steps
from custseg.settings import K_RANGE, LARGEST_SEED
from custseg.tables.column_roles import Column
from custseg.tables.expressions import SET_APART
from custseg.tables.table import CustomerTable

if TYPE_CHECKING:
    import duckdb
    import numpy.typing as npt

    from custseg.tables.engine.engine_frame import EngineFrame

    Ids = tuple[int, ...]
    Codes = npt.NDArray[np.uint8]


class BasisDocument(BaseModel):
    """What gives customers their segments, beside the customers that it was learned from."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    title: Annotated[str, Field(max_length=1000)]
    columns: Annotated[tuple[Column, ...], Field(min_length=2, max_length=2000)]
    features: tuple[str, ...]
    steps: Steps
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)]
    ids: Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=K_RANGE[0], max_length=K_RANGE[1])]
    centroids: tuple[tuple[float, ...], ...]
    reach: float | None


def write_basis(connection: duckdb.DuckDBPyConnection, period: int, result: Segmentation, ids: Ids) -> None:
    """Keep the customers of a result, as far as segments rest on them, and what gives them their segments."""
    table = result.table
    kept = (*result.features, *result.categories, *table.money(table.features))
    columns = tuple(column for column in table.columns if column.role == "identifier" or column.name in kept)
    document = BasisDocument(
        title=table.title[:1000],
        columns=columns,
        features=result.features,
        steps=Steps.of(result.preparation.recipe),
        seed=result.seed,
        ids=ids,
        centroids=tuple(map(tuple, result.prepared_centroids.tolist())),
        reach=result.reach if np.isfinite(result.reach) else None,
    )
    frame = table.frame.select([column.name for column in columns]).to_arrow()
    # Names of columns may be anything, and differ by their case alone.
    customers = frame.rename_columns([f"c{place}" for place in range(len(columns))])
    connection.register("customers_to_keep", customers)
    connection.execute(f"CREATE TABLE basis_{period:d} AS SELECT * FROM customers_to_keep")  # noqa: S608 - a number
    connection.unregister("customers_to_keep")
    connection.execute("INSERT INTO bases VALUES (?, ?)", [period, document.model_dump_json()])


def read_basis(connection: duckdb.DuckDBPyConnection, period: int) -> tuple[Segmentation, Ids]:
    """Return the segments that were found in a period, of the customers of that time, and their lasting numbers.

    Raises
    ------
    DataError
        What is in the file is not what ``write_basis`` wrote.

    """
    kept = connection.execute("SELECT document FROM bases WHERE period = ?", [period]).fetchall()
    try:
        document = BasisDocument.model_validate_json(kept[0][0] if kept else "")
        customers: Any = connection.sql(f"SELECT * FROM basis_{period:d}").to_arrow_table()  # noqa: S608 - a number
        frame = nw.from_native(customers.rename_columns([column.name for column in document.columns]), eager_only=True)
        table = CustomerTable(frame, document.columns, document.title)
        return _segments(table, document), document.ids
    except (ValidationError, ValueError, KeyError, StopIteration) as problem:
        msg = say(
            "The ledger does not say how the segments of period {period} were found in a way that holds "
            "together, so it was changed by something else. Go back to a copy of the file.",
            period=quote(period),
        )
        raise DataError(msg) from problem


def _segments(table: CustomerTable, document: BasisDocument) -> Segmentation:
    _, preparation = prepare(table, document.features, document.steps.recipe)
    centroids = np.array(document.centroids, dtype=np.float64)
    if centroids.shape != (len(document.ids), preparation.columns[-1].stop):
        why = "There is not a centroid for each segment."
        raise ValueError(why)
    return segments_of(
        table,
        Segmentation(
            source=table.customers,
            features=document.features,
            k=len(document.ids),
            seed=document.seed,
            seeded=True,
            preparation=preparation,
            centroids=preparation.invert(centroids),
            prepared_centroids=centroids,
            sizes=np.zeros(len(document.ids), dtype=np.intp),
            left_out=0,
            set_apart=0,
            inertia=0.0,
            iterations=0,
            engine="memory",
            seconds=0.0,
            reach=np.inf if document.reach is None else document.reach,
        ),
    )


def segments_of(table: CustomerTable, segments: Segmentation) -> Segmentation:
    """Return the same segments of the customers of a table."""
    codes = segments.codes(table.matrix(segments.compared))
    counted = np.bincount(codes, minlength=SET_APART + 1)
    found = replace(
        segments,
        source=table.customers,
        sizes=counted[1 : segments.k + 1],
        left_out=int(counted[0]),
        set_apart=int(counted[SET_APART]),
    )
    found.hold(codes)
    return found


def check_followable(result: Segmentation) -> None:
    """Raise where the segments of a result can't be followed in a ledger."""
    if result.mixture is not None:
        msg = say(
            "A ledger follows segments of K-Means, and these are the groups of a mixture. Use Recipe(method=“k-means”)."
        )
        raise SettingError(msg)
    check_in_memory(result.table.elsewhere)


def check_in_memory(engine: EngineFrame | None) -> None:
    """Raise DataError where the customers of a period are in an engine."""
    if engine is not None:
        msg = say(
            "A ledger follows each customer by name, so these have to be in memory, but the {customers:,} are "
            "in an engine. Read them with CustomerTable.read(customers, most_in_memory=...), or give the "
            "command --most-in-memory.",
            customers=engine.count(),
        )
        raise DataError(msg)
