"""A report without customers gives nobody away: not in its bytes, and not in the differences of its figures."""

from __future__ import annotations

import base64
import json
import re
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, SegmentationModel, SettingError
from custseg.panes import render_html
from custseg.session.report.blocks import OUTSIDE
from custseg.session.report.level_shares import told_levels
from custseg.session.report.make import make_document
from custseg.session.report.shown_customers import shown_customers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg.session.report.document import ReportDocument

MADE = datetime(2026, 3, 9, 12, tzinfo=UTC)
# Two numbers and a text that stand out wherever they are.
AMOUNT, WHOLE, WHO, KIND, LEFT = 7_345_219.25, 918_273, "Zaphod Beeblebrox 42", "Magrathea", "vanished without trace"


def customers_of(seed: int = 0, rows: int = 300) -> pd.DataFrame:
    """Return customers in three groups and a few far away, with gaps, a category and an outcome, and one marked."""
    generator = np.random.default_rng(seed)
    group = generator.integers(3, size=rows)
    values = generator.lognormal(3 + 0.8 * group[:, None] * [1, 0.3, 0.6, 0.1], 0.5, size=(rows, 4))
    values[:3] *= 40
    frame = pd.DataFrame(values, columns=["wine", "bread", "fish", "visits"])
    frame.loc[generator.random(rows) < 0.05, "fish"] = np.nan
    frame["parcels"] = generator.integers(100_000, 900_000, size=rows)
    frame["town"] = generator.choice(["Oslo", "Bergen", "Tromsø"], size=rows)
    frame["churn"] = np.where(generator.random(rows) < 0.3, "yes", "no")
    frame.insert(0, "customer", [f"Customer {1_000_000 + 7919 * row}" for row in range(rows)])
    frame.loc[17, "customer"], frame.loc[17, "wine"] = WHO, AMOUNT
    frame.loc[17, "parcels"], frame.loc[17, "town"] = WHOLE, KIND
    return frame


def run(frame: pd.DataFrame, k: int = 4, **settings: Any) -> SegmentationModel:
    table = CustomerTable.read(frame, roles={"churn": "outcome", "town": "category", "parcels": "feature"}, money=[])
    model = SegmentationModel(table, k=k, seed=1, **settings)
    model.run_clustering()
    return model


def document_of(model: SegmentationModel, least: int = 5) -> ReportDocument:
    assert model.outcome is not None
    return make_document(model.outcome, customers=False, least=least, axes=(model.x, model.y), made=MADE)


@pytest.fixture(scope="module")
def model() -> SegmentationModel:
    model = run(customers_of())
    model.annotate(1, f"Ask {WHO} first.")
    model.run_assessment()
    return model


def encodings(value: float) -> Iterator[bytes]:
    """Yield a number as files write it: as text in several ways, and as typed arrays hold it."""
    whole = round(value)
    for text in (
        str(value),
        repr(float(value)),
        f"{value:.2f}",
        f"{value:,.2f}",
        f"{whole}",
        f"{whole:,}",
        f"{value:e}",
    ):
        yield text.encode()
    for kind in ("<f8", ">f8", "<f4", ">f4"):
        yield np.array([value], dtype=kind).tobytes()
    for kind in ("<i4", ">i4", "<i8", ">i8"):
        yield np.array([whole], dtype=kind).tobytes()


def layers(page: str) -> Iterator[bytes]:
    """Yield a page, with its escapes undone, and all that is in it as base64."""
    yield page.encode()
    yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), page).encode(errors="ignore")
    for found in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", page):
        for shift in range(4):
            part = found[shift : len(found) - (len(found) - shift) % 4]
            yield base64.b64decode(part + "=" * (-len(part) % 4))


