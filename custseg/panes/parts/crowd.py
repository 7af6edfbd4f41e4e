"""The customers of a picture where they are too many to draw each: counted by pixel, for the part that is looked at.

They are counted again when somebody zooms: on a server off the event loop, and of what is asked for meanwhile only the
newest next. HoloViews' ``rasterize`` counts on the event loop, where all sessions wait meanwhile, and sends the counts
of each segment, several times as much as images take; so what it is made of, datashader, is asked directly.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from weakref import WeakMethod

import panel as pn
from bokeh.events import RangesUpdate

from custseg.panes.charts.crowd import find, nothing_yet
from custseg.panes.charts.density import add_density

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from custseg.panes.charts.axes import Limits
    from custseg.panes.charts.crowd import Asked, Found
    from custseg.session.model import SegmentationModel

    Work = Callable[[], Coroutine[Any, Any, None]]
    Ask = Callable[[Limits | None, tuple[int, int]], Asked]

# How large a picture is that nobody has laid out yet, and how large it can be, in pixels.
_SIZE, _LARGEST = (900, 380), 4000
# While somebody pans, so long is waited for more.
_SECONDS_OF_REST = 0.04


class Crowd:
    """Finds what is to be drawn, and tells when there is something new, with the names of what changed."""

    def __init__(
        self,
        model: SegmentationModel,
        ask: Ask,
        accept: Callable[[frozenset[str]], None],
        *,
        at_once: bool,
        size: tuple[int, int] = _SIZE,
    ) -> None:
        self._model, self._ask, self._accept, self._at_once = model, ask, accept, at_once
        self._window: Limits | None = None
        self._size = size
        self._changed: frozenset[str] = frozenset()
        self._waiting = self._working = self._left = False
        self._sides: dict[str, int] = {}
        self._arriving: Any = None
        asked = ask(None, size)
        self.found: Found = find(asked) if at_once else nothing_yet(asked)

    def draw_in(self, figure: Any, name: str) -> None:
        """Put the images below all that is in a figure, as a layer of that name."""
        self._arriving = add_density(figure, name, self.found.images)

    def follow_zoom(self, figure: Any) -> None:
        """Count anew where somebody zooms, and where the figure takes another size."""
        figure.on_event(RangesUpdate, self._move)
        for side in ("inner_width", "inner_height"):
            figure.on_change(side, self._resize)

    def leave(self) -> None:
        """Tell of nothing more."""
        self._left, self._waiting = True, False

    def follow(self, changed: frozenset[str] = frozenset()) -> None:
        """Find anew what is to be drawn, and tell of it."""
        self._changed |= changed
        self._waiting = True
        if self._at_once:
            self._take(find(self._next(), self.found))
        elif not self._working:
            self._working = True
            pn.state.execute(_if_still_there(WeakMethod(self._work)))

    def _next(self) -> Asked:
        self._waiting = False
        asked = self._ask(self._window, self._size)
        if asked.axes.key != self.found.asked.axes.key:
            # What somebody has zoomed to is no place on other axes.
            self._window = None
            asked = self._ask(None, self._size)
        return asked

    async def _work(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(_SECONDS_OF_REST)
                found = await asyncio.to_thread(find, self._next(), self.found)
                # Of other segments than there are by now it would be wrong; of a part that was left it is only late.
                if not self._left and found.asked.is_about_the_same_as(self._ask(None, self._size)):
                    with self._model.batch_updates():
                        self._take(found)
        finally:
            self._working = False

    def _take(self, found: Found) -> None:
        self.found, changed, self._changed = found, self._changed, frozenset()
        if self._arriving is not None:
            self._arriving.data = found.images
        self._accept(changed)

    def _move(self, event: Any) -> None:
        window = (event.x0, event.x1), (event.y0, event.y1)
        if window != self._window and all(low < high for low, high in window):
            self._window = window
            self.follow()

    def _resize(self, side: str, _old: object, new: int) -> None:
        # One after the other, and neither is there before.
        self._sides[side] = min(max(new, 1), _LARGEST)
        size = self._sides.get("inner_width", 0), self._sides.get("inner_height", 0)
        if all(size) and size != self._size:
            self._size = size
            self.follow()


def _if_still_there(method: WeakMethod[Work]) -> Work:
    """Hold a method weakly: what a page was to do that closes before is kept for good by Panel and Bokeh."""

    async def work() -> None:
        still_there = method()
        if still_there is not None:
            await still_there()

    return work
