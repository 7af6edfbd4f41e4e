"""Segment the customers of a table; the frozen result is what every view and every export reads."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from custseg.clustering import engines
from custseg.clustering.category_centroids import level_shares
from custseg.clustering.category_coding import find_compared
from custseg.clustering.engines import pushed_down
from custseg.clustering.influence import Influence, find_influence
from custseg.clustering.mixture_segments import fit_segments
from custseg.clustering.preparation import CustomerStatus, Preparation
from custseg.clustering.pushed_preparation import push_preparation
from custseg.clustering.recipe import Recipe
from custseg.clustering.scored_frames import assign
from custseg.clustering.scoring_model import ScoringModel, in_no_segment
from custseg.clustering.trimming import TrimmedFit, fit_trimmed
from custseg.display import show
from custseg.errors import SettingError, listed, quote
from custseg.language import say
from custseg.settings import DEFAULT_K, LARGEST_SEED, check_features, check_k, check_seed
from custseg.tables.customers import SAMPLE_SIZE, segment_numbers
from custseg.tables.expressions import LEFT_OUT, SEGMENT, SET_APART, Count, InSegments
from custseg.tables.in_memory import InMemoryCustomers, in_memory, same_customers
from custseg.tables.schema import Schema
from custseg.tables.table import CustomerTable, open_source, read_values, unique_name
from custseg.wording import count, percent

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    import narwhals as nw
    import numpy.typing as npt
    import pandas as pd

    from custseg.clustering.engines.pushed_down import Progress
    from custseg.clustering.mixture import Mixture
    from custseg.tables.customers import Customers, Sample
    from custseg.tables.engine.engine_customers import EngineCustomers
    from custseg.tables.expressions import Columns, Value

_ROWS_TO_LOOK_AT_FIRST = 2048


@dataclass(frozen=True, eq=False)
class Segmentation:
    """k segments, numbered 1..k, the largest first, ties by centroid. It holds what scores customers, not their rows.

    Attributes
    ----------
    source
        The customers that were segmented.
    features
        Names of the d features that were compared.
    k, seed
        As run. Where no seed was given, the one that was drawn, so that any result can be reproduced.
    seeded
        Whether a seed was given.
    preparation
        How the features were made comparable, and what that affected.
    centroids
        k x d, in the features' own units.
    prepared_centroids
        The same in prepared units, with the columns of the categories that were compared after those of the features.
    sizes
        Customers in each segment, k.
    left_out, set_apart
        How many customers are in no segment: incomplete ones, and those set apart, as exceptional or as farthest from
        all centroids. ``sizes`` holds the others.
    inertia
        Sum of squared distances of customers to the centroid of their segment, in prepared units.
    iterations, engine, seconds
        How it was computed, and how long that took.
    reach
        How far from its centroid a customer of a segment is at most, in prepared units; infinite where the recipe sets
        no share apart.
    mixture
        What scores customers where segments are the groups of a mixture, in the same order; None where the nearest
        centroid does. Centroids are then the means of the segments.
    some_filled
        Whether a feature of anybody is filled in, where these are only some of the rows of a table.

    """

    source: Customers = field(repr=False)
    features: tuple[str, ...]
    k: int
    seed: int
    seeded: bool
    preparation: Preparation = field(repr=False)
    centroids: npt.NDArray[np.float64] = field(repr=False)
    prepared_centroids: npt.NDArray[np.float64] = field(repr=False)
    sizes: npt.NDArray[np.intp]
    left_out: int
    set_apart: int
    inertia: float
    iterations: int
    engine: str
    seconds: float
    reach: float = np.inf
    mixture: Mixture | None = field(default=None, repr=False)
    some_filled: bool | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for array in (self.centroids, self.prepared_centroids, self.sizes):
            array.setflags(write=False)

    @property
    def compared(self) -> tuple[Value, ...]:
        """What was compared: the features, then the levels of the categories that took part."""
        return self.preparation.compared

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories that were compared."""
        return tuple(coding.category.column for coding in self.preparation.categories)

    @cached_property
    def influence(self) -> Influence:
        """How much each column, feature or category, had to do with what sets the segments apart."""
        return find_influence(self.preparation, self.prepared_centroids, self.sizes)

    def level_shares(self, category: str) -> pd.DataFrame:
        """Return the share of each level of a compared category at the centroid of each segment, segments x levels.

        It is the centroid of a category as K-Means has it. Of one whose levels have an order it is the mean rank, from
        1, in one column.

        Raises
        ------
        SettingError
            The category was not compared.

        """
        return level_shares(self.preparation, self.prepared_centroids, category)

    @property
    def schema(self) -> Schema:
        """What the columns of the customers are for."""
        return Schema(self.source.columns)

    @cached_property
    def scoring(self) -> ScoringModel:
        """What gives anybody a segment, apart from the customers who were segmented."""
        return ScoringModel(self.schema, self.preparation, self.prepared_centroids, self.reach, self.mixture)

    def codes(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
        """Return the segment (1..k) of customers x compared, LEFT_OUT or SET_APART: how ``label`` scores them."""
        return self.scoring.codes(values)

    def expression(self, columns: Columns) -> nw.Expr:
        """Return the same codes as an expression of the engine in which the customers are.

        Raises
        ------
        SettingError
            The segments were found in a way that needs the customers in memory.

        """
        return self.scoring.expression(columns)

    def label(self, customers: Customers, name: str) -> Customers:
        """Return customers with the segment of each under a name; its own need not be scored again."""
        known = self.__dict__.get("assignment")
        if not (isinstance(known, InMemoryCustomers) and isinstance(customers, InMemoryCustomers)):
            return customers.label(self, name)
        if not same_customers(known, customers):
            return customers.label(self, name)
        return customers.labelled(known.labels[SEGMENT].codes, self.k, name)

    def has_the_customers_of(self, other: Segmentation) -> bool:
        """Whether both are of the same customers in the same order."""
        return same_customers(self.source, other.source)

    @cached_property
    def assignment(self) -> Customers:
        """The customers with the segment of each; computed again after ``release``."""
        return self.source.label(self, SEGMENT)

    def segmented_sample(self, most: int = SAMPLE_SIZE, seed: int = 0) -> Sample:
        """Return up to ``most`` of the customers who are in a segment, drawn at random."""
        if not self.left_out and not self.set_apart:
            return self.assignment.sample(most, seed)
        return self.assignment.sample(most, seed, where=InSegments(frozenset(range(1, self.k + 1))))

    def hold(self, codes: npt.NDArray[np.uint8]) -> None:
        """Keep segments that are known already, so that ``assignment`` need not compute them."""
        self.__dict__["assignment"] = in_memory(self.source).labelled(codes, self.k, SEGMENT)

    def of_another_run(self, *, seeded: bool | None = None) -> Segmentation:
        """Return the same result as that of another run: one with this seed, or one whose random start drew it."""
        again = replace(self, seeded=self.seeded if seeded is None else seeded)
        vars(again)["assignment"] = self.assignment
        return again

    def release(self) -> None:
        """Free the memory that the segments of all customers take; ``assignment`` computes them again when needed."""
        self.__dict__.pop("assignment", None)

    def assign(self, customers: object) -> Any:
        """Give new customers (a dataframe, a path or a CustomerTable) their segments, 1..k, in their order.

        A lazy frame (of Polars, DuckDB, Dask, Spark, Ibis) stays lazy: it comes back with one more column, ``segment``,
        which is null where a customer is in none. All else comes into memory, and an array comes back.

        They are prepared as the original customers were. A customer who would have been left out or set apart gets 0;
        where a share was set apart, that is one farther from every centroid than any who was kept.
        A level of a category that none of the original customers had is none of those that were compared.

        Raises
        ------
        DataError
            A feature or a compared category is missing, or a feature contains something other than numbers.
        SettingError
            A lazy frame is to be scored by what needs customers in memory, such as a mixture.

        """
        return assign(customers, self.scoring)

    def memberships(self, customers: object) -> pd.DataFrame:
        """Return with which probability customers are of each segment, customers x k; each row adds up to 1.

        Columns are the numbers of the segments. A customer who would be in no segment has none. For what customers may
        be, and what is raised, see ``assign``.

        Raises
        ------
        SettingError
            The segments are those of K-Means, which knows no probabilities.

        """
        if self.mixture is None:
            msg = say("K-Means knows no probabilities. Find the segments with Recipe(method=“mixture”) for that.")
            raise SettingError(msg)
        values = read_values(open_source(customers).frame, self.schema, self.compared)
        return membership_frame(self.mixture, self, values)

    def to_document(self, names: Sequence[str] | None = None, notes: Sequence[str] | None = None) -> Any:
        """Return what scores customers as a document: it can be saved, loaded, and put to work elsewhere.

        It holds none of the customers, unless missing values are filled from similar ones. ``names`` are what the
        segments are called (what their description says, by default), ``notes`` what is said of them.

        Raises
        ------
        SettingError
            Names or notes are not one a segment.

        """
        return show(self, "document")(names, notes)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write that document to a file, which replaces one that is there; ``custseg.load`` reads it."""
        self.to_document().save(path)

    @property
    def table(self) -> CustomerTable:
        """The table of the customers."""
        return cast("CustomerTable", self.source.table)

    @property
    def made_of(self) -> tuple[object, ...]:
        """What it came out of beside the customers: the same makes the same segments."""
        return self.features, self.k, self.seed, self.engine, self.preparation.recipe

    @cached_property
    def statement(self) -> str | None:
        """The SQL of the last step of K-Means, where the customers are in an engine that knows SQL; else None."""
        if self.table.elsewhere is None:
            return None
        customers = cast("EngineCustomers", self.source)
        return pushed_down.Steps(customers, self.preparation).statement(self.prepared_centroids)

    @cached_property
    def part(self) -> Segmentation:
        """The same segments of the customers that are in memory: this itself, or that of those drawn at random."""
        if self.table.elsewhere is None:
            return self
        labelled = self.table.part.customers.label(self, SEGMENT)
        left_out, *sizes, set_apart = labelled.aggregate([Count()], by=(SEGMENT,))[Count()].tolist()
        part = replace(
            self, source=self.table.part.customers, sizes=np.array(sizes, dtype=np.intp), left_out=left_out,
            set_apart=set_apart, inertia=self.inertia * sum(sizes) / max(int(self.sizes.sum()), 1), engine="memory",
        )  # fmt: skip
        vars(part)["assignment"] = labelled
        return part

    def of_rows(self, rows: nw.DataFrame[Any], *, some_filled: bool) -> Segmentation:
        """Return the same segments of some rows of the table, which came into memory.

        ``some_filled`` says whether a feature of anybody in the table is filled in.
        """
        table = replace(self.table, frame=rows, elsewhere=None, total=0, readings={})
        return replace(self, source=table.customers, engine="memory", some_filled=some_filled)

    # What follows needs the customers in memory.

    @property
    def _codes(self) -> npt.NDArray[np.uint8]:
        return in_memory(self.assignment).labels[SEGMENT].codes

    @property
    def labels(self) -> npt.NDArray[np.intp]:
        """The segment (1..k) of each customer, in the table's order; 0 for one that is in none."""
        labels = segment_numbers(self._codes)
        labels.setflags(write=False)
        return labels

    @property
    def segmented(self) -> npt.NDArray[np.bool_]:
        """Whether each customer is in one of the k segments."""
        return np.asarray((self._codes != LEFT_OUT) & (self._codes != SET_APART))

    @property
    def exceptional(self) -> npt.NDArray[np.bool_]:
        """Whether each customer was set apart, as exceptional or as farthest from all centroids."""
        return np.equal(self._codes, SET_APART)

    @property
    def filled_in(self) -> npt.NDArray[np.bool_] | None:
        """Which features of each customer in a segment were filled in, customers x features; None where none was."""
        gaps = np.isnan(self.table.matrix(self.features)) & self.segmented[:, None]
        return gaps if (gaps.any() if self.some_filled is None else self.some_filled) else None

    @property
    def customers(self) -> pd.DataFrame:
        """The table as a pandas DataFrame with a last column: the segment of each customer, empty where it has none.

        The column is ``segment``, or ``segment_2`` and so on where the table already has one of that name.
        """
        import pandas as pd

        frame, segmented = self.table.to_pandas(), self.segmented
        labels = pd.Series(self.labels, index=frame.index)
        if not segmented.all():
            labels = labels.astype("Int64").mask(~segmented)
        return frame.assign(**{unique_name("segment", frame.columns): labels})


@dataclass(frozen=True, slots=True)
class IsIn:
    """Whether a customer is in some segments of a result, whatever other results say later."""

    segmentation: Segmentation
    codes: frozenset[int]

    @property
    def features(self) -> tuple[Value, ...]:
        """What was compared."""
        return self.segmentation.compared

    def holds(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        """Return which customers x features are."""
        return np.isin(self.segmentation.codes(values), list(self.codes))

    def expression(self, columns: Columns) -> nw.Expr:
        """Return which customers in an engine are."""
        return self.segmentation.expression(columns).is_in(sorted(self.codes))


def segment(
    customers: object,
    *,
    features: Iterable[str] | None = None,
    k: int = DEFAULT_K,
    seed: int | None = None,
    recipe: Recipe | None = None,
    engine: str = "memory",
    on_progress: Callable[[Progress], None] | None = None,
) -> Segmentation:
    """Find k segments of similar customers, by K-Means on features made comparable.

    Customers who stay in an engine are segmented there: no rows come back, only sums for each segment.

    Parameters
    ----------
    customers
        A CustomerTable, or anything that ``CustomerTable.read`` takes.
    features
        Columns to compare; all numeric features by default.
    k
        How many segments, 2 to 10.
    seed
        A whole number from 0 to 2**32 - 1 gives the same segments each time; None starts at random.
    recipe
        How features are made comparable; see ``Recipe``. Standardised by default.
    engine
        What runs K-Means on customers in memory; see ``custseg.clustering.engines.ENGINES``.
    on_progress
        Called after each step in an engine; an exception that it raises ends the fit and is passed on.

    Raises
    ------
    DataError
        The table cannot be used.
    SettingError
        k, the seed, a feature or the engine is not allowed.

    """
    began = time.perf_counter()
    table = CustomerTable.read(customers)
    names = check_features(table.features if features is None else features, table.features)
    k, asked = check_k(k), check_seed(seed)
    drawn = secrets.randbelow(LARGEST_SEED + 1) if asked is None else asked
    codes = None
    if table.elsewhere is not None:
        result = _segment_in_engine(table, names, k, drawn, recipe, on_progress)
    else:
        result, codes = _segment_in_memory(table, names, k, drawn, recipe, engine)
    result = replace(result, seeded=asked is not None, seconds=time.perf_counter() - began)
    if codes is not None:
        result.hold(codes)
    return result


def _segment_in_memory(
    table: CustomerTable, features: tuple[str, ...], k: int, seed: int, recipe: Recipe | None, engine: str
) -> tuple[Segmentation, npt.NDArray[np.uint8]]:
    """Find the segments of customers in memory, and the code of each customer."""
    values, preparation = prepare(table, features, recipe)
    status = preparation.status(values)
    segmented = status == CustomerStatus.SEGMENTED
    prepared = preparation.apply(values if segmented.all() else values[segmented])
    found, mixture = _find(engine, preparation, prepared, k, seed)
    fitted, kept = found.fit, found.kept
    apart = len(kept) - int(np.count_nonzero(kept))
    if preparation.recipe.trim:
        preparation = replace(preparation, steps=(*preparation.steps, _say_trimmed(apart, preparation.recipe.trim)))
    result = Segmentation(
        source=table.customers,
        features=features,
        k=k,
        seed=seed,
        seeded=True,
        preparation=preparation,
        centroids=preparation.invert(fitted.centroids),
        prepared_centroids=fitted.centroids,
        sizes=found.sizes,
        left_out=int(np.count_nonzero(status == CustomerStatus.INCOMPLETE)),
        set_apart=int(np.count_nonzero(status == CustomerStatus.EXCEPTIONAL)) + apart,
        inertia=found.inertia(prepared),
        iterations=fitted.iterations,
        engine=engine,
        seconds=0.0,
        reach=found.reach,
        mixture=mixture,
    )
    codes = np.where(kept, fitted.labels + np.uint8(1), np.uint8(SET_APART))
    if not segmented.all():
        codes, among_all = np.zeros(len(table), dtype=np.uint8), codes
        codes[segmented] = among_all
    return result, in_no_segment(codes, status)


def _segment_in_engine(
    table: CustomerTable,
    features: tuple[str, ...],
    k: int,
    seed: int,
    recipe: Recipe | None,
    on_progress: Callable[[Progress], None] | None,
) -> Segmentation:
    """Learn how features are made comparable from some of the customers, and find the segments of all of them."""
    customers = cast("EngineCustomers", table.customers)
    values, learned = prepare(table, features, recipe)
    status = learned.status(values)
    _check_enough_different(learned.apply(values[status == CustomerStatus.SEGMENTED]), k)
    preparation = push_preparation(customers, learned, _called(table))
    found = pushed_down.fit(customers, preparation, k, seed, progress=on_progress)
    return Segmentation(
        source=customers,
        features=features,
        k=k,
        seed=seed,
        seeded=True,
        preparation=preparation,
        centroids=preparation.invert(found.centroids),
        prepared_centroids=found.centroids,
        sizes=found.sizes,
        left_out=found.left_out,
        set_apart=found.set_apart,
        inertia=found.inertia,
        iterations=found.iterations,
        engine=customers.engine.name,
        seconds=0.0,
    )


def prepare(
    table: CustomerTable, features: tuple[str, ...], recipe: Recipe | None
) -> tuple[npt.NDArray[np.float64], Preparation]:
    """Return customers x compared of a table, and how they are made comparable; raises as ``segment`` does.

    Of customers in an engine, those who are in memory are returned and learned from.
    """
    recipe = recipe or Recipe()
    categories = find_compared(table.customers, table, recipe)
    values = table.part.matrix((*features, *(category.level for category in categories)))

    def learn() -> Preparation:
        others = table.features, categories, table.categories
        return Preparation.fit(values, features, recipe, *others, called=_called(table))

    # It is the same for any number of segments.
    return values, table.kept.get(("preparation", features, recipe), learn)


def _called(table: CustomerTable) -> dict[str, str]:
    return {column.name: column.label or column.name for column in table.columns}


def membership_frame(mixture: Mixture, result: Segmentation, values: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return with which probability customers x compared are of each group (from 1); none of who is in no segment."""
    import pandas as pd

    shares = mixture.memberships(result.preparation.apply(values))
    shares[segment_numbers(result.codes(values)) == 0] = np.nan
    return pd.DataFrame(shares, columns=range(1, shares.shape[1] + 1))


def _find(
    engine: str, preparation: Preparation, prepared: npt.NDArray[np.float64], k: int, seed: int
) -> tuple[TrimmedFit, Mixture | None]:
    """Find segments by the method of the recipe; a mixture scores what it has found."""
    trim = preparation.recipe.trim
    if preparation.recipe.method == "k-means":
        return _fit(engine, prepared, k, seed, trim), None
    if trim:
        msg = say("A mixture sets no share of the customers apart. Set none apart, or let K-Means find round segments.")
        raise SettingError(msg)
    _check_enough_different(prepared, k)
    fitted, mixture = fit_segments(preparation, prepared, k, seed)
    return TrimmedFit.of_everybody(fitted), mixture


def _fit(engine: str, prepared: npt.NDArray[np.float64], k: int, seed: int, trim: float) -> TrimmedFit:
    """Run the engine of that name. Raises SettingError where there is none, or where too few customers differ."""
    if engine not in engines.ENGINES:
        msg = say(
            "There is no engine {engine}. Choose from {engines}.", engine=quote(engine), engines=listed(engines.ENGINES)
        )
        raise SettingError(msg)
    _check_enough_different(prepared, k)
    if trim:
        fitted = fit_trimmed(engine, prepared, k, seed, trim)
    else:
        fitted = TrimmedFit.of_everybody(engines.fit(engine, prepared, k, seed))
    found = int(np.count_nonzero(fitted.sizes))
    if found < k:
        # Some customers differ by less than the engine can tell apart.
        raise _too_few_differ(k, found)
    return fitted


def _say_trimmed(apart: int, share: float) -> str:
    return say(
        "{customers} set apart as farthest from all segments: up to {share} of them, found together with the segments.",
        customers=count(apart, "customer"),
        share=percent(share),
    )


def _check_enough_different(prepared: npt.NDArray[np.float64], k: int) -> None:
    # Sorting a million rows takes a second; the first few rows nearly always differ enough.
    for rows in (prepared[:_ROWS_TO_LOOK_AT_FIRST], prepared):
        # In float32, as the engine compares them.
        distinct = len(np.unique(rows.astype(np.float32), axis=0))
        if distinct >= k:
            return
    raise _too_few_differ(k, distinct)


def _too_few_differ(k: int, distinct: int) -> SettingError:
    return SettingError(
        say(
            "{k} segments need at least {k} customers who differ in the features, but only {distinct} do. "
            "Choose a k of {distinct} or less, or add a feature.",
            k=k,
            distinct=distinct,
        )
        if distinct > 1
        else say(
            "{k} segments need customers who differ in the features, but all are alike. Choose another feature.", k=k
        )
    )
