"""A graph of ONNX, run by another library, puts each customer where Python does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnxruntime
import pandas as pd
import pytest

from custseg import CustomerTable, Recipe, SettingError, segment
from tests.export.document.models import customers, result_of

if TYPE_CHECKING:
    from custseg import Segmentation

RECIPES = {
    "plain": Recipe(),
    "evened out": Recipe(log="auto", winsorise=(0.01, 0.99), weights={"visits": 2.0}),
    "exceptional": Recipe(missing="drop", exceptional=3.0, log="auto"),
    "trimmed": Recipe(trim=0.05, scaling="robust"),
}


def run(result: Segmentation, values: np.ndarray[Any, Any]) -> tuple[list[int], np.ndarray[Any, Any]]:
    session = onnxruntime.InferenceSession(result.to_document().to_onnx().SerializeToString())
    found: Any = session.run(["segment", "distance"], {"features": values})
    return found[0].tolist(), found[1]


@pytest.mark.parametrize("name", RECIPES)
def test_onnxruntime_puts_each_customer_where_python_does(name: str) -> None:
    table = CustomerTable.read(customers(), open_questions=True)
    result = segment(table, k=4, seed=2, recipe=RECIPES[name])
    labels, distance = run(result, table.matrix(result.features))
    assert labels == result.labels.tolist()
    expected = result.scoring.place(table.matrix(result.features)).distance
    np.testing.assert_allclose(distance, expected, atol=1e-9)


def test_what_is_not_written_is_a_sentence() -> None:
    for name, what in (("mixture", "A mixture is"), ("similar customers", "Categories are")):
        with pytest.raises(SettingError, match=f"{what} not written as ONNX"):
            result_of(name).to_document().to_onnx()


def test_it_says_which_features_it_takes_in_which_order() -> None:
    frame = pd.DataFrame({"b": range(30), "a": [n * n % 17 for n in range(30)]})
    result = segment(CustomerTable.read(frame, open_questions=True), k=2, seed=0)
    (said,) = result.to_document().to_onnx().metadata_props
    assert said.value.split("\n") == list(result.features)
