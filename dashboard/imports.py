"""Import what stays for as long as the process lives, in less time, and out of the way of all that comes and goes.

Python looks for garbage by looking through all that there is: several times while thousands of modules are imported,
and a quarter of a second each time that a session has closed, on the event loop. Of modules nothing is garbage.
"""

from __future__ import annotations

import atexit
import gc
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def importing(module: str) -> Iterator[None]:
    """Look for no garbage while a module is imported, nor among what was imported any more; once it is, do nothing."""
    # Later there are sessions, which do become garbage.
    if module in sys.modules:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()
        # Else libraries complain at the end of what was left.
        atexit.register(gc.unfreeze)
