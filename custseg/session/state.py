"""How the parts of a model change what is constant to everybody else, and announce it."""

from __future__ import annotations

import param

from custseg.display import batch_updates


def assign(state: param.Parameterized, /, **values: object) -> None:
    """Set parameters, also those that are constant to whoever reads them."""
    with param.edit_constant(state):
        state.param.update(**values)


def announce(state: param.Parameterized, /, **values: object) -> None:
    """Set parameters, and let all that follows from it reach whoever shows it in one go."""
    with batch_updates():
        assign(state, **values)
