"""Where customers stand before they are segmented: new, active, or lapsed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import DataError, SettingError, quote
from custseg.language import say
from custseg.tables.purchases.lines import USED
from custseg.wording import count

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.tables.purchases.lines import Lines

LIFECYCLE = "lifecycle"
NEW, ACTIVE, LAPSED = "new", "active", "lapsed"
# Half of those who come back have done so by then; and hardly anybody who has not come back by then still does.
_USUAL, _LATE = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """After how many days customers are no longer new, and after how many without a purchase they have lapsed.

    Attributes
    ----------
    new_days
        Who bought for the first time at most so many days ago is new.
    lapsed_days
        Whose last purchase lies more days back has lapsed, also where it was the first. All others are active.

    """

    new_days: int
    lapsed_days: int

    def __post_init__(self) -> None:
        """Refuse what are no days."""
        given: tuple[object, ...] = (self.new_days, self.lapsed_days)
        for days in given:
            if isinstance(days, bool) or not isinstance(days, int) or days < 0:
                msg = say(
                    "Lifecycle takes whole numbers of days, such as Lifecycle(30, 180), but got {days}.",
                    days=quote(days),
                )
                raise SettingError(msg)

    def of(self, recency: npt.NDArray[np.float64], tenure: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
        """Say of each customer where they stand, by the days since the last and the first purchase."""
        standing = np.where(tenure <= self.new_days, NEW, ACTIVE)
        return np.asarray(np.where(recency > self.lapsed_days, LAPSED, standing), dtype=object)

    @property
    def sentence(self) -> str:
        """Say who is what."""
        return say(
            "Lifecycle: lapsed after more than {lapsed} without a purchase, new where the first was at most {new} ago, "
            "else active",
            lapsed=count(self.lapsed_days, "day"),
            new=count(self.new_days, "day"),
        )


def usual_lifecycle(lines: Lines) -> tuple[Lifecycle, str]:
    """Return thresholds of the table's own, and why they are so: the median and the ninth decile of its gaps.

    A gap is the number of days from one day on which a customer bought to the next. Raises DataError where nobody came
    back.
    """
    ((gaps, usual, late),) = lines.rows(
        f"SELECT count(gap), quantile_disc(gap, {_USUAL}), quantile_disc(gap, {_LATE}) FROM ("  # noqa: S608 - our own
        "SELECT date_diff('day', lag(day) OVER (PARTITION BY customer ORDER BY day), day) AS gap FROM ("
        f"SELECT DISTINCT customer, day FROM orders WHERE state = '{USED}' AND amount > 0))"
    )
    if not gaps:
        msg = say(
            "Nobody bought on two different days, so that it is not known when customers come back. Give "
            "the days, such as lifecycle=Lifecycle(30, 180), or leave lifecycle out."
        )
        raise DataError(msg)
    found = Lifecycle(int(usual), int(late))
    why = say(
        "; of {gaps} between purchases half take up to {usual} days, nine in ten up to {late}",
        gaps=count(gaps, "gap"),
        usual=usual,
        late=late,
    )
    return found, why
