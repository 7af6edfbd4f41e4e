"""The share of each outcome stands beside the segments: in the frame, in files and on the page."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, SegmentationModel
from custseg.export.csv import write_customers, write_segments
from tests.panes.hands import table_of


@pytest.fixture
def customers() -> pd.DataFrame:
    place = np.repeat([0.0, 100.0], [120, 80]) + np.linspace(0, 1, 200)
    status = ["Stayed"] * 70 + ["Churned"] * 40 + ["Joined"] * 10 + ["Churned"] * 8 + ["Stayed"] * 72
    return pd.DataFrame({"place": place, "bought": list("yn") * 100, "Status": status})


def run(customers: pd.DataFrame, **settings: object) -> SegmentationModel:
    roles = {"bought": "outcome", "Status": "outcome"}
    model = SegmentationModel(CustomerTable.read(customers, roles=roles), k=2, seed=0, **settings)  # type: ignore[arg-type]
    model.run_clustering()
    return model


def test_files_and_frames_have_the_share_of_each_outcome(customers: pd.DataFrame) -> None:
    model = run(customers)
    stream = BytesIO()
    write_segments(model.bundle(), stream)
    written = pd.read_csv(BytesIO(stream.getvalue()))
    segments = model.result.labels  # type: ignore[union-attr]
    for name, level, column in [
        ("share who bought", "y", "bought"),
        ("share who left", "Churned", "Status"),
        ("share who stayed", "Stayed", "Status"),
        ("share who joined", "Joined", "Status"),
    ]:
        np.testing.assert_allclose(written[name], (customers[column] == level).groupby(segments).mean())
    assert model.profile is not None
    np.testing.assert_allclose(model.profile.frame["share who left"], written["share who left"])


def test_the_page_shows_the_event_of_each_column(customers: pd.DataFrame) -> None:
    shown = table_of(run(customers).summary)
    assert shown.titles["o0"] == "Share who bought"
    assert shown.titles["o1"] == "Share who left"
    assert "o2" not in shown.titles
    assert shown.value["o1"].tolist() == ["33.3%", "10.0%"]


def test_what_is_not_known_of_a_segment_is_a_dash(customers: pd.DataFrame) -> None:
    customers.loc[120:, "bought"] = None
    assert table_of(run(customers).summary).value["o0"].tolist() == ["50.0%", "-"]


def test_the_table_follows_a_role_without_another_run(customers: pd.DataFrame) -> None:
    model = run(customers)
    summary = model.summary
    model.load(model.table.change(roles={"bought": "ignored"}))
    assert table_of(summary).titles["o0"] == "Share who left"
    assert table_of(summary).value["o0"].tolist() == ["33.3%", "10.0%"]
    model.load(model.table.change(roles={"Status": "category"}))
    assert "o0" not in table_of(summary).titles


def test_customers_set_apart_have_no_share_and_the_others_do(customers: pd.DataFrame) -> None:
    customers.loc[0, "place"] = 10_000.0
    model = run(customers, recipe=Recipe(exceptional=5))
    assert table_of(model.summary).value["o1"].tolist()[-1] == ""
    assert len(table_of(model.summary).value) == 3


def test_an_outcome_called_like_a_formula_is_text_to_a_spreadsheet(customers: pd.DataFrame) -> None:
    table = CustomerTable.read(customers.rename(columns={"bought": "=1+1"}), roles={"=1+1": "outcome"})
    model = SegmentationModel(table, k=2, seed=0)
    model.run_clustering()
    for write in (write_segments, write_customers):
        stream = BytesIO()
        write(model.bundle(), stream)
        header = stream.getvalue().decode("utf-8-sig").splitlines()[0]
        assert ',"=1+1' not in header
        assert not header.startswith('"=')
    assert "<" not in table_of(model.summary).titles["o0"]
