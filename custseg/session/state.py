"""What the parts of the model share: parameters that only their owner sets, and changes that are announced together."""

from __future__ import annotations

import param

from custseg.display import batch_updates


class State(param.Parameterized):
    """Parameters that are constant to everybody but the object itself."""

    def _set(self, **values: object) -> None:
        with param.edit_constant(self):
            self.param.update(**values)

    def _announce(self, **values: object) -> None:
        with batch_updates():
            self._set(**values)
