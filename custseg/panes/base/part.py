"""What all panes have in common: the model they show, how they follow it, and how they are let go of."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, WeakMethod

import panel as pn
import param

from custseg.display import batch_updates
from custseg.language import current, spoken
from custseg.panes.base.attention import Attention
from custseg.panes.base.notebook import let_go_of, load_in_notebook
from custseg.panes.base.offered import take_only_what_is_offered
from custseg.panes.base.sending import send_what_waits, stay_on_the_event_loop
from custseg.panes.base.server_wide import repeat_outside_of_sessions
from custseg.panes.base.shown import describe_layout
from custseg.panes.base.text_updates import change_texts_alone
from custseg.session.model import SegmentationModel
from custseg.session.run_result import changes_between

if TYPE_CHECKING:
    from collections.abc import Callable

    from bokeh.document import Document

    from custseg.panes.base.attention import Reaction
    from custseg.panes.base.shown import Shown

# Milliseconds in which a browser has painted what is seen; what is folded away would come between.
UNTIL_PAINTED = 120
# What can be different of the outcome; a part may watch each of these alone.
_OF_OUTCOME = frozenset({"run", "names", "assessment"})


class Part(pn.viewable.Viewer):
    """A pane over one model. It is made once; ``watch`` tells it of changes, and it updates its parts in place.

    A part lasts for as long as somebody shows its layout or holds it, and the model doesn't hold it: else each cell
    that is run again would leave panes that every later run redraws.
    """

    model: SegmentationModel = param.ClassSelector(class_=SegmentationModel, constant=True, doc="What is shown.")
    attention: Attention = param.ClassSelector(
        class_=Attention, constant=True, doc="Whether somebody looks at it, shared by the parts of a view."
    )

    # What a subclass lays out.
    _layout: Any

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        load_in_notebook()
        stay_on_the_event_loop()
        repeat_outside_of_sessions()
        send_what_waits()
        change_texts_alone()
        take_only_what_is_offered()
        super().__init__(model=model, **{"attention": Attention(), **params})

    def __panel__(self) -> pn.viewable.Viewable:
        # Who has the layout has the view too.
        self._layout.view = self
        layout: pn.viewable.Viewable = self._layout
        return layout

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        let_go_of(self._layout)
        return super()._repr_mimebundle_(include, exclude)

    def state(self) -> Shown:
        """Return what is shown now, as plain values."""
        return describe_layout(self._layout)

    def watch(self, react: Reaction, *names: str) -> None:
        """Call a method of this part, with the names of what changed, for as long as the part is there.

        What changes while nobody looks is told at once when somebody does, see ``Attention``.

        Names are parameters of the model or of a part of it, or what is different of its outcome: ``run`` for another
        run or none, ``names`` and ``assessment`` for more of the same run.
        """
        watched = frozenset(names)
        direct = [name for name in names if name not in _OF_OUTCOME]
        for owner in self._owners():
            here = [name for name in direct if name in owner.param]
            if owner is self.model and watched & _OF_OUTCOME:
                here.append("outcome")
            if here:
                _Follower(owner, here, react, watched, self.attention)

    def _owners(self) -> tuple[param.Parameterized, ...]:
        model = self.model
        searches = model.search, model.multiverse_search, model.worth_search, model.opinions
        return model, model.runs, model.selection, *searches

    def after_what_is_seen_first(self, draw: Callable[[], None], milliseconds: int = 0) -> None:
        """Draw what takes a while, or lies below, once the rest is on its way to the browser; without one at once.

        What parts of a page draw after the same time is sent together.
        """
        document = session_document()
        if document is None:
            draw()
            return
        waiting = _waiting.setdefault(document, {}).setdefault(milliseconds, {})
        if not waiting:
            act = partial(_draw_all, waiting)
            if milliseconds:
                document.add_timeout_callback(act, milliseconds)
            else:
                document.add_next_tick_callback(act)
        # Weakly: what a page was to do that closes before is kept for good by Panel and Bokeh.
        waiting[WeakMethod(draw)] = None


def session_document() -> Document | None:
    """Return the document of the session that this happens in; None in a notebook or a script."""
    document = pn.state.curdoc
    return None if document is None or document.session_context is None else document


# What the parts of a page draw later, by after how many milliseconds.
_waiting: WeakKeyDictionary[Document, dict[int, dict[WeakMethod[Callable[[], None]], None]]] = WeakKeyDictionary()


def _draw_all(waiting: dict[WeakMethod[Callable[[], None]], None]) -> None:
    """Draw what waits, once each, of the parts that are still there."""
    draws = [draw for weak in waiting if (draw := weak()) is not None]
    # What asks for more meanwhile waits anew.
    waiting.clear()
    with batch_updates(), spoken(current()):
        for draw in draws:
            draw()


class _Follower:
    """Tells a method of changes of an object, until the object that the method is of is gone."""

    def __init__(
        self,
        owner: param.Parameterized,
        names: list[str],
        react: Reaction,
        watched: frozenset[str],
        attention: Attention,
    ) -> None:
        self._owner, self._watched, self._attention = owner, watched, attention
        self._react = WeakMethod(react, self._end)
        self._watcher = owner.param.watch(self._tell, names)

    def _tell(self, *events: param.parameterized.Event) -> None:
        react, changed = self._react(), _changed(events) & self._watched
        if react is not None and changed:
            # Each text would else look up which language the session speaks.
            with spoken(current()):
                self._attention.tell(react, changed)

    def _end(self, _: object) -> None:
        self._owner.param.unwatch(self._watcher)


def _changed(events: tuple[param.parameterized.Event, ...]) -> frozenset[str]:
    """Return the names of what changed, for the outcome what of it."""
    changed: frozenset[str] = frozenset()
    for event in events:
        changed |= changes_between(event.old, event.new) if event.name == "outcome" else {event.name}
    return changed
