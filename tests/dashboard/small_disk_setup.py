"""The setup of the dashboard's server, which can then write no file of more than a megabyte."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))

import dashboard.setup  # noqa: F401 - this is what a server has

resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
