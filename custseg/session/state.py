"""What the parts of the model share: how its state changes, and how changes are announced together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import param

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class State(param.Parameterized):
    """Parameters that only the model itself sets."""

    # How the changes that a result brings are announced together. The model sets it, and a page puts its own way here.
    batch_updates: Callable[[], AbstractContextManager[object]]

    def _set(self, **values: object) -> None:
        with param.edit_constant(self):
            self.param.update(**values)

    def _announce(self, **values: object) -> None:
        with self.batch_updates():
            self._set(**values)
