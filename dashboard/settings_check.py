"""What is done about wrong and unknown settings when a server starts."""

from __future__ import annotations

import logging
import os
import sys
from functools import cache

from tornado.process import task_id

from custseg.errors import SettingError
from dashboard.server_settings import server_settings, unknown_settings

_log = logging.getLogger("custseg")


def refuse_wrong_settings() -> None:
    """End the process, with a sentence for each setting that is wrong."""
    try:
        server_settings()
    except SettingError as problem:
        sys.stderr.write(f"{problem}\n")
        # One of several processes that fails would be started again, a hundred times.
        raise SystemExit(1 if task_id() is None else 0) from None


@cache
def tell_unknown_settings() -> None:
    """Warn, once, of each name that looks like a setting and is none."""
    for sentence in unknown_settings(os.environ):
        _log.warning(sentence)
