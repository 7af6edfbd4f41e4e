"""Customers who were filled in: marked, and only as certain as what could have been filled in lets them be."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, SegmentationModel, certainty, profile, segment
from custseg.export.bundle import ResultBundle
from custseg.export.csv import write_customers
from custseg.insight.certainty import margins
from custseg.insight.customer_listing import list_customers
from custseg.insight.explanation import explain
from custseg.insight.filled_in import say_filled_in
from custseg.panes.tables.customer_list import screen_frame
from custseg.tables.expressions import EVERYONE
from tests.clustering.test_neighbours import with_gaps

if TYPE_CHECKING:
    from custseg.clustering.recipe import Missing

SMALL = pd.DataFrame({"a": [1.0, 2, 3, 8, 9, np.nan], "b": [1.0, 2, 3, 8, 9, np.nan], "c": [1.0, 1, 2, 2, 1, 2]})


@pytest.mark.parametrize("missing", ["median", "nearest"])
def test_those_on_no_border_are_nearly_always_where_their_hidden_values_put_them(missing: Missing) -> None:
    right, right_on_border = [], []
    for seed in range(4):
        whole, frame = with_gaps(500, 0.06, seed)
        result = segment(frame, k=4, seed=0, recipe=Recipe(missing=missing))
        margin, filled = margins(result, frame.to_numpy())[0], frame.isna().any(axis=1).to_numpy()
        agree = result.assign(whole) == result.labels
        right.append(agree[filled & (margin >= 0.1)])
        right_on_border.append(agree[filled & (margin < 0.1)])
    assert np.concatenate(right).mean() > 0.95
    assert np.concatenate(right_on_border).mean() < 0.85


def test_a_margin_is_the_least_under_what_could_be_filled_in() -> None:
    _, frame = with_gaps(300, 0.1)
    result = segment(frame, k=3, seed=0)
    values, labels = frame.to_numpy(), result.labels
    margin = margins(result, values)[0]
    for row in np.flatnonzero(np.isnan(values).any(axis=1))[:40]:
        ways = [values[[row]], *result.preparation.alternatives(values[[row]])]
        found = []
        for way in ways:
            away = np.linalg.norm(result.preparation.apply(way) - result.prepared_centroids, axis=1)
            own = away[labels[row] - 1]
            found.append(max(1 - own / np.delete(away, labels[row] - 1).min(), 0))
        assert margin[row] == pytest.approx(min(found))


def test_they_are_on_the_list_of_the_border_and_in_its_number() -> None:
    _, frame = with_gaps(300, 0.1)
    result = segment(frame, k=3, seed=0)
    found = certainty(result)
    margin = margins(result, frame.to_numpy())[0]
    assert found.borderline == len(found.borderline_customers) == (margin < 0.1).sum()


def test_who_would_be_elsewhere_with_the_values_of_others_is_told_so() -> None:
    _, frame = with_gaps(300, 0.1)
    result = segment(frame, k=3, seed=0)
    margin, filled = margins(result, frame.to_numpy())[0], frame.isna().any(axis=1).to_numpy()
    for rows, told in ((filled & (margin == 0), True), (filled & (margin > 0.2), False), (~filled, False)):
        for row in np.flatnonzero(rows)[:3]:
            said = explain(result, str(result.table.identifiers[row])).sentence
            assert said.endswith("where it has none, it would be elsewhere.") == told


def test_what_was_filled_in_stands_in_the_file_of_customers_and_in_the_list() -> None:
    table = CustomerTable.read(SMALL.rename(columns={"a": "=a"}))
    model = SegmentationModel(table, k=2, seed=0)
    result = model.run_clustering()
    stream = BytesIO()
    write_customers(ResultBundle(profile(result)), stream)
    back = pd.read_csv(BytesIO(stream.getvalue()))
    assert back["filled_in"].fillna("").tolist() == [*[""] * 5, "'=a, b"]
    screen = list_customers(table, model.result, EVERYONE).screen(0, len(table), ())
    listed = screen_frame(table, screen, model.outcome)
    assert listed["filled"].tolist() == [*[""] * 5, "=a, b"]


def test_where_nothing_was_filled_in_there_is_no_such_column() -> None:
    for frame, recipe in ((SMALL[:5], Recipe()), (SMALL, Recipe(missing="drop"))):
        result = segment(frame, k=2, seed=0, recipe=recipe)
        assert say_filled_in(result) is None
        stream = BytesIO()
        write_customers(ResultBundle(profile(result)), stream)
        assert b"filled_in" not in stream.getvalue()
