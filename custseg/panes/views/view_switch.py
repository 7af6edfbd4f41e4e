"""Which view is shown: each is made when it is first looked at, and is silent while another one is."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.panes.views.catalogue import VIEWS, addresses
from custseg.panes.views.view import WIDE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from custseg.panes.views.view import View
    from custseg.session.model import SegmentationModel


class ViewSwitch(param.Parameterized):
    """The views over one model, each with a place in which it appears once it was looked at.

    ``additions`` say, by the address of a view, how to make what only a page adds to it.
    """

    shown: str = param.String(default=VIEWS[0].address, doc="The address of the view that is shown.")

    def __init__(
        self, model: SegmentationModel, additions: Mapping[str, Callable[[], Any]] = MappingProxyType({}), **params: Any
    ) -> None:
        super().__init__(**params)
        self._model, self._additions = model, additions
        self._views: dict[str, View] = {}
        self.places = {address: pn.Column(**WIDE) for address in addresses()}
        self._show()

    def view(self, address: str) -> Any:
        """Return the ``View`` of that address, which is made where it was not yet."""
        if address not in self._views:
            kind = next(kind for kind in VIEWS if kind.address == address)
            add = self._additions.get(address)
            self._views[address] = kind.make(self._model, addition=add() if add else None)
            self.places[address].append(self._views[address])
        return self._views[address]

    @param.depends("shown", watch=True)
    def _show(self) -> None:
        for address, view in self._views.items():
            if address != self.shown:
                view.rest()
        self.view(self.shown).wake()
