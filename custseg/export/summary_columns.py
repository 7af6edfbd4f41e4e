"""The statistics in a table of segments: one list, for the page, dataframes and files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from custseg.display import register
from custseg.export.bundle import ResultBundle
from custseg.insight.profile import Profile
from custseg.language import mark, say
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.tables.written_values import written
from custseg.wording import capitalised, fixed, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    from custseg.insight.outcomes import Outcome
    from custseg.tables.column_roles import Column

    Values = Sequence[Any] | np.ndarray[Any, Any]

# Shown where a group has no value.
NO_VALUE = "-"


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """A statistic of segments.

    Attributes
    ----------
    name, title
        What it is called in dataframes and files, and on the page.
    unit
        How its values are written for people: as text, as a whole number, as a percentage, or with ``decimals``.
    values
        One value for each segment of a result, and one more for the exceptional customers where they have one. None
        where the statistic does not apply, and empty text where it is not known yet; files leave out both.
    page_text
        What the page shows for each segment, where that is more than the value in its unit.
    column
        The column of the table that it is an average of, which says how its values are written; None for another one.
    width
        Its width on the page in pixels.
    edit
        Called when a person changes it: with the model, the segment (from 1), and the new text. None where nobody may.
    needs_money
        Whether it only applies where a feature is money.
    files_only
        Whether it is only in files, since the page has no room for it.
    after_averages
        Whether it comes after the averages of the features.
    after_run
        Whether a run alone does not give it: a check of the result or a person does.

    """

    name: str
    title: str
    unit: Literal["text", "count", "share", "number"]
    values: Callable[[ResultBundle], Values | None]
    page_text: Callable[[ResultBundle], Sequence[str]] | None = None
    width: int = 90
    decimals: int = 2
    edit: Callable[[Any, int, str], None] | None = None
    needs_money: bool = False
    files_only: bool = False
    after_averages: bool = False
    after_run: bool = False
    column: Column | None = None

    def texts(self, bundle: ResultBundle) -> list[str]:
        """Write the statistic for people: a text for each segment, and one for the exceptional customers if any."""
        groups = bundle.segmentation.k + (bundle.profile.exceptional is not None)
        values = self.values(bundle) if self.page_text is None else self.page_text(bundle)
        written = [] if values is None else [self._text(value) for value in values]
        return [*written, *[""] * (groups - len(written))]

    def _text(self, value: Any) -> str:
        if value is None or self.unit == "text" or self.page_text is not None:
            return str(value or "")
        if np.isnan(value):
            return NO_VALUE
        if self.column is not None:
            return written(self.column, float(value), self.decimals)
        return share(value) if self.unit == "share" else fixed(value, 0 if self.unit == "count" else self.decimals)


def average_columns(decimals: Mapping[Column, int]) -> list[SummaryColumn]:
    """Return a column for the average of each of these features, compared or not, with its number of decimals."""
    features = tuple(column.name for column in decimals)

    # A new name rewrites the table, but the averages of its profile are the same.
    @lru_cache(maxsize=1)
    def averages(profile: Profile) -> npt.NDArray[np.float64]:
        return profile.averages(features)

    def summary_column(position: int, column: Column) -> SummaryColumn:
        return SummaryColumn(
            column.name,
            capitalised(column.label or column.name),
            "number",
            lambda bundle: averages(bundle.profile)[:, position],
            decimals=decimals[column],
            column=column,
        )

    return [summary_column(position, column) for position, column in enumerate(decimals)]


def outcome_columns(outcomes: Sequence[Outcome]) -> list[SummaryColumn]:
    """Return a column for the share of each outcome; of a column with many levels the page shows its event alone."""
    with_event = {outcome.column for outcome in outcomes if outcome.main}

    def column(position: int, outcome: Outcome) -> SummaryColumn:
        name = f"share who {outcome.said}" if outcome.said else f"share with {outcome.words}"
        return SummaryColumn(
            name,
            capitalised(name),
            "share",
            lambda bundle: bundle.profile.outcomes[position].shares,
            # Room for the longest word of the title.
            width=min(max(84, 8 * max(map(len, outcome.words.split()), default=0) + 16), 150),
            files_only=outcome.column in with_event and not outcome.main,
        )

    return [column(position, outcome) for position, outcome in enumerate(outcomes)]


def summary_frame(bundle: ResultBundle, *, labelled: bool = False) -> pd.DataFrame:
    """Return one row per segment: every known statistic, share of outcome, and average of each compared feature.

    ``labelled`` features go by what people call them, for files and for reading; else by their names.
    """
    import pandas as pd

    k = bundle.segmentation.k
    numbers = pd.Index(range(1, k + 1), name="segment")
    averages = average_columns({bundle.segmentation.schema.column(name): 0 for name in bundle.profile.features})
    first, last = ([column for column in SUMMARY_COLUMNS if column.after_averages is late] for late in (False, True))
    outcomes = outcome_columns(bundle.profile.outcomes)
    known = (
        ((column.column.label if labelled and column.column else "") or column.name, column.values(bundle))
        for column in (*first, *outcomes, *averages, *last)
    )
    series = [
        pd.Series(values[:k], index=numbers, name=name)
        for name, values in known
        if values is not None and not all(isinstance(value, str) and not value for value in values)
    ]
    # Joined, not set by name: a feature may itself be called "customers".
    return pd.concat(series, axis=1)


def _of_exceptional(values: Values, bundle: ResultBundle, name: str) -> list[Any]:
    exceptional = bundle.profile.exceptional
    return [*values, *([] if exceptional is None else [getattr(exceptional, name)])]


def _names(bundle: ResultBundle) -> list[str] | None:
    exceptional = [] if bundle.profile.exceptional is None else [say(EXCEPTIONAL)]
    return None if bundle.words is None else [*bundle.words.names, *exceptional]


def _customers(bundle: ResultBundle) -> list[int]:
    return _of_exceptional(bundle.profile.sizes, bundle, "customers")


def _share_of_customers(bundle: ResultBundle) -> list[float]:
    return _of_exceptional(bundle.profile.customer_share, bundle, "customer_share")


def _share_of_spend(bundle: ResultBundle) -> list[float] | None:
    shares = bundle.profile.spend_share
    return None if shares is None else _of_exceptional(shares, bundle, "spend_share")


def _how_sure(bundle: ResultBundle) -> Sequence[str]:
    return ("",) * bundle.segmentation.k if bundle.certainty is None else bundle.certainty.stability


def _sure_with_number(bundle: ResultBundle) -> Sequence[str]:
    if bundle.certainty is None:
        return ()
    # Three digits, so that 0.848 does not look like what would be solid.
    pairs = zip(bundle.certainty.stability, bundle.certainty.jaccard.tolist(), strict=True)
    return [f"{say(word)} {fixed(jaccard, 3)}" for word, jaccard in pairs]


def _jaccard(bundle: ResultBundle) -> Values | None:
    return None if bundle.certainty is None else bundle.certainty.jaccard


def _of_rules(name: str) -> Callable[[ResultBundle], Values | None]:
    return lambda bundle: None if bundle.rules is None else bundle.rules.frame[name].to_list()


def _jaccard_error(bundle: ResultBundle) -> Values | None:
    return None if bundle.certainty is None else bundle.certainty.jaccard_error


def _set_apart(bundle: ResultBundle) -> Sequence[str] | None:
    words = {"apart": "yes", "too few": "too few customers to tell"}
    if bundle.separation is None:
        return None
    return [words.get(each.gap, f"no, runs into segment {each.neighbour}") for each in bundle.separation]


def interval_columns() -> list[SummaryColumn]:
    """Return the ends of the 95% intervals of sizes and shares, for files."""
    return [_interval_column(name, kind, end) for name, kind in _WITH_INTERVALS.items() for end in ("low", "high")]


_WITH_INTERVALS = {"customers": "sizes", "share of customers": "customer_share", "share of spend": "spend_share"}


def _interval_column(name: str, kind: str, end: str) -> SummaryColumn:
    def ends(bundle: ResultBundle) -> Values | None:
        found = None if bundle.certainty is None else getattr(bundle.certainty.intervals, kind)
        return None if found is None else found[:, ("low", "high").index(end)]

    full = f"{name}, {end}"
    return SummaryColumn(
        full, capitalised(full), "number" if kind == "sizes" else "share", ends,
        files_only=True, after_run=True, needs_money=kind == "spend_share",
    )  # fmt: skip


def _notes(bundle: ResultBundle) -> Sequence[str]:
    return () if bundle.words is None else bundle.words.notes


SUMMARY_COLUMNS: list[SummaryColumn] = [
    SummaryColumn(
        "name", mark("Name"), "text", _names, width=210, edit=lambda model, segment, text: model.rename(segment, text)
    ),
    SummaryColumn("customers", mark("Customers"), "count", _customers, width=76),
    SummaryColumn("share of customers", mark("Share of customers"), "share", _share_of_customers, width=72),
    SummaryColumn("share of spend", mark("Share of spend"), "share", _share_of_spend, width=62, needs_money=True),
    SummaryColumn(
        "how sure", mark("How sure"), "text", _how_sure, page_text=_sure_with_number, width=70, after_run=True
    ),
    SummaryColumn("jaccard", mark("Jaccard"), "number", _jaccard, files_only=True, after_run=True),
    SummaryColumn("rule", mark("Rule"), "text", _of_rules("rule"), files_only=True, after_run=True),
    SummaryColumn("rule met", mark("Rule met"), "count", _of_rules("met"), files_only=True, after_run=True),
    SummaryColumn("rule right", mark("Rule right"), "share", _of_rules("precision"), files_only=True, after_run=True),
    SummaryColumn(
        "rule right at least", mark("Rule right at least"), "share", _of_rules("least precision"), files_only=True,
        after_run=True,
    ),
    SummaryColumn("jaccard error", mark("Jaccard, error"), "number", _jaccard_error, files_only=True, after_run=True),
    SummaryColumn("set apart", mark("Set apart"), "text", _set_apart, files_only=True, after_run=True),
    *interval_columns(),
    SummaryColumn(
        "note", mark("Your note"), "text", _notes, width=74, after_averages=True, after_run=True,
        edit=lambda model, segment, text: model.annotate(segment, text),
    ),
]  # fmt: skip

register(Profile, "frame", lambda profile: summary_frame(ResultBundle(profile)))
register(Profile, "labelled frame", lambda profile: summary_frame(ResultBundle(profile), labelled=True))
