"""Which features went with which before and do no longer: correlations that differ by more than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.change.normal_scores import normal_scores, some_of
from custseg.clustering.engines.threads import one_thread
from custseg.language import mark, say
from custseg.tables.column_roles import Column  # noqa: TC001 - a field's type
from custseg.wording import capitalised, fixed, join_words

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Of tables where nothing has changed, about one in a hundred has a correlation that is said to have.
CHANCE = 0.01
# Cohen ("Statistical power analysis for the behavioral sciences", 1988) calls a difference q of Fisher's z small from
# 0.1 and medium from 0.3.
WORTH_SAYING = 0.2
# From here on two features are said to rise together, or one to fall as the other rises.
_GOES_WITH = 0.2
_USED_TO = {
    1: mark("used to rise together"),
    0: mark("used to have little to do with each other"),
    -1: mark("used to go against each other"),
}
_NOW = {
    1: mark("now they rise together"),
    0: mark("now they have little to do with each other"),
    -1: mark("now one falls as the other rises"),
}
_MORE = {
    1: mark("rise together more closely than before"),
    0: mark("go together in another way than before"),
    -1: mark("go against each other more closely than before"),
}
_LESS = {
    1: mark("rise together less closely than before"),
    0: mark("go together in another way than before"),
    -1: mark("go against each other less closely than before"),
}
# Of fewer customers the variance of a correlation isn't known.
_FEWEST = 20
# Fisher's z of 1 is infinite.
_NEARLY_ONE = 0.999


@dataclass(frozen=True, slots=True)
class CorrelationDrift:
    """Two features whose correlation has changed by more than chance.

    Attributes
    ----------
    columns
        The two features.
    before, now
        The correlation of their normal scores, -1 to 1.
    p_value
        How likely chance brings so large a change in any pair of the table's features.

    """

    columns: tuple[Column, Column]
    before: float
    now: float
    p_value: float

    @property
    def labels(self) -> tuple[str, str]:
        """What people call the two features."""
        one, other = (column.label or column.name for column in self.columns)
        return one, other

    @property
    def sentence(self) -> str:
        """How the two went together before and do now, as plain text."""
        return say(
            "{features} {changed} (rank correlation {before} before, {now} now).",
            features=capitalised(join_words(self.labels)),
            changed=self._words,
            before=fixed(self.before, 2),
            now=fixed(self.now, 2),
        )

    @property
    def _words(self) -> str:
        was, now = _manner(self.before), _manner(self.now)
        if was != now:
            return say("{was}; {now}", was=say(_USED_TO[was]), now=say(_NOW[now]))
        return say((_MORE if abs(self.now) > abs(self.before) else _LESS)[was])


def _manner(correlation: float) -> int:
    """Return 1 for features that rise together, -1 for those that go against each other, and 0 for neither."""
    return int(np.sign(correlation)) if abs(correlation) >= _GOES_WITH else 0


def find_correlation_drift(columns: tuple[Column, ...], before: Floats, now: Floats) -> tuple[CorrelationDrift, ...]:
    """Find the pairs of features whose correlation has changed, the most changed first.

    Parameters
    ----------
    columns
        The d features.
    before, now
        Customers x d, NaN where missing. Of more than 50,000 customers, as many at random are taken.

    Notes
    -----
    Correlations are of normal scores within each of the two tables, so that neither outliers nor a shift of one
    feature alone make one. The difference of Fisher's z of a pair is set against its standard error, which rests on no
    distribution (Steiger & Hakstian, "The asymptotic distribution of elements of a correlation matrix", 1982) and is
    that of both tables together: of a few customers with many zeros it would be found too small. The chance is that
    over all pairs (Bonferroni).

    """
    from scipy.stats import norm

    scores = normal_scores(some_of(before)), normal_scores(some_of(now, 1))
    was, is_now = (_fisher_z(_moments(own)) for own in scores)
    first, second = np.triu_indices(len(columns), 1)
    change = (is_now - was)[first, second]
    error = np.sqrt(_variance(_moments(np.concatenate(scores))) * _inverse_sizes(*scores))[first, second]
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = np.minimum(2 * norm.sf(np.abs(change) / error) * len(first), 1)
    # NaN, where a pair can't be tested, is no change.
    changed = np.flatnonzero((chance <= CHANCE) & (np.abs(change) >= WORTH_SAYING))
    return tuple(
        CorrelationDrift(
            (columns[first[pair]], columns[second[pair]]),
            float(np.tanh(was[first[pair], second[pair]])),
            float(np.tanh(is_now[first[pair], second[pair]])),
            float(chance[pair]),
        )
        for pair in changed[np.argsort(-np.abs(change[changed]), kind="stable")].tolist()
    )


def _moments(scores: Floats) -> dict[tuple[int, int], Floats]:
    """Return the mean of the product of powers of both scores of each pair, d x d, over those who have both."""
    known = (~np.isnan(scores)).astype(np.float64)
    powers = [known, *(np.nan_to_num(scores) ** power for power in (1, 2, 3, 4))]
    wanted = ((1, 1), (2, 0), (0, 2), (2, 2), (3, 1), (1, 3), (4, 0), (0, 4))
    with one_thread(), np.errstate(divide="ignore", invalid="ignore"):
        customers = known.T @ known
        customers = np.where(customers >= _FEWEST, customers, np.nan)
        return {(one, other): powers[one].T @ powers[other] / customers for one, other in wanted}


def _inverse_sizes(*tables: Floats) -> Floats:
    """Return 1 / (n - 3) of the customers who have both of each pair, d x d, added up over tables."""
    known = [(~np.isnan(scores)).astype(np.float64) for scores in tables]
    return np.asarray(sum(1 / np.maximum(own.T @ own - 3, 1) for own in known))


def _correlation(moments: dict[tuple[int, int], Floats]) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = moments[1, 1] / np.sqrt(moments[2, 0] * moments[0, 2])
    return np.clip(correlation, -_NEARLY_ONE, _NEARLY_ONE)


def _fisher_z(moments: dict[tuple[int, int], Floats]) -> Floats:
    """Return Fisher's z of the correlation of each pair; NaN where too few have both, or one is the same for all."""
    return np.asarray(np.arctanh(_correlation(moments)))


def _variance(moments: dict[tuple[int, int], Floats]) -> Floats:
    """Return the variance of Fisher's z of each pair, times the number of customers less 3."""
    correlation, one, other = _correlation(moments), moments[2, 0], moments[0, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        both = moments[2, 2] / (one * other)
        skew = (moments[3, 1] / one + moments[1, 3] / other) / np.sqrt(one * other)
        tails = moments[4, 0] / one**2 + moments[0, 4] / other**2
    spread = both - correlation * skew + correlation**2 / 4 * (tails + 2 * both)
    return np.asarray(np.maximum(spread, 0) / (1 - correlation**2) ** 2)
