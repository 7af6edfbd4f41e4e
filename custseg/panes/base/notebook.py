"""What a notebook needs before it can show a pane, and how it lets go of one that it shows no more."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import panel as pn

if TYPE_CHECKING:
    from bokeh.model import Model


def load_in_notebook() -> None:
    """Load Panel's JavaScript, with that of the table, into the notebook that is running; elsewhere do nothing.

    It comes from the installed packages, so that a notebook works without a network.
    """
    if _in_notebook() and "tabulator" not in pn.extension._loaded_extensions:  # noqa: SLF001 - Panel has no public way
        pn.extension("tabulator", inline=True)


def let_go_of(layout: pn.viewable.Viewable) -> None:
    """Stop updating what earlier cells show of a layout, and files that it was written to.

    A figure can be in one place at a time, and nobody tells Python of a cell that was run again.
    """
    for shown, root, document, _ in list(pn.state._views.values()):  # noqa: SLF001 - Panel has no public way
        if shown is layout and document.session_context is None:
            release_root(layout, root)


def release_root(layout: pn.viewable.Viewable, root: Model) -> None:
    """Forget one rendering of a layout, which Panel else keeps for good."""
    reference = root.ref["id"]
    comms = layout._comms.get(reference, ())  # noqa: SLF001
    layout._cleanup(root)  # noqa: SLF001 - as Panel itself does where a session ends
    pn.state._views.pop(reference, None)  # noqa: SLF001
    if pn.state.location is not None:
        # Of a notebook there is one for all cells, which keeps each.
        pn.state.location._cleanup(root)  # noqa: SLF001
    if root.document is not None:
        # By document, weakly, but what it keeps refers to the document.
        pn.state._stylesheets.pop(root.document, None)  # noqa: SLF001
    for comm in comms:
        comm.close()
        pn.state._comm_manager._comms.pop(comm.id, None)  # noqa: SLF001


def _in_notebook() -> bool:
    # Only a kernel has imported this; a plain IPython shell cannot show a pane.
    if "ipykernel" not in sys.modules:
        return False
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")
