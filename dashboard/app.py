"""The dashboard: ``panel serve dashboard/app.py``. Each session gets a model and a page of its own."""

from __future__ import annotations

import sys
from pathlib import Path

# `panel serve` puts this file's folder on the path; the package lies beside that folder when it isn't installed.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from dashboard.imports import importing

with importing("dashboard.session_start"):
    from dashboard.promptness import answer_promptly
    from dashboard.server_guard import guard_server
    from dashboard.service_log import failures_told, set_up_log
    from dashboard.session_start import serve_session
    from dashboard.settings_check import tell_unknown_settings

guard_server()
answer_promptly()
with failures_told():
    set_up_log()
    tell_unknown_settings()
    serve_session()
