"""How a new customer is compared with the groups of a report, where that needs no value of a single one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.language import mark, say
from custseg.session.report.document import Comparing

if TYPE_CHECKING:
    import numpy.typing as npt

    from custseg.session.report.shown_customers import ShownCustomers

    Floats = npt.NDArray[np.float64]

_MIXTURE = mark(
    "These are the groups of a mixture, which have no nearest centroid, so no segment is told for a new customer."
)
_CATEGORIES = mark(
    "Categories were compared, and who has which would tell of few customers. The page tells the segment."
)
_HIDDEN = mark("A column that was compared is left out of this file, so no segment is told for a new customer.")
_LIMITS = mark(
    "The scale rests on values of single customers, which are left out of this file. The page tells the segment."
)


def comparing(shown: ShownCustomers, *, customers: bool) -> tuple[Comparing, Floats | None]:
    """Return how a new customer is compared, and where each customer lies so; no place where that can't be told."""
    why_not = _why_not(shown, customers=customers)
    if why_not:
        return Comparing(why_not=say(why_not)), None
    preparation, features = shown.result.preparation, shown.result.features
    width = len(features)
    evened = preparation.evening.evened
    if customers:
        scales, knees = preparation.scale, preparation.evening.knees
        places = shown.prepared[:, :width] + preparation.centre / scales
    else:
        # A knee is a third of a median, which may be the amount of a single customer.
        knees = np.array([float(f"{knee:.2g}") for knee in preparation.evening.knees])
        values = shown.values[:, :width]
        evened_out = np.where(evened, np.arcsinh(values / knees), values)
        weights = np.array([preparation.recipe.weights.get(name, 1.0) for name in features])
        scales = _spread(evened_out[shown.blocks.of >= 0], preparation.recipe.scaling) / np.sqrt(weights)
        places = evened_out / scales
    form = Comparing(
        columns=tuple(range(width)),
        scales=tuple(float(f"{scale:.10g}") for scale in scales),
        knees=tuple(float(knee) if curved else None for knee, curved in zip(knees, evened, strict=True)),
    )
    return form, places


def _spread(values: Floats, scaling: str) -> Floats:
    if scaling == "none":
        return np.ones(values.shape[1])
    spread = np.nanstd(values, axis=0)
    return np.where(spread > 0, spread, 1.0)


def _why_not(shown: ShownCustomers, *, customers: bool) -> str:
    result = shown.result
    recipe = result.preparation.recipe
    if result.mixture is not None:
        return _MIXTURE
    if result.categories:
        return _CATEGORIES
    if not {column.name for column in shown.columns}.issuperset(result.features):
        return _HIDDEN
    if recipe.winsorise is not None or (not customers and recipe.scaling in ("robust", "minmax")):
        return _LIMITS
    return ""
