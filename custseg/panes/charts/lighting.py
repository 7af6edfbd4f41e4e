"""What a picture of groups does while a segment is pointed at: it says which one, and lets the others fade.

The page's root says which segment is lit, as for the scatter. A page with a script of its own (page.js) sets it, and
paints what is named here anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.events import MouseLeave, MouseMove
from bokeh.models import CustomJS, CustomJSTransform

if TYPE_CHECKING:
    from bokeh.models import ColumnDataSource

# The name of the layers that fade, by which the page's script finds them.
FADES = "fades"
_ALPHA = """
const lit = document.documentElement.dataset.litSegment, alphas = column && source.get_column(column);
return Array.from(xs, (key, row) => (alphas ? alphas[row] : 1) * (!lit || key === lit ? 1 : 0.3));
"""
_LIGHT = """
const {x, y} = cb_obj, away = (row) => Math.abs(source.get_column("x")[row] - x);
const keys = Array.from(source.get_column("key") ?? []);
const key = cb_obj.event_name === "mouseleave" ? undefined : %s;
document.dispatchEvent(new CustomEvent("custseg-lit", {detail: Number(key) > 0 ? key : ""}));
"""


def fading(source: ColumnDataSource, column: str | None = None) -> Any:
    """Return how opaque the rows of a source are: those of other groups (column ``key``) than the lit one hardly.

    ``column`` says how opaque a row is else; without, it is not transparent.
    """
    transform = CustomJSTransform(args={"source": source, "column": column}, v_func=_ALPHA)
    return {"field": "key", "transform": transform}


def light_under_pointer(figure: Any, source: ColumnDataSource, key_at: str) -> None:
    """Light the segment that a pointer is on: ``key_at`` finds it, in JavaScript, by ``x``, ``y`` and the ``keys``."""
    light = CustomJS(args={"source": source}, code=_LIGHT % key_at)
    figure.js_on_event(MouseMove, light)
    figure.js_on_event(MouseLeave, light)
