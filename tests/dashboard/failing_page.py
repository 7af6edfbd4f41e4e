"""The page with faults in it, for ``panel serve``."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

from tests.dashboard.faults import plant
from tests.ui.server import DASHBOARD

plant()
runpy.run_path(str(DASHBOARD))