def test_no_marked_value_is_in_the_file_in_any_encoding(model: SegmentationModel) -> None:
    marked = {text.encode() for text in (WHO, KIND)} | {base64.b64encode(text.encode())[:-4] for text in (WHO, KIND)}
    marked |= {*encodings(AMOUNT), *encodings(WHOLE)}
    page, with_customers = render_html(model), render_html(model, customers=True)
    # It would be found where it is.
    assert any(mark in layer for layer in layers(with_customers) for mark in encodings(AMOUNT))
    assert [mark for layer in layers(page) for mark in marked if mark in layer] == []


def test_no_identifier_and_no_value_of_a_row_is_in_the_file(model: SegmentationModel) -> None:
    page = render_html(model)
    assert [name for name in model.table.identifiers if str(name) in page] == []
    document = document_of(model)
    values = model.table.matrix(model.table.features)
    own = {float(value) for value in values[~np.isnan(values)]} | {float(f"{v:.10g}") for v in values.ravel()}
    assert sorted(set(numbers_in(json.loads(document.model_dump_json()))) & own) == []


def numbers_in(held: Any) -> Iterator[float]:
    """Yield all numbers of a document."""
    if isinstance(held, dict | list):
        for part in held.values() if isinstance(held, dict) else held:
            yield from numbers_in(part)
    elif isinstance(held, float):
        yield held


TABLES: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
    "groups and a few far away": (customers_of(1), {"k": 5}),
    "many segments, some tiny": (customers_of(2), {"k": 10}),
    "incomplete ones left out": (customers_of(3), {"k": 4, "recipe": Recipe(missing="drop")}),
    "exceptional ones set apart": (customers_of(4), {"k": 3, "recipe": Recipe(exceptional=4.0, log="auto")}),
}


@pytest.mark.parametrize("least", [5, 12])
@pytest.mark.parametrize("name", TABLES)
def test_no_difference_of_groups_is_of_fewer_than_the_least_size(name: str, least: int) -> None:
    frame, settings = TABLES[name]
    model = run(frame, **settings)
    document = document_of(model, least)
    assert model.result is not None
    shown = shown_customers(model.result, customers=False, least=least)
    assert min(document.pictured.counts) >= least
    members = [
        np.where(shown.blocks.of == OUTSIDE, -1, np.array(each.of_blocks)[shown.blocks.of])
        for each in document.groupings
    ]
    groups = [own == group for own in members for group in range(own.max() + 1)]
    for one, other in combinations(groups, 2):
        for part in (one & other, one & ~other, other & ~one):
            assert not 0 < np.count_nonzero(part) < least


@pytest.mark.parametrize("name", TABLES)
def test_each_figure_is_what_the_customers_of_its_blocks_give(name: str) -> None:
    frame, settings = TABLES[name]
    model = run(frame, **settings)
    document = document_of(model)
    assert model.result is not None
    shown = shown_customers(model.result, customers=False, least=5)
    values = model.table.matrix([column.name for column in document.columns])
    for grouping in document.groupings:
        for position, group in enumerate(grouping.groups):
            rows = np.isin(shown.blocks.of, np.flatnonzero(np.array(grouping.of_blocks) == position))
            assert group.customers == np.count_nonzero(rows) >= 5
            np.testing.assert_allclose(np.array(group.means, dtype=float), np.nanmean(values[rows], axis=0))
            assert (~np.isnan(values[rows])).sum(axis=0).min() >= 5


def test_the_segments_of_the_result_are_exact_and_those_that_are_too_small_count_as_one(
    model: SegmentationModel,
) -> None:
    document, result = document_of(model), model.result
    assert result is not None
    assert result.sizes.min() < 5
    numbers = [group.segments for group in document.shown.groups]
    assert sorted(one for group in numbers for one in group) == [1, 2, 3, 4]
    for group in document.shown.groups:
        assert group.customers == sum(int(result.sizes[one - 1]) for one in group.segments)
    together = next(group for group in numbers if len(group) > 1)
    assert any(" and ".join(map(str, together)) in sentence for sentence in document.left_out)


