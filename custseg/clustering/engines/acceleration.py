"""Fewer steps to where no centroid moves: Anderson acceleration of Lloyd's algorithm.

After Zhang, Yao, Peng, Yu and Deng, "Fast K-Means Clustering with Anderson Acceleration" (arXiv 1805.10638, 2018). A
step over everybody is dear, and what comes of it few numbers: the last few tell where steps are heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# So many of the steps before are looked at: with 6 or 10 it took as many steps, or more.
_LOOKED_AT = 3
# Less is rounding.
_WORSE = 1e-10


class Acceleration:
    """Proposes where to step next, and goes back to the plain means where the last proposal made the inertia worse."""

    def __init__(self) -> None:
        self._before: list[tuple[Floats, Floats]] = []
        self._plain: Floats | None = None
        self._inertia = np.inf

    def following(self, centroids: Floats, means: Floats, inertia: float) -> Floats:
        """Return the centroids to step from next, after the means of customers at ``centroids`` were found."""
        if self._plain is not None and inertia > self._inertia * (1 + _WORSE):
            back = self._plain
            self.forget()
            return back
        self._inertia, self._plain = inertia, means
        self._before = [*self._before[-_LOOKED_AT:], (centroids.ravel(), (means - centroids).ravel())]
        places, moves = (np.array(column) for column in zip(*self._before, strict=True))
        if len(moves) == 1:
            return means
        turns, ways = np.diff(moves, axis=0).T, np.diff(places, axis=0).T
        shares, *_ = np.linalg.lstsq(turns, moves[-1], rcond=None)
        ahead: Floats = (means.ravel() - (ways + turns) @ shares).reshape(means.shape)
        return ahead if np.isfinite(ahead).all() else means

    def forget(self) -> None:
        """Begin anew, as where a centroid was put elsewhere."""
        self._before, self._plain, self._inertia = [], None, np.inf
