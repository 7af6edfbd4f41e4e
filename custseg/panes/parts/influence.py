"""How much each compared column decided the split, as bars beside the choice of columns."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.panes.base.style import INFLUENCE_STYLE, TEXT_STYLE
from custseg.panes.base.view import View
from custseg.wording import capitalised, count, percent

if TYPE_CHECKING:
    from custseg.clustering.influence import Influence
    from custseg.session.model import SegmentationModel
    from custseg.tables.schema import ColumnsByRole

_MOST_BARS = 8


class InfluenceBars(View):
    """A bar for each column of the last result; nothing before the first run."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML(
            "", visible=False, stylesheets=[TEXT_STYLE, INFLUENCE_STYLE], sizing_mode="stretch_width", margin=0
        )
        self._show()
        self.watch(self._show, "run", "table")

    def _show(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        bars = "" if outcome is None else influence_html(outcome.segmentation.influence, self.model.table)
        self._layout.param.update(object=bars, visible=bool(bars))


def influence_html(influence: Influence, schema: ColumnsByRole) -> str:
    """Return a bar for each of the columns that decided most, and a line on the others."""
    ranked = influence.ranked
    shown, others = ranked[:_MOST_BARS], ranked[_MOST_BARS:]
    bars = "".join(_bar(schema.label(name), share) for name, share in shown)
    rest = percent(sum(share for _, share in others))
    note = f'<p class="note">{count(len(others), "other column")} together: {rest}</p>' if others else ""
    return f"<h3>What set the segments apart</h3><dl>{bars}</dl>{note}"


def _bar(name: str, share: float) -> str:
    width = f"{share:.1%}"
    return (
        f"<dt>{html.escape(capitalised(name))}</dt><dd>{percent(share)}</dd>"
        f'<dd class="bar" aria-hidden="true"><i style="width:{width}"></i></dd>'
    )
