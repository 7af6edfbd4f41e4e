"""K-Means where the customers are: a Lloyd step is one aggregation in their engine, and k x (d + 2) numbers come back.

It starts from what the engine in memory finds on a seeded sample.
"""

from __future__ import annotations

import time
from concurrent.futures import CancelledError
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from custseg.clustering.engines import memory
from custseg.clustering.engines.acceleration import Acceleration
from custseg.clustering.engines.lloyd import nearest as nearest_in_memory
from custseg.clustering.engines.lloyd import squared_distances
from custseg.clustering.preparation import CustomerStatus
from custseg.clustering.scoring_expression import check_pushed, nearest, prepare_columns
from custseg.errors import DataError
from custseg.language import say
from custseg.tables.customers import SAMPLE_SIZE
from custseg.tables.engine.asking import alone
from custseg.tables.engine.question import Question
from custseg.tables.expressions import LEFT_OUT, SET_APART

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from custseg.clustering.preparation import Preparation
    from custseg.tables.customers import Sample
    from custseg.tables.engine.engine_customers import EngineCustomers
    from custseg.tables.engine.engine_frame import EngineFrame

    Floats = npt.NDArray[np.float64]

# So that engines which drew other samples still agree to six digits. A table in memory takes steps until nobody moves.
TOLERANCE = 1e-6
_MOST_STEPS = 300
# What a mean moves by where nobody changes to another segment: the rounding of a sum.
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fit has come: the engine, steps so far, inertia of the last one, and customers a second in it."""

    engine: str
    iteration: int
    inertia: float
    rows_per_second: float

    def __str__(self) -> str:
        """Say it in a few words."""
        millions = self.rows_per_second / 1e6
        pace = f"{millions:,.1f} million" if millions >= 1 else f"{self.rows_per_second:,.0f}"
        return f"step {self.iteration} in {self.engine}, {pace} customers a second"


@dataclass(frozen=True, eq=False)
class PushedFit:
    """What was found, in prepared units.

    Attributes
    ----------
    centroids
        k x prepared columns, the largest segment first, ties by the columns in turn.
    sizes
        Customers in each segment, k.
    left_out, set_apart
        How many customers are in none: incomplete ones, and exceptional ones.
    inertia
        Sum of squared distances of customers to the centroid of their segment.
    iterations
        Steps of the sample and of all customers together.

    """

    centroids: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.intp]
    left_out: int
    set_apart: int
    inertia: float
    iterations: int


def fit(
    customers: EngineCustomers,
    preparation: Preparation,
    k: int,
    seed: int,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> PushedFit:
    """Find k segments of customers in an engine; at least k of those in the sample must differ.

    Where the sample is everybody, the centroids are those that are found in memory. Else Lloyd steps follow until no
    centroid moves by more than ``TOLERANCE`` times the root mean square of the prepared columns, or 300 are done, and
    one from the means that were found then.
    ``progress`` is told of each step, and ``cancelled`` asked before it.

    Raises
    ------
    concurrent.futures.CancelledError
        It was cancelled.
    DataError
        The engine failed, or numbers are too large to compute with.
    SettingError
        The recipe asks for what needs all customers in memory.

    """
    check_pushed(preparation)
    sample = customers.sample(SAMPLE_SIZE)
    prepared = _segmented(sample, preparation)
    begun = memory.fit(prepared, k, seed)
    engine = Steps(customers, preparation, progress, cancelled, begun.iterations)
    found = engine.step(begun.centroids)
    return _in_order(engine, found if sample.whole else _settled(engine, found, prepared))


def _settled(engine: Steps, found: Step, sample: Floats) -> Step:
    """Take steps until no centroid moves, and a last one from the means, which is then as exact as means are."""
    acceleration = Acceleration()
    for _ in range(_MOST_STEPS):
        means = found.means(sample)
        if found.sizes.all() and found.moved(means) <= TOLERANCE * found.typical:
            return found if found.moved(means) <= _NOTHING * found.typical else engine.step(means)
        if not found.sizes.all():
            acceleration.forget()
            found = engine.step(means)
            continue
        found = engine.step(acceleration.following(found.centroids, means, found.inertia))
    return engine.step(found.means(sample))


def _segmented(sample: Sample, preparation: Preparation) -> Floats:
    """Return those of a sample who are segmented, in prepared units."""
    values = sample.matrix(preparation.compared)
    status = preparation.status(values)
    return preparation.apply(values[status == CustomerStatus.SEGMENTED])


def _in_order(engine: Steps, found: Step) -> PushedFit:
    """Put the largest segment first; who is as near to two centroids may then go to the other one."""
    for _ in range(_MOST_STEPS):
        order = memory.canonical_order(found.centroids, found.sizes)
        if (np.diff(order) > 0).all():
            break
        found = engine.step(found.centroids[order])
    return PushedFit(
        found.centroids, found.sizes, found.left_out, found.set_apart, max(found.inertia, 0.0), engine.iterations
    )


@dataclass(frozen=True, eq=False)
class Step:
    """What comes back of a step: the number of customers nearest to each centroid, and the sums of their columns.

    ``squares`` is the sum of all squared columns of customers who are in a segment.
    """

    centroids: Floats
    sizes: npt.NDArray[np.intp]
    sums: Floats
    squares: float
    left_out: int
    set_apart: int

    @property
    def inertia(self) -> float:
        """The sum of |x|^2 - 2 x.c + |c|^2 over customers."""
        lengths = np.square(self.centroids).sum(axis=1)
        return float(self.squares - 2 * (self.centroids * self.sums).sum() + (self.sizes * lengths).sum())

    @property
    def typical(self) -> float:
        """The root mean square of the prepared columns."""
        return float(np.sqrt(self.squares / (self.sizes.sum() * self.sums.shape[1])))

    def means(self, sample: Floats) -> Floats:
        """Return the mean at each centroid; an empty one moves to a customer of the sample farthest from its own."""
        means = np.where(self.sizes[:, None] > 0, self.sums / np.maximum(self.sizes, 1)[:, None], self.centroids)
        empty = np.flatnonzero(self.sizes == 0)
        if len(empty):
            away = squared_distances(sample, self.centroids, nearest_in_memory(sample, self.centroids))
            means[empty] = sample[np.argsort(-away, kind="stable")[: len(empty)]]
        return means

    def moved(self, means: Floats) -> float:
        """Return how far the centroid that moves most does."""
        return float(np.sqrt(np.square(means - self.centroids).sum(axis=1).max()))


class Steps:
    """Takes steps where the customers are, tells how far it has come, and stops when it is to."""

    def __init__(
        self,
        customers: EngineCustomers,
        preparation: Preparation,
        progress: Callable[[Progress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        iterations: int = 0,
    ) -> None:
        self._customers, self._progress, self._cancelled = customers, progress, cancelled
        with self.engine.alone():
            self._columns = Question(customers, preparation.compared).columns
            self._prepared = prepare_columns(preparation, self._columns)
        self._squares: float | None = None
        self.iterations = iterations

    @property
    def engine(self) -> EngineFrame:
        """Where the rows are."""
        return self._customers.engine

    def step(self, centroids: Floats) -> Step:
        """Ask for the sizes and sums at these centroids."""
        if self._cancelled is not None and self._cancelled():
            raise CancelledError
        began = time.perf_counter()
        answers = self._ask(centroids)
        sizes, sums = np.zeros(len(centroids), dtype=np.intp), np.zeros(centroids.shape)
        outside = {LEFT_OUT: 0, SET_APART: 0}
        squares = 0.0
        for code, customers, *numbers in answers:
            if code in outside:
                outside[int(code)] = int(customers)
                continue
            sizes[int(code) - 1], sums[int(code) - 1] = customers, numbers[: centroids.shape[1]]
            squares += sum(numbers[centroids.shape[1] :])
        self._check_unchanged(int(sizes.sum()) + sum(outside.values()))
        if self._squares is None:
            self._squares = squares
        if not np.isfinite([*sums.ravel(), self._squares]).all():
            msg = say(
                "The numbers are too large to compute with, or infinite. Give them in a larger unit, or correct them."
            )
            raise DataError(msg)
        found = Step(centroids, sizes, sums, self._squares, outside[LEFT_OUT], outside[SET_APART])
        self.iterations += 1
        self._tell(found, time.perf_counter() - began)
        return found

    @alone
    def statement(self, centroids: Floats) -> str | None:
        """Return the statement of a step at these centroids; None where the engine knows no SQL."""
        return self.engine.sql(self._question(centroids))

    def _check_unchanged(self, customers: int) -> None:
        """Raise DataError where there are more or fewer than before: sums of different ones give no centroid."""
        before = self._customers.count
        if customers != before:
            msg = say(
                "The table in {name} has changed since it was opened: it had {before:,} customers, and now "
                "has {customers:,}. Open it again.",
                name=self.engine.name,
                before=before,
                customers=customers,
            )
            raise DataError(msg)

    @alone
    def _ask(self, centroids: Floats) -> list[tuple[float, ...]]:
        return list(self.engine.collect(self._question(centroids)).iter_rows())

    def _question(self, centroids: Floats) -> nw.LazyFrame[Any]:
        """Ask for a row for each code: code, customers, the sum of each column, in the first step also of squares."""
        columns, prepared = self._columns.copy(), self._prepared.prepared
        # Squares are the same in every step.
        squares = [reduce(add, [column * column for column in prepared])] if self._squares is None else []
        code = self._prepared.code(nearest(prepared, centroids, columns))
        key, *added = columns.keep_named(code, *squares)
        summed = [column.sum().alias(f"sum{place}") for place, column in enumerate((*prepared, *map(nw.col, added)))]
        return columns.frame.group_by(key).agg(nw.len().alias("customers"), *summed)

    def _tell(self, found: Step, seconds: float) -> None:
        if self._progress is not None:
            rows = self._customers.count
            told = Progress(self._customers.engine.name, self.iterations, found.inertia, rows / max(seconds, 1e-9))
            self._progress(told)