@pytest.mark.parametrize("least", [5, 12])
@pytest.mark.parametrize("name", TABLES)
def test_each_share_of_a_level_and_what_it_leaves_is_of_enough_customers(name: str, least: int) -> None:
    frame, settings = TABLES[name]
    model = run(frame, **settings)
    document = document_of(model, least)
    assert model.result is not None
    shown = shown_customers(model.result, customers=False, least=least)
    of_blocks = np.array(document.shown.of_blocks)
    own = np.where(shown.blocks.of == OUTSIDE, OUTSIDE, of_blocks[shown.blocks.of])
    for category in document.categories:
        cells = frame[category.name].to_numpy()
        told = [each.level for each in category.levels if each.level != "other"]
        for each in category.levels:
            has = ~np.isin(cells, told) if each.level == "other" else cells == each.level
            for position, group in enumerate(document.shown.groups):
                count = np.count_nonzero(has & (own == position))
                assert least <= count <= group.customers - least
                assert each.shares[position] == pytest.approx(count / group.customers, abs=1e-4)
        # Nobody's level is left to be worked out from the others.
        shares = np.array([each.shares for each in category.levels], dtype=float)
        assert shares.sum(axis=0) == pytest.approx(1, abs=1e-3)


def test_categories_and_outcomes_are_told_where_enough_customers_have_each_level() -> None:
    document = document_of(run(customers_of(5).iloc[20:].reset_index(drop=True), k=3))
    told = {category.name: [each.level for each in category.levels] for category in document.categories}
    assert told["churn"] == ["no", "yes"]
    assert sorted(told["town"]) == ["Bergen", "Oslo", "Tromsø"]


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([[9, 8, 7], [6, 9, 8]], [1, 0, 2]),
        # A rare level counts with another one, so that it can't be told by what is left.
        ([[9, 8, 7, 1], [6, 9, 8, 0]], [1, 0]),
        ([[9, 8, 7, 5], [6, 9, 8, 4]], [1, 0]),
        # Where all but one are rare, and together too.
        ([[30, 1], [30, 0]], []),
        ([[30, 0], [30, 0]], []),
        # Nobody of a group, or everybody.
        ([[30, 0], [0, 30]], []),
    ],
)
def test_levels_are_told_apart_where_each_and_all_others_have_enough(counts: list[list[int]], told: list[int]) -> None:
    assert told_levels(np.array(counts), 5) == told


def test_what_is_said_of_few_customers_is_not_said(model: SegmentationModel) -> None:
    page = render_html(model)
    for text in (WHO, "Ask ", KIND, "middle half", "median customer"):
        assert text not in re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL), text


def test_a_larger_least_size_leaves_fewer_groups(model: SegmentationModel) -> None:
    few, many = document_of(model, 5), document_of(model, 30)
    assert len(many.pictured.counts) < len(few.pictured.counts)
    assert min(many.pictured.counts) >= 30
    assert "fewer than 30" in many.left_out[0]


def test_columns_that_few_know_of_are_not_told() -> None:
    # Without those who are far away.
    frame = customers_of(5).iloc[20:].reset_index(drop=True)
    frame.loc[frame.index % 3 == 0, "fish"] = np.nan
    document = document_of(run(frame, k=3))
    assert "fish" not in [column.name for column in document.columns]
    assert any("fish" in sentence for sentence in document.left_out)
    assert document.comparing.why_not
    assert not any("fish" in fact.casefold() for group in document.shown.groups for fact in group.facts)


def test_too_few_customers_are_refused_and_told_why() -> None:
    model = run(customers_of(6, rows=25), k=2)
    with pytest.raises(SettingError, match=r"no two segments of at least 20 customers.*save the report with customers"):
        document_of(model, 20)


@pytest.mark.parametrize("least", [2, 0, -5, True, 2.5, "5", 10_000, None])
def test_a_least_size_that_is_not_allowed_is_refused(model: SegmentationModel, least: Any) -> None:
    with pytest.raises(SettingError, match="whole number from 3 to 1,000"):
        render_html(model, least=least)
