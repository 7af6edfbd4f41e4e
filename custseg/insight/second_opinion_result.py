"""A second opinion on a result: what a Gaussian mixture says of the same customers, as a frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from custseg.clustering.segmentation import membership_frame
from custseg.errors import SettingError
from custseg.tables.customers import segment_numbers
from custseg.tables.expressions import SEGMENT, Passing
from custseg.tables.table import open_source, read_values

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.mixture import Covariance, Mixture
    from custseg.clustering.mixture_fit import MixtureFit
    from custseg.clustering.segmentation import Segmentation
    from custseg.tables.expressions import Value

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.intp]

# From this probability on, a customer would clearly be elsewhere.
CLEARLY = 0.9


@dataclass(frozen=True, eq=False)
class SecondOpinion:
    """What a Gaussian mixture says beside K-Means, on the same customers and features.

    Attributes
    ----------
    segmentation
        The result that this is a second opinion on.
    groups
        How many groups it sees: components between which fewer customers lie than on either side, or of which one
        is a bump in the flank of the other. None where there is no second opinion; ``reason`` then says why.
    components, covariance
        How many components the best mixture has, and the kind of their covariances, both by the Bayesian information
        criterion.
    agreement
        Adjusted Rand index of the segments and the groups: 1 for the same, about 0 for chance.
    agreement_at_same_number
        The same of K-Means with as many segments as there are groups.
    gain
        How much more the mixture says of a customer that it has not seen than K-Means with as many segments, taken as
        round clouds of one size, on average: a difference of logarithms of densities.
    fits_better
        Whether groups of another shape fit much better, so that they are worth using in place of the segments.
    elsewhere_count
        How many customers it would put into another segment, with a probability above 0.9.
    reason
        All of this, in sentences.
    customers, sample_size
        How many customers are in a segment, and to how many of them the mixture was fitted.

    """

    segmentation: Segmentation = field(repr=False)
    reason: str
    customers: int
    sample_size: int
    groups: int | None = None
    components: int = 0
    covariance: Covariance | None = None
    agreement: float = np.nan
    agreement_at_same_number: float = np.nan
    gain: float = np.nan
    fits_better: bool = False
    elsewhere_count: int = 0
    fit: MixtureFit | None = field(default=None, repr=False)
    placed: PutElsewhere | None = field(default=None, repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """The Bayesian information criterion (the smaller, the better) by number of components and kind of covariance.

        Empty cells were not looked at: there are too few customers for so many numbers.
        """
        import pandas as pd

        candidates = self.fit.candidates if self.fit else ()
        rows = [(candidate.mixture.components, candidate.kind, candidate.bic) for candidate in candidates]
        frame = pd.DataFrame(rows, columns=["components", "covariance", "bic"])
        return frame.pivot_table(index="components", columns="covariance", values="bic")

    @cached_property
    def elsewhere(self) -> pd.DataFrame:
        """Who would be elsewhere, the surest first: customer, segment, the other segment, the probability of that."""
        import pandas as pd

        names = ["customer", "segment", "other", "probability"]
        if self.placed is None or not self.elsewhere_count:
            return pd.DataFrame(columns=names)
        page = self.segmentation.assignment.page(Passing(self.placed), limit=self.elsewhere_count)
        other, probability = self.placed.where(page.matrix(self.segmentation.compared))
        columns = page.identifiers, segment_numbers(page.labels[SEGMENT]), other, probability
        frame = pd.DataFrame(dict(zip(names, columns, strict=True)))
        return frame.sort_values("probability", ascending=False, kind="stable", ignore_index=True)

    def memberships(self, customers: object) -> pd.DataFrame:
        """Return with which probability each customer is of each group: customers x groups, each row adds up to 1.

        Customers are a dataframe, a path or a CustomerTable, and may be new. Columns are the numbers of the groups,
        from 1. A customer who would be in no segment has none.

        Raises
        ------
        SettingError
            There is no second opinion.
        DataError
            A feature is missing, or contains something other than numbers.

        """
        if self.fit is None:
            raise SettingError(self.reason)
        result = self.segmentation
        values = read_values(open_source(customers).frame, result.schema, result.compared)
        return membership_frame(self.fit.mixture, result, values)


@dataclass(frozen=True, slots=True)
class PutElsewhere:
    """Whether a mixture would clearly put a customer into another segment.

    ``group_of`` is the group (from 0) that most of each segment are of, ``segment_of`` the segment (from 1) that most
    of each group are in.
    """

    segmentation: Segmentation
    mixture: Mixture
    group_of: tuple[int, ...]
    segment_of: tuple[int, ...]

    @property
    def features(self) -> tuple[Value, ...]:
        """What was compared."""
        return self.segmentation.compared

    def holds(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Return of which customers x compared it holds."""
        own = segment_numbers(self.segmentation.codes(values))
        shares = self.mixture.memberships(self.segmentation.preparation.apply(values))
        group = shares.argmax(axis=1)
        other = np.array(self.segment_of)[group]
        usual = np.array((-1, *self.group_of))[own]
        return np.asarray((own > 0) & (shares.max(axis=1) > CLEARLY) & (group != usual) & (other != own))

    def where(self, values: Floats) -> tuple[Labels, Floats]:
        """Return the segment (from 1) that each customer would be in, and the probability of its group."""
        shares = self.mixture.memberships(self.segmentation.preparation.apply(values))
        return np.array(self.segment_of)[shares.argmax(axis=1)], shares.max(axis=1)
