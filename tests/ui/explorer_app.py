"""A model in a layout of its own, as a notebook shows it: the settings and the views, without the page around them."""

from __future__ import annotations

import sys
from pathlib import Path

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from custseg import SegmentationModel  # noqa: E402 - found through the line above

pn.extension("tabulator")
model = SegmentationModel(ROOT / "data" / "wholesale_customers.csv", k=3, seed=1)
model.run_clustering()
pn.panel(model).servable()
