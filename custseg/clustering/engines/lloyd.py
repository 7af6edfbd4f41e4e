"""One step of Lloyd's algorithm on every customer in float64, bit-identical on any machine.

A sum of products by BLAS or einsum depends on the number of rows and on the processor's vector units. Here each
customer's numbers are multiplied and added feature by feature, for many customers at a time: a customer gets the same
segment alone as within the table, and it takes less than half as long as einsum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from custseg.parallel import in_parallel
from custseg.sampling import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Labels = npt.NDArray[np.uint8]

# This many customers fit in the processor's cache.
_CHUNK_ROWS = 16_384


def nearest(prepared: Floats, centroids: Floats) -> Labels:
    """Return the position (0..k-1) of the nearest centroid of each customer; the first of several equally near."""
    labels = np.empty(len(prepared), dtype=np.uint8)

    def label(rows: slice) -> None:
        for chunk, columns in _chunks(prepared, rows):
            _label(columns, centroids, labels[chunk])

    in_parallel(label, chunks(len(prepared)))
    return labels


def step(prepared: Floats, centroids: Floats) -> tuple[Labels, Floats]:
    """Return the position of the nearest centroid of each customer, and the mean of those at each centroid.

    A centroid without customers stays where it is.
    """
    k, features = centroids.shape
    labels = np.empty(len(prepared), dtype=np.uint8)

    def add_up(rows: slice) -> Floats:
        sums = np.zeros((features, k))
        for chunk, columns in _chunks(prepared, rows):
            _label(columns, centroids, labels[chunk])
            sums += [np.bincount(labels[chunk], column, minlength=k) for column in columns]
        return sums

    sums = sum(in_parallel(add_up, chunks(len(prepared))), np.zeros((features, k)))
    sizes = label_counts(labels, k)[:, None]
    return labels, np.where(sizes > 0, sums.T / np.maximum(sizes, 1), centroids)


def squared_distances(prepared: Floats, centroids: Floats, labels: Labels) -> Floats:
    """Return the squared distance of each customer to the centroid of its label (0..k-1)."""
    distances = np.zeros(len(prepared))

    def measure(rows: slice) -> None:
        for chunk, columns in _chunks(prepared, rows):
            own, sums = labels[chunk].astype(np.intp), distances[chunk]
            for column, coordinates in zip(columns, centroids.T, strict=True):
                away = column - coordinates.take(own)
                sums += np.square(away, out=away)

    in_parallel(measure, chunks(len(prepared)))
    return distances


def label_counts(labels: Labels, k: int) -> npt.NDArray[np.intp]:
    """Return how many customers have each label (0..k-1), without eight bytes for each of them at once."""
    counts = [np.bincount(labels[rows], minlength=k) for rows in chunks(len(labels))]
    return np.sum(counts, axis=0, dtype=np.intp) if counts else np.zeros(k, dtype=np.intp)


def _pieces(rows: slice) -> Iterator[slice]:
    """Yield the rows some at a time."""
    for first in range(rows.start, rows.stop, _CHUNK_ROWS):
        yield slice(first, min(first + _CHUNK_ROWS, rows.stop))


def _chunks(prepared: Floats, rows: slice) -> Iterator[tuple[slice, Floats]]:
    """Yield some of those rows at a time, each as features x customers."""
    for chunk in _pieces(rows):
        columns = prepared[chunk].T
        yield chunk, columns if columns.strides[1] == columns.itemsize else np.ascontiguousarray(columns)


def _label(columns: Floats, centroids: Floats, labels: Labels) -> None:
    """Write the nearest centroid of each customer (features x customers) into ``labels``.

    The nearest by |x - c|^2 is the one with the largest x.c - |c|^2 / 2.
    """
    rows = columns.shape[1]
    highest, affinity, product = np.full(rows, -np.inf), np.empty(rows), np.empty(rows)
    # Few bits, so that many customers are written at once.
    nearest_so_far = np.zeros(rows, dtype=np.uint8)
    for position, centroid in enumerate(centroids):
        np.multiply(columns[0], centroid[0], out=affinity)
        for column, coordinate in zip(columns[1:], centroid[1:], strict=True):
            np.multiply(column, coordinate, out=product)
            np.add(affinity, product, out=affinity)
        affinity -= 0.5 * float(np.square(centroid).sum())
        # Positions ascend, so the larger of two is the later one.
        np.maximum(nearest_so_far, (affinity > highest).view(np.uint8) * np.uint8(position), out=nearest_so_far)
        np.maximum(highest, affinity, out=highest)
    labels[:] = nearest_so_far
