"""How many segments to use and how far to trust them, with the reason in words."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from custseg.clustering.preparation import CustomerStatus
from custseg.clustering.segmentation import prepare
from custseg.display import show
from custseg.errors import SettingError
from custseg.how_many.evidence import Evidence, examine, examine_trimmed
from custseg.how_many.recommendation import recommend
from custseg.how_many.smallest_segment import SmallestSegment
from custseg.language import say
from custseg.settings import (
    DEFAULT_SMALLEST_SHARE,
    DEFAULT_SMALLEST_SIZE,
    K_RANGE,
    LARGEST_SEED,
    check_features,
    check_ks,
    check_seed,
    check_share,
    check_size,
)
from custseg.tables.table import CustomerTable
from custseg.wording import count, escape_markdown, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.recipe import Recipe
    from custseg.how_many.recommendation import Recommendation

# More would only take longer: what halves of two thousand agree on, larger halves would agree on too.
MOST_CUSTOMERS = 4000


@dataclass(frozen=True, eq=False)
class Advice:
    """How many segments to use, and the evidence for each number.

    Attributes
    ----------
    suggested
        The number of segments to use.
    natural_groups
        Whether there are groups with gaps between them. If not, segments are slices of a continuum, and still usable.
    runner_up
        The next best number; None where there is no other.
    reason
        Why, in sentences.
    evidence
        The evidence for each k.
    customers, sample_size
        How many customers there are, and how many of them this is based on.
    seed
        The seed that reproduces this advice.
    smallest_share, smallest_size
        The smallest share of customers that a segment should have, or how many are enough; None: only the share counts.

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
    smallest_size: int | None

    @property
    def table(self) -> pd.DataFrame:
        """One row for each k with all its evidence; for units and directions see ``Evidence``."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "k": evidence.k,
                    "smallest": evidence.sizes[-1] / self.sample_size,
                    "inertia": evidence.indices.inertia,
                    "silhouette": evidence.indices.silhouette,
                    "calinski_harabasz": evidence.indices.calinski_harabasz,
                    "davies_bouldin": evidence.indices.davies_bouldin,
                    "prediction_strength": evidence.agreement.prediction_strength,
                    "pair_agreement": evidence.agreement.pair_agreement,
                    "adjusted_rand": evidence.agreement.adjusted_rand,
                    "valley_density_ratio": evidence.valley.density_ratio,
                    "valley_depth_z": evidence.valley.depth_z,
                }
                for evidence in self.evidence
            ]
        ).set_index("k")

    def plot(self) -> Any:
        """Return a HoloViews plot of how stable and how separate segments are at each k, with the suggestion marked."""
        return show(self, "plot")

    def _repr_markdown_(self) -> str:
        return f"**{count(self.suggested, 'segment')}.** {escape_markdown(self.reason)}"


def advise(
    customers: object,
    *,
    ks: Iterable[int] = range(K_RANGE[0], K_RANGE[1] + 1),
    features: Iterable[str] | None = None,
    seed: int | None = None,
    recipe: Recipe | None = None,
    smallest_share: float = DEFAULT_SMALLEST_SHARE,
    smallest_size: int | None = DEFAULT_SMALLEST_SIZE,
    on_progress: Callable[[int], None] | None = None,
) -> Advice:
    """Suggest how many segments to use, and say how far they can be trusted.

    Parameters
    ----------
    customers, features, seed, recipe
        As for ``segment``. Of more than MOST_CUSTOMERS customers, a random sample of that size is used. Where a share
        is set apart (``trim``), that is done at each k anew, as in a run, and the evidence is of the others.
    ks
        The numbers of segments to try, 2 to 10.
    smallest_share
        The smallest share of customers, 0 to 1, that a segment should have.
    smallest_size
        So many customers are enough for a segment, however small their share; None: only the share counts. Of a
        sample, a segment needs ten.
    on_progress
        Called with each k before it is tried; an exception that it raises ends the search and reaches the caller.

    Raises
    ------
    DataError
        The table cannot be used.
    SettingError
        A setting cannot be used, or fewer customers differ than the smallest k needs.

    """
    table = CustomerTable.read(customers)
    names = check_features(table.features if features is None else features, table.features)
    wanted, smallest_share, smallest_size = check_ks(ks), check_share(smallest_share), check_size(smallest_size)
    asked = check_seed(seed)
    drawn = secrets.randbelow(LARGEST_SEED + 1) if asked is None else asked
    prepared = _prepared_sample(table, names, recipe, drawn)
    evidence = _evidence(prepared, wanted, drawn, _trim_of(recipe), on_progress)
    recommendation = recommend(evidence, SmallestSegment(smallest_share, smallest_size, len(table), len(prepared)))
    return Advice(
        suggested=recommendation.suggested,
        natural_groups=recommendation.natural_groups,
        runner_up=recommendation.runner_up,
        reason=f"{recommendation.reason}{_reservations(recommendation, recipe, len(table))}",
        evidence=tuple(evidence),
        customers=len(table),
        sample_size=len(prepared),
        seed=drawn,
        smallest_share=smallest_share,
        smallest_size=smallest_size,
    )


def _trim_of(recipe: Recipe | None) -> float:
    return recipe.trim if recipe is not None else 0.0


def _evidence(
    prepared: npt.NDArray[np.float64],
    ks: list[int],
    seed: int,
    trim: float,
    on_progress: Callable[[int], None] | None,
) -> list[Evidence]:
    """Look at each k. Raises SettingError where too few customers differ for any."""
    if trim:
        evidence = examine_trimmed(prepared, ks, seed, trim, on_progress)
    else:
        evidence = examine(prepared, ks, seed, on_progress)
    if not evidence:
        msg = say(
            "{ks} segments need at least {ks} customers who differ in the features, but there are fewer. "
            "Add a feature, or more customers.",
            ks=ks[0],
        )
        raise SettingError(msg)
    return evidence


def _reservations(recommendation: Recommendation, recipe: Recipe | None, customers: int) -> str:
    """Return what else has to be said with a recommendation, as sentences that follow its reason."""
    said = ""
    if recommendation.natural_groups and recipe is not None and recipe.categories:
        said += say(" Categories take part, and nobody lies between two levels: a gap may be no more than that.")
    if trim := _trim_of(recipe):
        said += say(" With up to {trim} of the customers set apart at each number, as in a run.", trim=percent(trim))
    if customers > MOST_CUSTOMERS:
        said += say(
            " Based on {MOST_CUSTOMERS:,} of {customers:,} customers, drawn at random.",
            MOST_CUSTOMERS=MOST_CUSTOMERS,
            customers=customers,
        )
    return said


def _prepared_sample(
    table: CustomerTable, names: tuple[str, ...], recipe: Recipe | None, seed: int
) -> npt.NDArray[np.float64]:
    """Prepare a sample of the customers, from which the preparation is learned too."""
    if len(table) > MOST_CUSTOMERS:
        table = table.some(MOST_CUSTOMERS, seed)
    values, preparation = prepare(table, names, recipe)
    return preparation.apply(values[preparation.status(values) == CustomerStatus.SEGMENTED])
