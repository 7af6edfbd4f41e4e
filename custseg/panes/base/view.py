"""What all panes have in common: the model they show, and how its changes reach a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.panes.base.notebook import load_in_notebook
from custseg.panes.base.sending import batch_updates
from custseg.session.model import SegmentationModel

if TYPE_CHECKING:
    from collections.abc import Callable


class View(pn.viewable.Viewer):
    """A pane over one model. It is made once; watchers update its parts in place."""

    model: SegmentationModel = param.ClassSelector(class_=SegmentationModel, constant=True, doc="What is shown.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        load_in_notebook()
        super().__init__(model=model, **params)
        model.batch_updates = batch_updates

    @staticmethod
    def once_loaded(draw: Callable[[], None]) -> None:
        """Draw what is not seen at first once the page stands, so that the page doesn't wait for it; else at once."""
        if pn.state.curdoc is not None and pn.state.curdoc.session_context is not None and not pn.state.loaded:
            pn.state.onload(draw)
        else:
            draw()
