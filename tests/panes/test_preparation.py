"""How features are made comparable, as a person chooses it, and what the list of customers says of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from custseg import Recipe, SegmentationModel
from custseg.panes import PreparationSteps
from custseg.panes.tables.customer_list import Customers
from tests.panes.hands import press, table_of, widget

GENERATOR = np.random.default_rng(0)
VALUES = GENERATOR.normal(size=(120, 3)) + np.repeat([[0.0], [6.0]], 60, axis=0)
VALUES[[3, 50], [1, 2]] = np.nan
FRAME = pd.DataFrame(VALUES, columns=["Milk", "Fresh", "<b>Frozen</b>"])


def test_gaps_can_be_filled_from_similar_customers_and_those_who_fit_nowhere_set_apart() -> None:
    model = SegmentationModel(FRAME, k=2, seed=0)
    steps = PreparationSteps(model)
    widget(steps, "Missing values").value = "Fill from similar customers"
    widget(steps, "Customers who fit no segment").value = "Set the farthest 5% apart"
    assert model.recipe == Recipe(missing="nearest", trim=0.05)
    model.run_clustering()
    text = steps.state().text
    assert "2 missing values of 2 customers (2%) in Fresh and <b>Frozen</b> filled with the mean of the 5 most" in text
    assert "6 customers set apart as farthest from all segments" in text


def test_the_list_of_customers_says_what_was_filled_in() -> None:
    model = SegmentationModel(FRAME, k=2, seed=0)
    customers = Customers(model)
    assert set(table_of(customers).value["filled"]) == {""}
    model.run_clustering()
    customers = Customers(model)
    filled = []
    for _ in range(3):
        filled += table_of(customers).value["filled"].tolist()
        press(customers, "Next")
    assert {row: text for row, text in enumerate(filled) if text} == {3: "Fresh", 50: "<b>Frozen</b>"}
    assert "filled" not in table_of(Customers(SegmentationModel(FRAME.dropna(), k=2))).value
