"""The key figures in a row: customers, segments, total spend, silhouette."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say, written
from custseg.panes.base.part import Part
from custseg.panes.base.style import CARD_STYLE
from custseg.tables.expressions import Total
from custseg.wording import join_words, number

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel

_MOST_NAMED = 3
# Kaufman and Rousseeuw, "Finding Groups in Data" (1990), table 4 of chapter 2.
_SEPARATION = (
    (0.7, mark("strongly separated")),
    (0.5, mark("clearly separated")),
    (0.25, mark("weakly separated")),
    (-1.0, mark("hardly separated")),
)


def _large(value: float) -> str:
    """Write a number so that it fits on a card of a phone."""
    for size, word in ((1e12, mark("{number:,.1f} trillion")), (1e9, mark("{number:,.1f} billion"))):
        if abs(value) >= size:
            return say(word, number=value / size)
    return number(value)


def _added_up(names: tuple[str, ...]) -> str:
    """Say what total spend is the sum of."""
    if len(names) == 1:
        return "" if names[0].lower() == say("total spend").lower() else names[0]
    if len(names) > _MOST_NAMED:
        names = (*names[: _MOST_NAMED - 1], say("{names} more", names=len(names) - _MOST_NAMED + 1))
    return say("{names} together", names=join_words(list(names)))


class KeyFigures(Part):
    """Up to four numbers at a glance: two of the table, and once there is a result two of that."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = pn.pane.HTML(self._html(), stylesheets=[CARD_STYLE], sizing_mode="stretch_width", margin=0)
        self.watch(self._refresh, "run", "table")

    def _refresh(self, _: frozenset[str]) -> None:
        self._layout.object = self._html()

    def _html(self) -> str:
        cards = [
            f'<div class="card"><dt>{html.escape(title)}</dt><dd><b>{html.escape(value)}</b> '
            f"<small>{html.escape(note)}</small></dd></div>"
            for title, value, note in self._figures()
        ]
        return f'<dl class="cards">{"".join(cards)}</dl>'

    def _spend(self, money: tuple[str, ...]) -> str:
        """Write what all customers spend, which is the same in each run and session."""
        table = self.model.table

        def add_up() -> str:
            sums = table.customers.aggregate([Total(name) for name in money])
            return _large(sum(float(sums[Total(name)]) for name in money))

        return table.kept.get(("spend", money), add_up)

    def _figures(self) -> list[tuple[str, str, str]]:
        table, profile = self.model.table, self.model.profile
        figures = [(say("Customers"), written(len(table), ","), "")]
        if profile is not None:
            figures.append((say("Segments"), str(profile.segmentation.k), ""))
        money = table.money(table.features)
        if money:
            units = {table.unit(feature) for feature in money}
            unit = units.pop() if len(units) == 1 else ""
            figures.append(
                (
                    say("Total spend"),
                    self._spend(money),
                    unit or _added_up(tuple(map(table.label, money))),
                )
            )
        if profile is not None:
            verdict = next(say(words) for least, words in _SEPARATION if profile.silhouette >= least)
            note = verdict
            if profile.silhouette_customers < int(profile.sizes.sum()):
                note += say(" ({customers:,} sampled)", customers=profile.silhouette_customers)
            figures.append((say("Silhouette"), written(profile.silhouette, ".2f"), note))
        return figures
