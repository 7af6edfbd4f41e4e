"""What panes make of numbers, where no browser is needed to see it."""

from __future__ import annotations

import pandas as pd
import panel as pn
import pytest

from custseg import SegmentationModel
from custseg.panes import Downloads, Explorer
from dashboard.intake import Intake


@pytest.mark.parametrize(
    ("typical", "form"), [(12_345.0, "0,0"), (99.0, "0,0.00"), (1.5, "0,0.00"), (0.004, "0,0.00000"), (0.0, "0,0.00")]
)
def test_averages_in_the_table_have_digits_that_say_something(typical: float, form: str) -> None:
    customers = pd.DataFrame({"rate": [typical * part for part in (0.5, 1.0, 1.5, 1.0)], "other": [1.0, 2, 3, 5]})
    shown = SegmentationModel(customers, k=2).summary.__panel__().select(pn.widgets.Tabulator)[0]
    field = next(field for field, title in shown.titles.items() if title == ("rate" if typical else "other"))
    assert shown.formatters[field].format == form


def test_all_panes_are_made_without_a_warning(model: SegmentationModel) -> None:
    # Warnings are errors here; a server would only swallow those of what Panel is about to drop.
    model.judge()
    for view in (Explorer(model), Downloads(model), Intake(model)):
        assert view.__panel__().get_root() is not None
