"""What two cells of a notebook show: a model before its first run, and the picture of another one alone."""

from __future__ import annotations

import sys
from pathlib import Path

import panel as pn

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from custseg import SegmentationModel  # noqa: E402 - found through the line above

pn.extension("tabulator")
fresh, run = (SegmentationModel(ROOT / "data" / "wholesale_customers.csv", k=3, seed=1) for _ in range(2))
run.run_clustering()
pn.Column(fresh, run.scatter).servable()
