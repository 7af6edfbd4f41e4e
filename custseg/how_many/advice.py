"""How many segments, and whether to trust them: what is suggested, and the reason in a sentence."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from custseg.clustering.preparation import CustomerStatus, Preparation
from custseg.display import show
from custseg.errors import SettingError
from custseg.how_many.evidence import Evidence, examine
from custseg.how_many.recommendation import weigh
from custseg.sampling import sample_rows
from custseg.settings import (
    DEFAULT_SMALLEST_SHARE,
    K_RANGE,
    LARGEST_SEED,
    check_features,
    check_ks,
    check_seed,
    check_share,
)
from custseg.tables.table import CustomerTable
from custseg.wording import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.recipe import Recipe

# More would only take longer: what halves of two thousand agree on, halves of more would agree on too.
MOST_CUSTOMERS = 4000


@dataclass(frozen=True, eq=False)
class Advice:
    """What was found out about each number of segments, and what follows from it.

    Attributes
    ----------
    suggested
        The number of segments to use.
    natural_groups
        Whether there are groups with gaps between them; if not, segments are slices of a continuum, still usable.
    runner_up
        The next best number; None where only one could be tried.
    reason
        Why, in sentences for people.
    evidence
        What was found at each k.
    customers, sample_size
        How many customers there are to segment, and how many of them this is based on.
    seed
        The seed that reproduces it.
    smallest_share
        The smallest share of customers that a segment should have.

    """

    suggested: int
    natural_groups: bool
    runner_up: int | None
    reason: str
    evidence: tuple[Evidence, ...] = field(repr=False)
    customers: int
    sample_size: int
    seed: int
    smallest_share: float

    @property
    def table(self) -> pd.DataFrame:
        """One row for each k, with all that was weighed; units and directions in ``Evidence``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "k": found.k,
                    "smallest": found.sizes[-1] / self.sample_size,
                    "inertia": found.indices.inertia,
                    "silhouette": found.indices.silhouette,
                    "calinski_harabasz": found.indices.calinski_harabasz,
                    "davies_bouldin": found.indices.davies_bouldin,
                    "prediction_strength": found.agreement.prediction_strength,
                    "pair_agreement": found.agreement.pair_agreement,
                    "adjusted_rand": found.agreement.adjusted_rand,
                    "valley_density_ratio": found.valley.density_ratio,
                    "valley_depth_z": found.valley.depth_z,
                }
                for found in self.evidence
            ]
        ).set_index("k")

    def plot(self) -> Any:
        """Return a HoloViews picture of how stable and how far apart segments are at each k, the suggestion marked."""
        return show(self, "plot")

    def _repr_markdown_(self) -> str:
        return f"**{count(self.suggested, 'segment')}.** {self.reason}"


def advise(
    customers: object,
    *,
    ks: Iterable[int] = range(K_RANGE[0], K_RANGE[1] + 1),
    features: Iterable[str] | None = None,
    seed: int | None = None,
    recipe: Recipe | None = None,
    smallest_share: float = DEFAULT_SMALLEST_SHARE,
    on_progress: Callable[[int], None] | None = None,
) -> Advice:
    """Find out how many segments to use, and how far they can be trusted.

    Parameters
    ----------
    customers, features, seed, recipe
        As for ``segment``. Of more than MOST_CUSTOMERS customers, as many at random stand for all.
    ks
        The numbers of segments to try, 2 to 10.
    smallest_share
        The share of customers, 0 to 1, that a segment should have to be of use.
    on_progress
        Called with each k before it is tried; an exception that it raises ends the search and is passed on.

    Raises
    ------
    DataError
        The table cannot be used.
    SettingError
        A setting cannot be used, or fewer customers differ than the smallest k.

    """
    table = CustomerTable.read(customers)
    names = check_features(table.features if features is None else features, table.features)
    wanted, smallest_share = check_ks(ks), check_share(smallest_share)
    asked = check_seed(seed)
    drawn = secrets.randbelow(LARGEST_SEED + 1) if asked is None else asked
    prepared = _prepared_sample(table, names, recipe, drawn)
    evidence = examine(prepared, wanted, drawn, on_progress)
    if not evidence:
        msg = (
            f"{wanted[0]} segments need at least {wanted[0]} customers that differ in the features, but there are "
            "fewer. Add a feature, or customers."
        )
        raise SettingError(msg)
    verdict = weigh(evidence, smallest_share, len(table))
    reason = verdict.reason
    if len(table) > MOST_CUSTOMERS:
        reason += f" Based on {MOST_CUSTOMERS:,} of {len(table):,} customers, drawn at random."
    return Advice(
        suggested=verdict.suggested,
        natural_groups=verdict.natural_groups,
        runner_up=verdict.runner_up,
        reason=reason,
        evidence=tuple(evidence),
        customers=len(table),
        sample_size=len(prepared),
        seed=drawn,
        smallest_share=smallest_share,
    )


def _prepared_sample(
    table: CustomerTable, names: tuple[str, ...], recipe: Recipe | None, seed: int
) -> npt.NDArray[np.float64]:
    """Prepare a sample of the customers; what a preparation learns, it learns from these."""
    if len(table) > MOST_CUSTOMERS:
        table = table.sample(sample_rows(len(table), MOST_CUSTOMERS, np.random.default_rng(seed)))
    values = table.matrix(names)
    preparation = Preparation.fit(values, names, recipe, table.features)
    return preparation.apply(values[preparation.status(values) == CustomerStatus.SEGMENTED])
