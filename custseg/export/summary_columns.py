"""What a table of segments says of each: one list of statistics, for the page, dataframes and files alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from custseg.display import register
from custseg.export.bundle import ResultBundle
from custseg.insight.profile import Profile
from custseg.narrative.interpretation import EXCEPTIONAL
from custseg.wording import fixed, share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt
    import pandas as pd

    Values = Sequence[Any] | np.ndarray[Any, Any]

# Stands where a group has no value.
NO_VALUE = "-"


@dataclass(frozen=True, slots=True)
class SummaryColumn:
    """A statistic of segments.

    Attributes
    ----------
    name, title
        What it is called in dataframes and files, and what on the page.
    unit
        How its values are written for people: as they are, as a whole number, as a percentage, or with ``decimals``.
    values
        One value for each segment of a result, k; one more for the exceptional customers where it has one. None where
        the statistic does not apply, and empty texts where it is not known yet; files leave out both.
    page_text
        What the page writes, k, where that is more than the value in its unit.
    width
        Pixels that it takes on the page.
    edit
        Changes it where a person may: called with the model, the segment from 1, and the text that was written.
    needs_money
        Whether it does not apply where no feature is money.
    files_only
        Whether the page has no room for it.
    after_averages
        Whether it stands after the averages of the features.

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
        return share(value) if self.unit == "share" else fixed(value, 0 if self.unit == "count" else self.decimals)


def average_columns(decimals: Mapping[str, int]) -> list[SummaryColumn]:
    """Return a column for the average of each of these features, compared or not, with so many decimals."""
    features = tuple(decimals)

    # A table is written anew for a name; the averages of its profile stay.
    @lru_cache(maxsize=1)
    def averages(profile: Profile) -> npt.NDArray[np.float64]:
        return profile.averages(features)

    def column(position: int, feature: str) -> SummaryColumn:
        return SummaryColumn(
            feature,
            feature,
            "number",
            lambda bundle: averages(bundle.profile)[:, position],
            decimals=decimals[feature],
        )

    return [column(position, feature) for position, feature in enumerate(features)]


def summary_frame(bundle: ResultBundle) -> pd.DataFrame:
    """Return one row a segment: every statistic that is known, and the average of each compared feature."""
    import pandas as pd

    k = bundle.segmentation.k
    numbers = pd.Index(range(1, k + 1), name="segment")
    averages = average_columns(dict.fromkeys(bundle.profile.features, 0))
    first, last = ([column for column in SUMMARY_COLUMNS if column.after_averages is late] for late in (False, True))
    known = ((column.name, column.values(bundle)) for column in (*first, *averages, *last))
    series = [
        pd.Series(values[:k], index=numbers, name=name)
        for name, values in known
        if values is not None and not all(isinstance(value, str) and not value for value in values)
    ]
    # Joined, not set column by column: a feature may itself be called "customers".
    return pd.concat(series, axis=1)


def _of_exceptional(values: Values, bundle: ResultBundle, name: str) -> list[Any]:
    apart = bundle.profile.exceptional
    return [*values, *([] if apart is None else [getattr(apart, name)])]


def _names(bundle: ResultBundle) -> list[str] | None:
    apart = [] if bundle.profile.exceptional is None else [EXCEPTIONAL]
    return None if bundle.words is None else [*bundle.words.names, *apart]


def _customers(bundle: ResultBundle) -> list[int]:
    return _of_exceptional(bundle.profile.sizes, bundle, "customers")


def _share_of_customers(bundle: ResultBundle) -> list[float]:
    return _of_exceptional(bundle.profile.customer_share, bundle, "customer_share")


def _share_of_spend(bundle: ResultBundle) -> list[float] | None:
    shares = bundle.profile.spend_share
    return None if shares is None else _of_exceptional(shares, bundle, "spend_share")


def _how_sure(bundle: ResultBundle) -> Sequence[str]:
    return ("",) * bundle.segmentation.k if bundle.certainty is None else bundle.certainty.stability


def _how_sure_with_number(bundle: ResultBundle) -> Sequence[str]:
    if bundle.certainty is None:
        return ()
    pairs = zip(bundle.certainty.stability, bundle.certainty.jaccard.tolist(), strict=True)
    return [f"{word} {fixed(jaccard, 2)}" for word, jaccard in pairs]


def _jaccard(bundle: ResultBundle) -> Values | None:
    return None if bundle.certainty is None else bundle.certainty.jaccard


def _notes(bundle: ResultBundle) -> Sequence[str]:
    return () if bundle.words is None else bundle.words.notes


SUMMARY_COLUMNS: list[SummaryColumn] = [
    SummaryColumn(
        "name", "Name", "text", _names, width=150, edit=lambda model, segment, text: model.rename(segment, text)
    ),
    SummaryColumn("customers", "Customers", "count", _customers),
    SummaryColumn("share of customers", "Share of customers", "share", _share_of_customers, width=84),
    SummaryColumn("share of spend", "Share of spend", "share", _share_of_spend, width=66, needs_money=True),
    SummaryColumn("how sure", "How sure", "text", _how_sure, page_text=_how_sure_with_number, width=92),
    SummaryColumn("jaccard", "Jaccard", "number", _jaccard, files_only=True),
    SummaryColumn(
        "note", "Your note", "text", _notes, width=150, after_averages=True,
        edit=lambda model, segment, text: model.annotate(segment, text),
    ),
]  # fmt: skip

register(Profile, "frame", lambda profile: summary_frame(ResultBundle(profile)))
