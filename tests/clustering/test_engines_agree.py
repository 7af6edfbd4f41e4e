"""One truth: the same table through every engine gives what it gives in memory, customer by customer."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from custseg import CustomerTable, Recipe, Segmentation, segment
from custseg.clustering import pushed_preparation
from custseg.clustering.category_coding import Indicators
from custseg.clustering.engines import pushed_down
from custseg.clustering.segmentation import IsIn, prepare
from custseg.insight.certainty import OnBorder
from custseg.insight.customer_listing import BY_MARGIN, BY_SEGMENT, HasLevel, Order, list_customers
from custseg.insight.projections import OnPlane, find_planes
from custseg.tables.engine.engine_customers import EngineCustomers
from custseg.tables.engine.engine_frame import EngineFrame
from custseg.tables.evening_out import EveningOut
from custseg.tables.expressions import (
    EVERYONE,
    LEFT_OUT,
    SEGMENT,
    SET_APART,
    Both,
    Count,
    Either,
    Identified,
    IdentifierContains,
    InSegments,
    Known,
    Largest,
    Least,
    Not,
    Passing,
    Squares,
    Total,
)
from custseg.tables.shapes import InBox, InPolygon, OnFeatures, OnLogScales
from tests.engines import KINDS, NAMES, REGION, Engines, random_customers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from _pytest.mark import ParameterSet

    from custseg.clustering.category_coding import CategoryCoding
    from custseg.tables.customers import Customers
    from custseg.tables.expressions import Aggregate, Condition, Test

# PySpark leaves the sockets open by which it brings rows.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

RECIPES = {
    "standard": Recipe(),
    "robust": Recipe(scaling="robust"),
    "range": Recipe(scaling="minmax", categories=True),
    "winsorised": Recipe(winsorise=(0.02, 0.98), scaling="none"),
    "evened out": Recipe(log="auto", weights={"visits": 2}),
    "incomplete left out": Recipe(missing="drop", categories=("member", REGION)),
    "exceptional set apart": Recipe(exceptional=2.0, log=("visits",), winsorise=(0.01, 0.99)),
    "all at once": Recipe(missing="drop", exceptional=1.8, log="auto", categories=True, weights={REGION: 3}),
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("engines") / "customers.parquet"
    random_customers(0).to_parquet(path)
    return path


@pytest.fixture(scope="module")
def table() -> CustomerTable:
    return CustomerTable.read(random_customers(0))


def everywhere(names: Iterable[str], in_spark: tuple[str, ...]) -> list[ParameterSet]:
    """Return each name for each engine; for Spark, which takes seconds for a question, only some."""
    return [
        pytest.param(kind, name, id=f"{kind}-{name}")
        for kind in KINDS
        for name in names
        if kind != "Spark" or name in in_spark
    ]


@pytest.fixture(scope="module", params=KINDS)
def customers(request: pytest.FixtureRequest, engines: Engines, path: Path, table: CustomerTable) -> EngineCustomers:
    frame = EngineFrame.of(engines.open(request.param, path))
    assert frame.name == request.param
    return EngineCustomers(frame, table.columns, table.identifier)


@pytest.fixture(scope="module")
def result(table: CustomerTable, customers: EngineCustomers) -> Segmentation:
    # Of conditions on all at once Spark makes more code than it compiles in good time.
    recipe = RECIPES["range" if customers.engine.name == "Spark" else "all at once"]
    return segment(table, k=4, seed=0, recipe=recipe)


def codes_of(customers: EngineCustomers, result: Segmentation) -> list[int]:
    """The segment of each customer as the engine finds it, in the order of identifiers."""
    labelled = customers.label(result, SEGMENT)
    counted = labelled.aggregate([Count()], by=(SEGMENT, "customer"))
    levels = counted.levels["customer"]
    places = counted[Count()].argmax(axis=0)
    found = {name: int(place) for name, place in zip(levels, places, strict=True) if name is not None}
    return [SET_APART if found[name] == result.k + 1 else found[name] for name in sorted(found)]


@pytest.mark.parametrize(("customers", "name"), everywhere(RECIPES, ("range", "all at once")), indirect=["customers"])
def test_centroids_sizes_and_the_segment_of_each_customer_are_those_of_memory(
    customers: EngineCustomers, table: CustomerTable, name: str
) -> None:
    k = 2 + list(RECIPES).index(name) % 5
    expected = segment(table, k=k, seed=3, recipe=RECIPES[name])
    fitted = pushed_down.fit(customers, expected.preparation, k, 3)
    np.testing.assert_allclose(fitted.centroids, expected.prepared_centroids, rtol=1e-6, atol=1e-12)
    assert fitted.sizes.tolist() == expected.sizes.tolist()
    assert (fitted.left_out, fitted.set_apart) == (expected.left_out, expected.set_apart)
    assert fitted.inertia == pytest.approx(expected.inertia, rel=1e-9)
    assert codes_of(customers, expected) == expected.assignment.sample(10_000).labels[SEGMENT].tolist()


@pytest.mark.parametrize(("customers", "name"), everywhere(RECIPES, ("all at once",)), indirect=["customers"])
def test_what_a_sample_got_wrong_is_put_right_by_sums_of_everybody(
    customers: EngineCustomers, table: CustomerTable, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushed_preparation, "SAMPLE_SIZE", 500)
    features = table.features
    _, exact = prepare(table, features, RECIPES[name])
    robust = RECIPES[name].scaling == "robust"
    wrong = replace(
        exact,
        far_centre=exact.far_centre + 1,
        far_scale=exact.far_scale * 2,
        centre=exact.centre + (0 if robust else 0.5),
        scale=exact.scale * (1 if robust or RECIPES[name].scaling == "none" else 3),
        categories=tuple(rescaled(coding) for coding in exact.categories),
    )
    pushed = pushed_preparation.push_preparation(customers, wrong)
    for attribute in ("centre", "scale", "far_centre", "far_scale"):
        if not (attribute.startswith("far") and RECIPES[name].exceptional is None):
            np.testing.assert_allclose(
                getattr(pushed, attribute), getattr(exact, attribute), rtol=1e-9, atol=1e-12, err_msg=attribute
            )
    values = table.matrix(exact.compared)
    np.testing.assert_allclose(pushed.apply(values), exact.apply(values), rtol=1e-8, atol=1e-12)
    # The same sentences, but for one that says what is of a sample.
    assert set(exact.steps) <= set(pushed.steps)
    assert all("at random" in step for step in set(pushed.steps) - set(exact.steps))


def rescaled(coding: CategoryCoding) -> CategoryCoding:
    if isinstance(coding, Indicators):
        return replace(coding, height=coding.height * 2)
    return replace(coding, centre=coding.centre + 1, scale=coding.scale * 2)


GROUPINGS: tuple[tuple[str, ...], ...] = ((), (SEGMENT,), ("member",), (SEGMENT, REGION))


@pytest.mark.parametrize("by", GROUPINGS)
def test_sums_counts_and_squares_are_exact_in_every_group(
    customers: EngineCustomers, result: Segmentation, by: tuple[str, ...]
) -> None:
    where: Condition = EVERYONE if len(by) < 2 else Not(InSegments(frozenset({LEFT_OUT})))
    found, known = (groups_of(some, by, where) for some in (customers.label(result, SEGMENT), result.assignment))
    assert found.keys() == known.keys()
    for group, numbers in known.items():
        np.testing.assert_allclose(found[group], numbers, rtol=1e-10, err_msg=str(group))


def groups_of(
    customers: Customers, by: tuple[str, ...], where: Condition
) -> dict[tuple[str | int | None, ...], list[float]]:
    """Each group by what it is called, in whatever order levels are, with what is counted and added up of it."""
    counted = customers.aggregate([Count()], by, where)
    sizes = counted[Count()]
    called = [counted.levels.get(name, range(length)) for name, length in zip(by, sizes.shape, strict=True)]
    groups = list(product(*called))
    around = Squares("visits", tuple(len(str(group)) / 7 for group in groups))
    wanted: list[Aggregate] = [around, *(kind(NAMES[1]) for kind in (Known, Total, Least, Largest))]
    answers = customers.aggregate(wanted, by, where)
    arrays = [sizes, *(answers[one] for one in wanted)]
    return {group: [float(array.ravel()[place]) for array in arrays] for place, group in enumerate(groups)}


CONDITIONS: dict[str, Condition] = {
    "segments": InSegments(frozenset({1, 3, SET_APART})),
    "no segment": InSegments(frozenset()),
    "identifiers": Identified(("C00003", "C00100", "'; --")),
    "no identifier": Identified(()),
    "text": IdentifierContains("c0003"),
    "level": Passing(HasLevel(REGION, "s'; --")),
    "no level": Passing(HasLevel(REGION, None)),
    "box": Passing(InBox(OnFeatures((NAMES[0], NAMES[1])), (40.0, 5.0), (2.0, -10.0))),
    "lasso": Passing(
        InPolygon(OnFeatures((NAMES[0], "visits")), ((0, 0), (60, 2), (10, 9), (40, 12), (5, 3), (50, 1)))
    ),
    "box on logarithmic scales": Passing(
        InBox(
            OnLogScales(OnFeatures((NAMES[1], "visits")), EveningOut(np.array([True, False]), np.array([3.0, 1.0]))),
            (-2, 1),
            (2, 6),
        )
    ),
    "either and not both": Both(
        Either(Passing(HasLevel("member", "true")), InSegments(frozenset({2}))),
        Not(Both(InSegments(frozenset({2})), IdentifierContains("7"))),
    ),
}


IN_SPARK = "segments", "no identifier", "box on logarithmic scales", "either and not both"


@pytest.mark.parametrize(("customers", "name"), everywhere(CONDITIONS, IN_SPARK), indirect=["customers"])
def test_whom_a_condition_is_about_is_the_same_everywhere(
    customers: EngineCustomers, result: Segmentation, name: str
) -> None:
    labelled, expected = customers.label(result, SEGMENT), result.assignment
    found, known = (some.page(CONDITIONS[name], limit=1000) for some in (labelled, expected))
    assert found.identifiers.tolist() == known.identifiers.tolist()
    assert found.of == known.of
    np.testing.assert_array_equal(found.values, known.values)
    np.testing.assert_array_equal(found.labels[SEGMENT], known.labels[SEGMENT])


def test_conditions_on_a_result_and_on_a_plane_are_the_same_everywhere(
    customers: EngineCustomers, result: Segmentation
) -> None:
    plane = OnPlane(find_planes(result)[0], result.preparation)
    tests: list[Test] = [IsIn(result, frozenset({2, LEFT_OUT})), InBox(plane, (-1, -1), (1, 2))]
    if result.preparation.neighbours is None:
        # Of who was filled in, memory also asks how much hangs on that.
        tests.append(OnBorder(result))
    for test in tests:
        found, known = (some.page(Passing(test), limit=1000).identifiers for some in (customers, result.source))
        assert found.tolist() == known.tolist()
        assert len(known)


def test_a_screen_is_in_the_order_of_a_feature_with_no_value_last(
    customers: EngineCustomers, result: Segmentation
) -> None:
    name = NAMES[0]
    found, known = (some.page(order=name, offset=650, limit=60) for some in (customers, result.source))
    np.testing.assert_array_equal(found.column(name), known.column(name))
    assert found.identifiers.tolist() == known.identifiers.tolist()


@pytest.mark.parametrize(
    "order", [Order(BY_SEGMENT, descending=True, by_result=True), Order("member"), Order(REGION, descending=True)]
)
def test_a_list_by_segment_or_category_is_that_of_memory(
    customers: EngineCustomers, table: CustomerTable, result: Segmentation, order: Order
) -> None:
    there = replace(table, elsewhere=customers.engine, total=customers.count)
    lists = [list_customers(one, result, EVERYONE, order).screen(640, 60, ("member", REGION)) for one in (there, table)]
    found, known = lists
    assert found.categories == known.categories
    assert found.segments is not None
    assert known.segments is not None
    if order.by_result:
        assert found.segments.tolist() == known.segments.tolist()


def test_a_list_in_the_order_of_how_sure_it_is_is_that_of_memory(
    customers: EngineCustomers, table: CustomerTable, result: Segmentation
) -> None:
    there = replace(table, elsewhere=customers.engine, total=customers.count)
    for descending in (False, True):
        order = Order(BY_MARGIN, descending, by_result=True)
        found, known = (list_customers(one, result, EVERYONE, order).screen(0, 700, ()) for one in (there, table))
        assert found.margins is not None
        assert known.margins is not None
        # Who is in no segment comes last.
        np.testing.assert_array_equal(np.isnan(found.margins), np.isnan(known.margins))
        # Of who was filled in, memory also asks how much hangs on that.
        sure = found.margins[found.filled == ""]
        np.testing.assert_allclose(sure, known.margins[known.filled == ""], atol=1e-12)
        assert len(sure) > 100


def test_a_sample_is_all_of_few_and_the_same_of_many_for_one_seed(
    customers: EngineCustomers, result: Segmentation
) -> None:
    whole, known = customers.sample(1000), result.source.sample(1000)
    assert whole.whole
    np.testing.assert_array_equal(whole.matrix(result.compared), known.matrix(result.compared))
    some, again, other = (
        EngineCustomers(customers.engine, customers.columns, customers.identifier).sample(100, seed)
        for seed in (1, 1, 2)
    )
    assert len(some) == 100
    assert some.of == len(whole)
    assert some.identifiers.tolist() == again.identifiers.tolist()
    assert some.identifiers.tolist() != other.identifiers.tolist()
    assert set(some.identifiers) < set(whole.identifiers)
    assert not some.whole


def test_beyond_the_sample_steps_in_the_engine_end_where_each_centroid_is_the_mean_of_its_customers(
    customers: EngineCustomers, table: CustomerTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushed_down, "SAMPLE_SIZE", 500)
    expected = segment(table, k=4, seed=0)
    told: list[pushed_down.Progress] = []
    fitted = pushed_down.fit(customers, expected.preparation, 4, 0, progress=told.append)
    assert fitted.sizes.sum() == len(table)
    assert fitted.inertia <= 1.02 * expected.inertia
    np.testing.assert_allclose(fitted.inertia, told[-1].inertia)
    assert [one.engine for one in told] == [customers.engine.name] * len(told)
    assert fitted.inertia <= min(one.inertia for one in told) * (1 + 1e-9)
    prepared = expected.preparation.apply(table.matrix(expected.compared))
    away = np.square(prepared[:, None] - fitted.centroids).sum(axis=2)
    means = np.array([prepared[away.argmin(axis=1) == place].mean(axis=0) for place in range(4)])
    np.testing.assert_allclose(fitted.centroids, means, rtol=1e-6, atol=1e-9)
