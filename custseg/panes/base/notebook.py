"""What a notebook needs before it can show a pane."""

from __future__ import annotations

import sys

import panel as pn


def load_in_notebook() -> None:
    """Load Panel's JavaScript, with that of the table, into the notebook that is running; elsewhere do nothing.

    It comes from the installed packages, so that a notebook works without a network.
    """
    if _in_notebook() and "tabulator" not in pn.extension._loaded_extensions:  # noqa: SLF001 - Panel has no public way
        pn.extension("tabulator", inline=True)


def _in_notebook() -> bool:
    # Only a kernel has imported this; a plain IPython shell cannot show a pane.
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
