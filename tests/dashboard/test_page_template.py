"""The page's template and what is put into it name the same places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from custseg.panes.views.catalogue import addresses
from dashboard.data_picker import Intake
from dashboard.page import page

if TYPE_CHECKING:
    from custseg import SegmentationModel

TEMPLATE = Path(__file__).resolve().parents[2] / "dashboard" / "page.html"
OF_PANEL = {"location"}


def test_every_place_of_the_template_is_filled_and_nothing_is_without_a_place(model: SegmentationModel) -> None:
    places = set(re.findall(r"embed\(roots\.(\w+)\)", TEMPLATE.read_text(encoding="utf-8")))
    places |= {"view_" + address.replace("-", "_") for address in addresses()}
    document = page(model, Intake(model, source="wholesale_customers")).server_doc()
    # Panel adds what keeps the address, and roots of its own that need no place.
    filled = {root.name for root in document.roots} - OF_PANEL
    assert places - {"location"} == filled
