"""Is it worth acting on? What contacting the best segments first would reach, on customers who were held out."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.segmentation import segment
from custseg.errors import SettingError, quote
from custseg.insight.outcome_values import read_outcome
from custseg.language import say
from custseg.sampling import sample_rows
from custseg.settings import check_seed
from custseg.tables.expressions import LEFT_OUT, SET_APART
from custseg.tables.spend import spend_of_each
from custseg.wording import as_written, fixed, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.outcome_values import OutcomeValues

    Floats = npt.NDArray[np.float64]
    Rows = npt.NDArray[np.intp]
    Flags = npt.NDArray[np.bool_]

DEFAULT_SHARE = 0.2
FOLDS, REPEATS = 5, 4
# From this on a gain, as a share of the outcome, would matter.
WORTH_HAVING = 0.05
# Random segments of the same sizes, drawn anew so often in each fold; and how often customers are, for the intervals.
_SHUFFLES, _RESAMPLES = 5, 300
_MOST_CUSTOMERS = 50_000


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more segments reach than a rival, as a share of the total, with its 95% interval."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float, error: float) -> Difference:
        """Return a difference with the interval that its standard error gives."""
        half = NormalDist().inv_cdf(0.975) * error
        return cls(float(value), float(value - half), float(value + half))

    @property
    def words(self) -> str:
        """The interval in percentage points: “24 to 32 points”."""
        return say("{low} to {high} points", low=_points(self.low, self), high=_points(self.high, self))


@dataclass(frozen=True, eq=False)
class Worth:
    """What contacting the best segments first would reach, against what else one could do.

    All is of customers who were held out: the segments were found, and ordered by the outcome, without them.

    Attributes
    ----------
    segmentation
        What is assessed.
    outcome
        What is to be reached: “those who left”.
    share
        Which share of the customers is contacted.
    customers
        Of how many customers it was found out.
    reached, by_random, by_spend
        Which share of the outcome is reached by the best segments, by random segments of the same sizes, and by as many
        groups by spend; the last is None where the table has no spend.
    over_all_alike
        How much more the segments reach than contacting anybody, which reaches ``share``.
    against_random, against_spend
        How much more they reach than these.
    spend_over_all_alike
        How much more groups by spend reach than ``share``.
    raised
        How many amounts below 0 count as 0.

    """

    segmentation: Segmentation = field(repr=False)
    outcome: str
    share: float
    customers: int
    reached: float
    by_random: float
    by_spend: float | None
    over_all_alike: Difference
    against_random: Difference
    against_spend: Difference | None
    spend_over_all_alike: Difference | None
    raised: int = 0

    @property
    def gain(self) -> float:
        """How much more than ``share`` of the outcome is reached."""
        return self.over_all_alike.value

    @property
    def interval(self) -> tuple[float, float]:
        """Where ``gain`` is with 95% confidence."""
        return self.over_all_alike.low, self.over_all_alike.high

    @property
    def is_something(self) -> bool:
        """Whether the segments reach more than random ones, and more than anybody, beyond what chance explains."""
        return self.against_random.low > 0 and self.over_all_alike.low > 0

    @property
    def sentence(self) -> str:
        """What acting by segment is worth, as plain text."""
        within = say("within {share} of customers", share=percent(self.share))
        reaches = say(
            "reaches {reached} of {outcome} {within}",
            reached=percent(self.reached),
            outcome=self.outcome,
            within=within,
        )
        if self.is_something:
            said = say(
                "Contacting the best segments first {reaches}: {gain} points more than treating all alike "
                "(95% interval {words}).{beside_spend}",
                reaches=reaches,
                gain=_points(self.gain, self.over_all_alike),
                words=self.over_all_alike.words,
                beside_spend=self._beside_spend,
            )
        else:
            said = say(
                "Acting by segment gains nothing here that chance does not explain: contacting the best "
                "segments first {reaches}, random segments of the same sizes {by_random} (95% interval of "
                "the difference {words}).{not_ruled_out}{spend_instead}",
                reaches=reaches,
                by_random=percent(self.by_random),
                words=self.against_random.words,
                not_ruled_out=self._not_ruled_out,
                spend_instead=self._spend_instead,
            )
        return f"{said}{self._counted}"

    @property
    def _beside_spend(self) -> str:
        """Compare with groups by spend."""
        difference, by_spend = self.against_spend, self.by_spend
        if difference is None or by_spend is None:
            return ""
        reach, interval = percent(by_spend), say("95% interval of the difference {words}", words=difference.words)
        if difference.low > 0:
            return say(
                " A simple split by spend into as many groups reaches less, {reach} ({interval}).",
                reach=reach,
                interval=interval,
            )
        if difference.high < 0:
            return say(
                " A simple split by spend into as many groups does better: it reaches {reach} ({interval}).",
                reach=reach,
                interval=interval,
            )
        return say(
            " But a simple split by spend into as many groups is not clearly worse: it reaches {reach} ({interval}).",
            reach=reach,
            interval=interval,
        )

    @property
    def _not_ruled_out(self) -> str:
        """Say that a gain that would matter may be there all the same."""
        high = self.against_random.high
        if high < WORTH_HAVING:
            return ""
        return say(" A gain of up to {high} points is not ruled out.", high=_points(high, self.against_random))

    @property
    def _spend_instead(self) -> str:
        """Recommend groups by spend where these gain something."""
        alone, by_spend = self.spend_over_all_alike, self.by_spend
        if alone is None or by_spend is None or alone.low <= 0:
            return ""
        return say(
            " A simple split by spend into as many groups does gain: it reaches {by_spend}.", by_spend=percent(by_spend)
        )

    @property
    def _counted(self) -> str:
        return say(" Amounts below 0 count as 0 ({raised:,}).", raised=self.raised) if self.raised else ""

    @property
    def frame(self) -> pd.DataFrame:
        """One row a way to choose whom to contact: what it reaches, and how much more segments reach."""
        import pandas as pd

        ways = {
            "treating all alike": (self.share, self.over_all_alike),
            "random segments": (self.by_random, self.against_random),
        }
        if self.against_spend is not None and self.by_spend is not None:
            ways["groups by spend"] = (self.by_spend, self.against_spend)
        rows = [(reached, each.value, each.low, each.high) for reached, each in ways.values()]
        columns = pd.Index(["reached", "segments reach more", "low", "high"])
        index = pd.Index(["segments", *ways], name="who is contacted first")
        return pd.DataFrame([(self.reached, 0.0, 0.0, 0.0), *rows], index=index, columns=columns)

    def _repr_html_(self) -> str:
        table = self.frame.to_html(float_format="{:.3f}".format)
        return as_written(f"<p>{html.escape(self.sentence)}</p>{table}")


def worth(
    segmentation: Segmentation,
    outcome: str | Iterable[object],
    *,
    share: float = DEFAULT_SHARE,
    seed: int | None = 0,
    on_progress: Callable[[int, int], None] | None = None,
) -> Worth:
    """Find out what acting by segment would gain.

    The customers are divided into five folds, four times over. Those of four folds are segmented by the settings of
    the result, and their segments ordered by the outcome; those of the fifth are given these segments, and contacted
    in that order until ``share`` of them are. So it goes for the two rivals too: random segments of the same sizes, and
    as many groups of about equal size by spend. Intervals come from the standard error over
    customers who are drawn anew, whose groups are ordered anew too.

    Parameters
    ----------
    segmentation
        The result. Of more than 50,000 customers, as many at random stand for all.
    outcome
        A column that was not compared: what became of customers, or an amount of a later time, the more the better. Or
        a list of True and False, or of numbers, one a customer in the table's order; NaN where it is not known.
    share
        Which share of the customers can be contacted, above 0 and below 1.
    seed
        How folds are drawn; None at random.
    on_progress
        Called with the number of each fold, from 1, and how many there are, before it begins; an exception that it
        raises ends the search and is passed on.

    Raises
    ------
    SettingError
        There is no such outcome, it was compared, or another setting cannot be used.
    DataError
        The outcome is the same for all, or known of too few customers.

    """
    segmentation, share = segmentation.part, _check_share(share)
    generator = np.random.default_rng(check_seed(seed))
    found = read_outcome(segmentation, outcome)
    rows = np.flatnonzero(~np.isnan(found.of_each))
    rows = rows[sample_rows(len(rows), _MOST_CUSTOMERS, generator)]
    spend = _spend(segmentation, found, rows)
    by_segment, by_spend, at_random, held = [], [], [], []
    for number, (train, test) in enumerate(_folds(len(rows), generator), start=1):
        if on_progress is not None:
            on_progress(number, FOLDS * REPEATS)
        groups = _segments(segmentation, rows, train)
        held.append(test)
        by_segment.append(groups)
        at_random += [groups[generator.permutation(len(groups))] for _ in range(_SHUFFLES)]
        if spend is not None:
            by_spend.append(_quantiles(spend, train, segmentation.k))
    ways = [Ordering(np.array(by_segment), np.array(held), share)]
    ways += [Ordering(np.array(by_spend), np.array(held), share)] if by_spend else []
    by_chance = Ordering(np.array(at_random), np.repeat(held, _SHUFFLES, axis=0), share)
    values = found.of_each[rows]
    anew = []
    for _ in range(_RESAMPLES):
        if on_progress is not None:
            on_progress(FOLDS * REPEATS, FOLDS * REPEATS)
        times = np.bincount(generator.integers(len(rows), size=len(rows)), minlength=len(rows))
        anew.append([way.reached(values, times) for way in ways])
    everybody = np.ones(len(rows))
    reached = [way.reached(values, everybody) for way in ways]
    return _assessed(segmentation, found, share, reached, by_chance.reached(values, everybody), np.array(anew))


def _check_share(share: object) -> float:
    if isinstance(share, int | float) and not isinstance(share, bool) and 0 < share < 1:
        return float(share)
    msg = say(
        "The share of customers to contact must be a number above 0 and below 1, but got {share}.", share=quote(share)
    )
    raise SettingError(msg)


def _spend(result: Segmentation, found: OutcomeValues, rows: Rows) -> Floats | None:
    """Return what customers spend in all, without the outcome itself; None where the table has no spend."""
    table = result.table
    money = [name for name in table.money(table.features) if name != found.column]
    return spend_of_each(table.matrix(money, rows)) if money else None


def _folds(customers: int, generator: np.random.Generator) -> Iterator[tuple[Rows, Flags]]:
    """Yield who trains, and whether each customer is held out, in each fold of each repeat."""
    for _ in range(REPEATS):
        fold = generator.permutation(customers) % FOLDS
        for number in range(FOLDS):
            yield np.flatnonzero(fold != number), fold == number


def _segments(result: Segmentation, rows: Rows, train: Rows) -> Rows:
    """Segment those who train, by the settings of the result; return the group of each, from 0.

    Who is left out or set apart is in a group too: everybody can be contacted.
    """
    table = result.table
    learned = segment(
        table.sample(rows[train]), features=result.features, k=result.k, seed=result.seed,
        recipe=result.preparation.recipe, engine=result.engine,
    )  # fmt: skip
    codes = learned.codes(table.matrix(learned.compared, rows))
    groups = codes.astype(np.intp) - 1
    groups[codes == LEFT_OUT], groups[codes == SET_APART] = result.k, result.k + 1
    return groups


def _quantiles(spend: Floats, train: Rows, groups: int) -> Rows:
    """Return groups of about equal size by spend, from 0; who has none is in one more."""
    edges = np.nanquantile(spend[train], np.linspace(0, 1, groups + 1)[1:-1])
    return np.where(np.isnan(spend), groups, np.searchsorted(edges, spend, side="right"))


class Ordering:
    """Groups of customers in each fold (folds x customers), of which the best are contacted first."""

    def __init__(self, groups: Rows, held: Flags, share: float) -> None:
        self._share, self._groups = share, int(groups.max()) + 1
        folds = np.arange(len(groups))[:, None]
        self._cells = ((folds * 2 + held) * self._groups + groups).ravel()
        self._shape = (len(groups), 2, self._groups)

    def reached(self, values: Floats, times: npt.NDArray[Any]) -> float:
        """Return which share of the outcome is reached among those held out, each customer counted so many times.

        Groups are ordered by the outcome of those who train. Of the group in which the share of customers is used up,
        who is contacted is left to chance.
        """
        sizes, sums = self._add_up(times), self._add_up(times * values)
        train, test = sizes[:, 0], sizes[:, 1]
        overall = sums[:, 0].sum(axis=1, keepdims=True) / train.sum(axis=1, keepdims=True)
        means = np.divide(sums[:, 0], train, out=np.broadcast_to(overall, train.shape).copy(), where=train > 0)
        order = np.argsort(-means, axis=1, kind="stable")
        here, amounts = (np.take_along_axis(each[:, 1], order, axis=1) for each in (sizes, sums))
        left = self._share * test.sum(axis=1, keepdims=True) - (np.cumsum(here, axis=1) - here)
        parts = np.clip(np.divide(left, here, out=np.zeros(here.shape), where=here > 0), 0, 1)
        return float((parts * amounts).sum() / amounts.sum())

    def _add_up(self, weights: Floats) -> Floats:
        folds, sides, groups = self._shape
        repeated = np.broadcast_to(weights, (folds, len(weights))).ravel()
        added = np.bincount(self._cells, repeated, minlength=folds * sides * groups)
        return np.asarray(added.reshape(self._shape), dtype=np.float64)


def _assessed(
    result: Segmentation, found: OutcomeValues, share: float, reached: list[float], by_random: float, anew: Floats
) -> Worth:
    """Compare what segments and groups by spend reach, if any; ``anew`` is the same of customers drawn anew."""
    by_spend = reached[1] if len(reached) > 1 else None
    alone = float(anew[:, 0].std())
    return Worth(
        segmentation=result,
        outcome=found.words,
        share=share,
        customers=int((~np.isnan(found.of_each)).sum()),
        reached=reached[0],
        by_random=by_random,
        by_spend=by_spend,
        over_all_alike=Difference.of(reached[0] - share, alone),
        against_random=Difference.of(reached[0] - by_random, alone),
        against_spend=None
        if by_spend is None
        else Difference.of(reached[0] - by_spend, (anew[:, 0] - anew[:, 1]).std()),
        spend_over_all_alike=None if by_spend is None else Difference.of(by_spend - share, anew[:, 1].std()),
        raised=found.raised,
    )


def _points(value: float, beside: Difference) -> str:
    """Write a share in percentage points, with a decimal where one of the interval is small."""
    decimals = 1 if min(abs(beside.value), abs(beside.low), abs(beside.high)) < 0.01 else 0
    return fixed(100 * value, decimals).replace("-", "−")
