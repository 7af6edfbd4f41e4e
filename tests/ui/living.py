"""How many models, views and tables of customers of this process are alive.

They are counted as they are made: to look through all objects would hold what another thread is just making, which can
fail that thread's work.
"""

from __future__ import annotations

import gc
from typing import Any
from weakref import WeakSet

from custseg import CustomerTable, SegmentationModel
from custseg.panes.base.part import Part

_KINDS: dict[str, type] = {"models": SegmentationModel, "views": Part, "tables": CustomerTable}


def _noted(kind: Any) -> WeakSet[Any]:
    """Note each that is made from now on."""
    living: WeakSet[Any] = WeakSet()
    begin = kind.__init__

    def begin_and_note(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        living.add(self)

    kind.__init__ = begin_and_note
    return living


_LIVING = {name: _noted(kind) for name, kind in _KINDS.items()}


def count_living() -> dict[str, int]:
    """Return how many there are, once what nobody needs is gone."""
    gc.collect()
    return {name: len(living) for name, living in _LIVING.items()}
