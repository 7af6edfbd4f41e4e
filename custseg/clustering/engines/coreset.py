"""A few customers that stand for all: those far out are drawn more often, and count for less.

On heavy tails a few customers make most of the inertia, and a sample in which everybody is as likely misses them.
Lightweight coresets (O. Bachem, M. Lucic and A. Krause, "Scalable k-means clustering via lightweight coresets", KDD
2018) draw each customer by its share of the squared distances from the mean, mixed evenly with a uniform draw. Here
nobody is drawn twice, and who is far enough out is drawn for certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from custseg.parallel import in_parallel
from custseg.sampling import chunks

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Coreset:
    """Customers x features in float32, how many customers each stands for, and how much each matters (of 1 in all)."""

    rows: npt.NDArray[np.float32]
    weights: Floats
    importance: Floats

    def smaller(self, size: int, generator: np.random.Generator) -> Coreset:
        """Draw about ``size`` of these customers, or return all where there are no more."""
        if len(self.rows) <= size:
            return self
        chance = np.minimum(size * self.importance, 1)
        kept = np.flatnonzero(generator.random(len(self.rows)) < chance * self.weights)
        return Coreset(self.rows[kept], 1 / chance[kept], self.importance[kept])


def draw_coreset(prepared: Floats, size: int, generator: np.random.Generator) -> Coreset:
    """Draw about ``size`` customers of customers x features, or take all where there are no more."""
    importance = _importance(prepared)
    if len(prepared) <= size:
        return Coreset(np.ascontiguousarray(prepared, dtype=np.float32), np.ones(len(prepared)), importance)
    kept = np.concatenate(
        [
            chunk.start + np.flatnonzero(generator.random(chunk.stop - chunk.start) < size * importance[chunk])
            for chunk in chunks(len(prepared))
        ]
    )
    chance = np.minimum(size * importance[kept], 1)
    return Coreset(np.ascontiguousarray(prepared[kept], dtype=np.float32), 1 / chance, importance[kept])


def _importance(prepared: Floats) -> Floats:
    """Return half the share of each customer in all, and half its share in the squared distances from the mean."""
    pieces, share = chunks(len(prepared)), 1 / len(prepared)
    mean = np.sum([np.full(chunk.stop - chunk.start, share) @ prepared[chunk] for chunk in pieces], axis=0)
    squares = np.empty(len(prepared))

    def measure(chunk: slice) -> None:
        some = prepared[chunk]
        # As |x|^2 - 2 x.m + |m|^2, which takes half as long as |x - m|^2; rounding hardly changes who is drawn.
        np.einsum("ij,ij->i", some, some, out=squares[chunk])
        squares[chunk] += mean @ mean - 2 * (some @ mean)

    in_parallel(measure, pieces)
    np.maximum(squares, 0, out=squares)
    total = squares.sum()
    squares *= 0.5 / total if total > 0 else 0
    squares += 0.5 / len(prepared)
    return squares
