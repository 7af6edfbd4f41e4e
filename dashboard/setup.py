"""What must stand before the first visitor: ``panel serve dashboard/app.py --setup dashboard/setup.py``."""

from __future__ import annotations

import sys
from pathlib import Path

# As in the app: the package lies beside this file's folder when it isn't installed.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from dashboard.imports import importing

with importing("dashboard.settings_check"):
    from dashboard.early_start import start_early
    from dashboard.promptness import answer_promptly
    from dashboard.server_guard import guard_server
    from dashboard.service_log import set_up_log
    from dashboard.settings_check import refuse_wrong_settings, tell_unknown_settings

refuse_wrong_settings()
guard_server()
answer_promptly()
start_early()
set_up_log()
tell_unknown_settings()
