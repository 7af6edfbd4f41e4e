"""Learn from a table how to make its features comparable, and apply that to the same or to new customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.errors import DataError, quote

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Preparation:
    """Standardisation: each feature to mean 0 and standard deviation 1 (of the population, as scikit-learn's).

    ``mean`` and ``scale`` have shape (features,) and are in the features' own units.
    """

    features: tuple[str, ...]
    mean: npt.NDArray[np.float64]
    scale: npt.NDArray[np.float64]

    @classmethod
    def fit(cls, values: npt.NDArray[np.float64], features: tuple[str, ...]) -> Preparation:
        """Learn mean and scale from customers x features. A constant feature keeps its unit (scale 1)."""
        with np.errstate(over="ignore", invalid="ignore"):
            mean, scale = values.mean(axis=0), values.std(axis=0)
        for name, centre, spread in zip(features, mean, scale, strict=True):
            if not (np.isfinite(centre) and np.isfinite(spread)):
                msg = f"The numbers in {quote(name)} are too large to compute with. Give them in a larger unit."
                raise DataError(msg)
        return cls(features, _frozen(mean), _frozen(np.where(scale > 0, scale, 1.0)))

    def apply(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Bring customers x features into prepared units (standard deviations from the mean)."""
        return (values - self.mean) / self.scale

    def invert(self, prepared: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Bring prepared values, such as centroids, back into the features' own units."""
        return prepared * self.scale + self.mean


def _frozen(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    values.setflags(write=False)
    return values
