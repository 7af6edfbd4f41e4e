"""How much each compared column decided the split, as bars beside the choice of columns."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np
import panel as pn

from custseg.export.summary_columns import NO_VALUE
from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import INFLUENCE_STYLE, TEXT_STYLE
from custseg.wording import capitalised, count, fixed, percent

if TYPE_CHECKING:
    from custseg.clustering.influence import Influence
    from custseg.session.model import SegmentationModel
    from custseg.tables.schema import ColumnsByRole

_MOST_BARS = 8
_BEFORE_A_RUN = mark("Run the clustering first. Then this shows how much each column decided.")


class InfluenceBars(Part):
    """A bar for each column of the last result."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML(
            "", stylesheets=[TEXT_STYLE, INFLUENCE_STYLE], sizing_mode="stretch_width", margin=0
        )
        self._show()
        self.watch(self._show, "run", "table", "assessment")

    def _show(self, *_: frozenset[str]) -> None:
        outcome = self.model.outcome
        self._layout.object = (
            f"<p>{say(_BEFORE_A_RUN)}</p>" if outcome is None else influence_html(outcome.influence, self.model.table)
        )


def influence_html(influence: Influence, schema: ColumnsByRole) -> str:
    """Return bars for each of the columns that decided most, a line on the others, and a warning where one decides all.

    The first bar is a column's share; the second, where it was found, how alike the segments would be without it.
    """
    ranked = influence.ranked
    shown, others = ranked[:_MOST_BARS], ranked[_MOST_BARS:]
    bars = "".join(_bar(schema.label(name), share) + _without(influence, name) for name, share in shown)
    rest = percent(sum(share for _, share in others))
    note = (
        (
            '<p class="note">'
            f"{say('{others} together: {rest}', others=count(len(others), 'other column'), rest=rest)}</p>"
        )
        if others
        else ""
    )
    warning = influence.warn(schema)
    warning = f'<p class="warning">{html.escape(warning)}</p>' if warning else ""
    return f"{warning}<dl>{bars}</dl>{note}{_meaning(influence)}"


def _bar(name: str, share: float) -> str:
    return (
        f"<dt>{html.escape(capitalised(name))}</dt><dd>{percent(share)}</dd>"
        f'<dd class="bar" aria-hidden="true"><i style="width:{share:.1%}"></i></dd>'
    )


def _without(influence: Influence, name: str) -> str:
    """Return the bar of how alike segments without a column would be; none where that was not found."""
    if influence.without is None or len(influence.columns) == 1:
        return ""
    agreement = float(influence.without[influence.columns.index(name)])
    text = NO_VALUE if np.isnan(agreement) else fixed(agreement, 2)
    width = f"{max(np.nan_to_num(agreement), 0):.1%}"
    return (
        f'<dt class="without">{say("Without it")}</dt><dd class="without">{text}</dd>'
        f'<dd class="bar without" aria-hidden="true"><i style="width:{width}"></i></dd>'
    )


def _meaning(influence: Influence) -> str:
    if influence.without is None or len(influence.columns) == 1:
        return ""
    of = (
        ""
        if influence.drawn_from >= influence.customers
        else say(", of {drawn_from:,} customers at random", drawn_from=influence.drawn_from)
    )
    return (
        '<p class="note">'
        + say(
            "Without it: how alike these segments and those found as if the column did not exist are "
            "(adjusted Rand index; 1 is the same, 0 is chance{of}).",
            of=of,
        )
        + "</p>"
    )
