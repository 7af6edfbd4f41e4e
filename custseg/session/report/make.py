"""Make the document of a report: all that may be said of one result, with its customers or without."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from custseg.language import current
from custseg.session.project import ColumnMeaning, Steps
from custseg.session.report.comparing import comparing
from custseg.session.report.document import How, Pictured, ReportDocument, ShownColumn
from custseg.session.report.groupings import exact, grouping
from custseg.session.report.left_out import said_how, what_is_left_out
from custseg.session.report.level_shares import told_categories
from custseg.session.report.shown_customers import shown_customers
from custseg.tables.written_values import unsaid_unit, written
from custseg.wording import capitalised

if TYPE_CHECKING:
    from datetime import datetime

    from custseg.session.report.shown_customers import ShownCustomers
    from custseg.session.run_result import RunResult
    from custseg.tables.column_roles import Column

_PACKAGES = ("custseg", "numpy", "scipy", "scikit-learn", "pandas", "narwhals")


def make_document(
    outcome: RunResult, *, customers: bool, least: int, axes: tuple[str, str], made: datetime
) -> ReportDocument:
    """Return the document of a result.

    Parameters
    ----------
    outcome
        The result.
    customers
        Whether single customers may be in it. Without them each figure is of blocks of customers.
    least
        Of how many customers each figure is at least, without customers.
    axes
        The two columns that the picture shows at first.
    made
        When.

    Raises
    ------
    SettingError
        Without customers too few are left to say anything of.

    """
    least = 1 if customers else least
    shown = shown_customers(outcome.segmentation, customers=customers, least=least)
    form, places = comparing(shown, customers=customers)
    found = [grouping(shown, outcome, k, places, sums=not customers) for k in sorted(shown.segments)]
    groupings = tuple(each for each in found if each is not None)
    names = [column.name for column in shown.columns]
    x, y = (
        names.index(name) if name in names else other for name, other in zip(axes, (0, len(names) > 1), strict=True)
    )
    table = outcome.segmentation.table
    return ReportDocument(
        customers=customers, least=least, made=made, language=cast("Any", current()),
        title=table.title, source=table.source,
        fingerprint=table.fingerprint, versions=_versions(), how=_how(outcome), said_how=said_how(outcome),
        columns=_columns(shown), x=int(x), y=int(y), pictured=_pictured(shown, customers=customers),
        groupings=groupings, comparing=form, categories=() if customers else told_categories(shown, least),
        left_out=what_is_left_out(shown, groupings, customers=customers, least=least),
    )  # fmt: skip


def _versions() -> dict[str, str]:
    return {"python": platform.python_version(), "system": sys.platform} | {name: version(name) for name in _PACKAGES}


def _how(outcome: RunResult) -> How:
    """Return what makes the result again. What codes, levels and gaps are is left to the table: it may name values."""
    result, book = outcome.segmentation, outcome.playbook
    return How(
        columns={column.name: _meaning(column) for column in result.schema.columns},
        features=result.features, k=result.k, seed=result.seed, random_start=not result.seeded,
        steps=Steps.of(result.preparation.recipe),
        playbook=book.name if book is not None and book.is_bundled else book,
    )  # fmt: skip


def _meaning(column: Column) -> ColumnMeaning:
    return ColumnMeaning(role=column.role, money=column.money, label=column.label, unit=column.unit)


def _columns(shown: ShownCustomers) -> tuple[ShownColumn, ...]:
    inside = shown.blocks.of >= 0
    means = [float(np.nanmean(column[inside])) for column in shown.values.T]
    return tuple(
        ShownColumn(name=column.name, title=_title(column), mean=exact(mean), written=written(column, mean))
        for column, mean in zip(shown.columns, means, strict=True)
    )


def _title(column: Column) -> str:
    title = capitalised(column.label or column.name)
    unit = unsaid_unit(title, column.unit)
    return f"{title} ({unit})" if unit else title


def _pictured(shown: ShownCustomers, *, customers: bool) -> Pictured:
    counts = shown.blocks.counts
    means = shown.blocks.means(shown.values).T.tolist()
    single = customers and bool((counts == 1).all())
    names: tuple[str, ...] = ()
    if single:
        rows = np.flatnonzero(shown.blocks.of >= 0)
        order = rows[np.argsort(shown.blocks.of[rows])]
        names = tuple(str(name) for name in shown.result.table.identifiers_of(order))
    return Pictured(
        counts=tuple(counts.tolist()),
        means=tuple(tuple(None if np.isnan(mean) else float(f"{mean:.4g}") for mean in column) for column in means),
        names=names,
    )
