"""What a browser may change of the models of its page; all else is taken out of a message before Bokeh looks at it.

A browser that was taken over, or a client that only looks like one, can send a change of any property of any model: the
text of a pane, the code of a script, the cells of a table, the roots of the document. Of these the server takes over
what the page's own widgets, pictures and tables send, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bokeh.models.widgets import CellEditor
from panel.models.layout import Card
from panel.models.tabulator import DataTabulator

from custseg.errors import quote
from custseg.panes.charts.picking import TAPPED

if TYPE_CHECKING:
    from bokeh.document import Document
    from bokeh.model import Model

# By the name of a class of models, which stands for those made from it too: what its view in the browser sets.
_WRITTEN: dict[str, tuple[str, ...]] = {
    # The widgets.
    "AbstractSlider": ("value", "value_throttled"),
    "FileDownload": ("clicks",),
    "InputWidget": ("value", "value_input", "value_throttled"),
    "Toggle": ("active",),
    "ToggleInput": ("active",),
    "ToggleInputGroup": ("active",),
    # Tables.
    "DataTabulator": ("filters", "page", "sorters"),
    # Pictures: how large they are, which tools are taken, what is in sight, and what is selected there.
    "Plot": ("inner_height", "inner_width", "outer_height", "outer_width"),
    "Range1d": ("end", "start"),
    "Selection": ("indices",),
    "Toolbar": ("active_drag", "active_inspect", "active_multi", "active_scroll", "active_tap"),
    # The page itself, and what is folded away in it.
    "Card": ("collapsed",),
    "Location": ("hash", "hostname", "href", "pathname", "port", "protocol", "search"),
}
_CELLS, _VISIBLE = "data", "visible"


class RefusedError(ValueError):
    """A message that changes what no page changes; what else it changes is taken over."""


def take_out_refused(content: Any, document: Document) -> list[str]:
    """Take the changes out of a message that no page of ours sends, and return for each why.

    Raises RefusedError where it is no message of changes.
    """
    events = content.get("events") if isinstance(content, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        msg = "a message of a page lists changes"
        raise RefusedError(msg)
    refused = {position: why for position, event in enumerate(events) if (why := refusal(event, document))}
    events[:] = [event for position, event in enumerate(events) if position not in refused]
    return list(refused.values())


def refusal(event: dict[str, Any], document: Document) -> str | None:
    """Say why a change is refused, None where it isn't.

    What is about no model of the document, Bokeh refuses itself.
    """
    kind = event.get("kind")
    if kind == "MessageSent":
        return None if event.get("msg_type") == "bokeh_event" else f"a page sends no {quote(event.get('msg_type'))}"
    if kind not in ("ModelChanged", "ColumnDataChanged", "ColumnsPatched"):
        return f"a page makes no change of the kind {quote(kind)}"
    described, name = event.get("model"), event.get("attr")
    model = document.models.get_by_id(described["id"]) if isinstance(described, dict) and "id" in described else None
    if model is None:
        return None
    if kind == "ColumnsPatched" and name == _CELLS:
        return _refusal_of_cells(model, event.get("patches"), document)
    if not _is_written(model, name, document):
        return f"a page does not change {quote(name)} of a {type(model).__name__}"
    return "a page makes no models" if _makes_models(event) else None


def _is_written(model: Model, name: object, document: Document) -> bool:
    """Whether the view of a model in a browser sets a property of it, or the view of what the model lies in."""
    if name == _VISIBLE:
        return _folds(model, document)
    if name == _CELLS and model.name == TAPPED:
        return True
    return any(name in _WRITTEN.get(kind.__name__, ()) for kind in type(model).__mro__)


def _folds(model: Model, document: Document) -> bool:
    """Whether a card hides a model when it is folded: all that lies in it but its header, which comes first."""
    cards = [card for card in document.models if isinstance(card, Card)]
    return any(model in card.children[1:] for card in cards)


def _refusal_of_cells(source: Model, patches: Any, document: Document) -> str | None:
    """Say why cells may not be written: people write in the columns of a table that have an editor."""
    tables: Any = [model for model in document.models if isinstance(model, DataTabulator)]
    columns_there = [column for table in tables if table.source is source for column in table.columns]
    editable = {column.field for column in columns_there if type(column.editor) not in (CellEditor, type(None))}
    columns = set(_columns_of(patches))
    return None if columns <= editable else f"a page writes no cells of {quote(', '.join(sorted(columns - editable)))}"


def _columns_of(patches: Any) -> list[str]:
    """Return the columns that cells are written in, in either of the ways in which Bokeh sends a mapping."""
    entries = patches.get("entries") if isinstance(patches, dict) and patches.get("type") == "map" else None
    return [str(entry[0]) for entry in entries] if entries is not None else [str(name) for name in patches]


def _makes_models(sent: Any) -> bool:
    if isinstance(sent, dict):
        return sent.get("type") == "object" or any(map(_makes_models, sent.values()))
    return isinstance(sent, list) and any(map(_makes_models, sent))
