"""The choice of how many segments, with the number that is advised once it is known."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.display import batch_updates
from custseg.language import say
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, TEXT_STYLE
from custseg.settings import K_RANGE

if TYPE_CHECKING:
    import param

    from custseg.how_many.advice import Advice
    from custseg.session.model import SegmentationModel

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}


class NumberChoice(Part):
    """The slider, on which the advised number is marked, and why it is that; else a button that asks for it."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        # Bound by hand: what Panel makes of a parameter is kept by the model for good.
        self._slider = pn.widgets.IntSlider(
            label=say("Number of segments"),
            start=K_RANGE[0],
            end=K_RANGE[1],
            value=model.k,
            stylesheets=[CONTROL_STYLE],
            css_classes=["segment-number"],
            **_WIDE | {"margin": (0, 0, 8, 0)},
        )
        self._advice = pn.pane.HTML("", stylesheets=[TEXT_STYLE], **_WIDE)
        self._ask = pn.widgets.Button(
            label=say("Which number fits?"), stylesheets=[BUTTON_STYLE], css_classes=["quiet"], margin=0
        )
        self._layout = pn.Column(
            self._slider, self._advice, self._ask, **_WIDE | {"margin": (0, 0, 10, 0), "min_height": 78}
        )
        self._slider.param.watch(self._read, ["value"])
        self._ask.on_click(lambda _: model.param.trigger("suggest"))
        self.watch(self._show_k, "k")
        self.watch(self._show_advice, "advice", "current_k")
        self._show_advice()

    def _read(self, event: param.parameterized.Event) -> None:
        with batch_updates():
            self.model.k = event.new

    def _show_k(self, _: frozenset[str]) -> None:
        self._slider.value = self.model.k

    def _show_advice(self, *_: frozenset[str]) -> None:
        advice, looking = self.model.advice, self.model.current_k is not None
        mark = {} if advice is None else {"--custseg-advised": f"{_share(advice.suggested):.1%}"}
        self._slider.param.update(styles=mark, css_classes=["segment-number", *(["advised"] if mark else [])])
        text = _looking() if looking else "" if advice is None else _advice_html(advice)
        self._advice.param.update(object=text, visible=bool(text))
        self._ask.visible = not text


def _share(k: int) -> float:
    """Return how far along the slider a number stands."""
    return (k - K_RANGE[0]) / (K_RANGE[1] - K_RANGE[0])


def _looking() -> str:
    return f'<p class="note">{say("Finding out which number fits ...")}</p>'


def _advice_html(advice: Advice) -> str:
    although = "" if advice.natural_groups else say(", though there are no natural groups")
    summary = (
        f"<summary>{say('{suggested} is advised{although}', suggested=advice.suggested, although=although)}</summary>"
    )
    return f'<details class="note">{summary}<p class="note">{html.escape(advice.reason)}</p></details>'
