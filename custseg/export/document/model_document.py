"""A model as a document: saved, loaded, and put to work on other customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.scored_frames import assign, score
from custseg.clustering.segmentation import Segmentation
from custseg.display import register
from custseg.export.document.making import content_of
from custseg.export.document.reading import read_content
from custseg.export.document.scoring import scoring_of
from custseg.export.files import whole_file
from custseg.insight.profile import profile
from custseg.narrative.interpretation import interpret

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from custseg.clustering.scoring_model import ScoringModel
    from custseg.export.document.content import ModelContent


@dataclass(frozen=True, eq=False)
class ModelDocument:
    """What scores customers, with the words for its segments and where it comes from, but without the customers.

    Make one with ``Segmentation.to_document``, or with ``custseg.load``. ``content`` holds all of it, as it is saved.
    """

    content: ModelContent = field(repr=False)

    @property
    def k(self) -> int:
        """How many segments there are."""
        return len(self.content.segments)

    @property
    def features(self) -> tuple[str, ...]:
        """The features that are compared."""
        return tuple(one.name for one in self.content.features)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are compared."""
        return tuple(one.name for one in self.content.categories)

    @property
    def names(self) -> tuple[str, ...]:
        """What the segments are called."""
        return self.content.names

    @property
    def sizes(self) -> npt.NDArray[np.intp]:
        """How many customers each segment had when it was found."""
        return np.array([one.customers for one in self.content.segments], dtype=np.intp)

    @property
    def centroids(self) -> npt.NDArray[np.float64]:
        """The centroids in the features' own units, k x d."""
        return np.array([one.centroid for one in self.content.segments])

    @cached_property
    def scoring(self) -> ScoringModel:
        """What gives customers their segments."""
        return scoring_of(self.content)

    def assign(self, customers: object) -> Any:
        """Give customers their segments, 1..k, 0 for none; a lazy frame stays lazy. See ``Segmentation.assign``."""
        return assign(customers, self.scoring)

    def score(self, customers: object) -> Any:
        """Return customers with four more columns: segment, segment_name, distance and margin.

        They are empty where a customer is in no segment. A dataframe stays one of its kind, and a lazy frame (of
        Polars, DuckDB, Dask, Spark, Ibis) stays lazy. The distance is that to the centroid, in prepared units; the
        margin is 1 - distance to the own centroid / distance to the next one: 0 on the border, 1 at the centroid.

        Raises
        ------
        DataError
            A column that is compared is missing, or contains what can't be read.
        SettingError
            A lazy frame is to be scored by what needs customers in memory, such as a mixture.

        """
        return score(customers, self.scoring, self.names)

    def to_sql(
        self,
        dialect: str = "duckdb",
        table: str | Sequence[str] = "customers",
        *,
        keep: Sequence[str] | None = None,
        check: bool = False,
    ) -> str:
        """Return the statement that gives each customer of a table its segment, preparation included.

        Its columns are those that are kept, then segment, segment_name, distance and margin as ``score`` has them.

        Parameters
        ----------
        dialect
            DuckDB, PostgreSQL, Snowflake, BigQuery, Spark or T-SQL, as in ``"duckdb"``, ``"postgresql"``, ``"tsql"``.
        table
            The table as it stands in a statement of that dialect, such as ``"sales.customers"``, or the parts of its
            name, such as ``("sales", "odd; name")``, which are then quoted.
        keep
            Columns of the table that come along: by default the identifier and those that are compared.
        check
            Return instead the statement that counts the test rows of the document that come out in another segment
            there. It needs no table, and answers with one number, which should be 0.

        Raises
        ------
        SettingError
            There is no such dialect or table, or the model asks for what can't be written as SQL, such as a mixture.

        """
        # sqlglot takes a tenth of a second to load.
        from custseg.export.sql.statement import check_sql, score_sql

        return check_sql(self.content, dialect) if check else score_sql(self.content, dialect, table, keep)

    def to_dbt(
        self,
        folder: str | os.PathLike[str],
        dialect: str = "duckdb",
        table: str | tuple[str, str] = "customers",
        *,
        name: str = "customer_segments",
        keep: Sequence[str] | None = None,
        overwrite: bool = False,
    ) -> tuple[Path, ...]:
        """Write a model of dbt, what it is, and a test of it into the folder of a project; return the files.

        The test is that the warehouse puts the test rows of the document where custseg does.

        Parameters
        ----------
        folder
            The folder of the project.
        dialect, keep
            As for ``to_sql``.
        table
            The model of dbt with the customers, or a source and its table: ``("shop", "customers")``.
        name
            What to call the model.
        overwrite
            Whether files that are there already are replaced.

        Raises
        ------
        SettingError
            As ``to_sql`` does, and where dbt could not call a model or a table so.
        WriteError
            A file cannot be written, or is there already.

        """
        from custseg.export.sql.dbt import write_dbt

        return write_dbt(self.content, folder, dialect, table, name=name, keep=keep, overwrite=overwrite)

    def to_onnx(self) -> Any:
        """Return a graph of ONNX (an ``onnx.ModelProto``), which needs the extra ``onnx``.

        Its input ``features`` holds customers x features as floating point numbers, NaN for no value, in the order of
        ``features``: dates as days, ranks from 1, as ``scoring.values`` reads them. Its outputs are ``segment`` (0 for
        none) and ``distance``.

        Raises
        ------
        SettingError
            The package is missing, or the model compares categories, fills gaps from similar customers or is a mixture.

        """
        from custseg.export.onnx import to_onnx

        return to_onnx(self.content)

    def to_json(self) -> str:
        """Return the document. Its numbers come back to the last bit."""
        return self.content.model_dump_json(indent=1)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the document; it replaces a file at ``path`` once it is complete. Raises WriteError."""
        with whole_file(path) as stream:
            stream.write(self.to_json().encode())


def load(source: str | bytes | os.PathLike[str]) -> ModelDocument:
    """Load a model that was saved. Nothing in it is run, and all of it is checked.

    Parameters
    ----------
    source
        The path of a file, or the document itself, as text or bytes.

    Raises
    ------
    DataError
        It is no model document of custseg, one of a newer version, or one that was changed after it was saved.

    """
    return ModelDocument(read_content(source))


def document_of(
    result: Segmentation, names: Sequence[str] | None = None, notes: Sequence[str] | None = None
) -> ModelDocument:
    """Return the document of a result; segments are called what their description says, where no names are given."""
    called = interpret(profile(result)).names if names is None else names
    return ModelDocument(content_of(result, tuple(called), tuple(notes or ("",) * result.k)))


register(Segmentation, "document", lambda result: partial(document_of, result))
