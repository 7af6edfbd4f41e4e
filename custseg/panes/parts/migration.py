"""The same customers in a later table: who stayed, moved, left and came, and whether the segments still fit."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.change.migration import CAME, LEFT
from custseg.change.moves_in_short import moves_over_time
from custseg.change.who_changed import who_changed
from custseg.language import by_what_is_said, mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import CONTROL_STYLE, RUNS_STYLE, TEXT_STYLE
from custseg.panes.charts.flows import (
    MOST_LISTED,
    Flows,
    changes_file,
    draw_sankey,
    groups_of,
    matrix_html,
    moved_frame,
    moved_html,
    moved_table,
    without_empty,
)
from custseg.wording import capitalised, paragraphs_as_html

if TYPE_CHECKING:
    from custseg.change.category_drift import CategoryDrift
    from custseg.change.drift import Drift
    from custseg.change.migration import Migration
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_RUN_FIRST = mark(
    "Run the clustering first. Then a later table of the same customers shows who moved to another segment."
)
_NEXT = mark(
    "A later table of the same customers, with the same identifiers, shows who moved to another "
    "segment, who left, who came, and whether the segments still fit."
)
_IN_A_NOTEBOOK = mark(" Call <code>model.follow(table)</code>.")
_AMOUNTS = (mark("Customers"), mark("Spend before"), mark("Spend now"))
_TIMES = (mark("before"), mark("now"))
_MEDIANS = (mark("Median before"), mark("Median now"))
# Class and words for each shift.
_SHIFTS = {
    "stable": ("stable", mark("as before")),
    "some shift": ("some", mark("somewhat different")),
    "large shift": ("large", mark("very different")),
}


class CustomerMigration(Part):
    """What ``model.follow`` found."""

    customers: bool = param.Boolean(default=True, constant=True, doc="Whether to show single customers.")
    addition: pn.viewable.Viewer | None = param.Parameter(constant=True, doc="A place to drop a table, on a page.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [TEXT_STYLE, RUNS_STYLE]}
        self._text, self._more, self._matrix, self._drift, self._moved = (pn.pane.HTML("", **wide) for _ in range(5))
        self._amounts = pn.widgets.Select(
            label=say("Show"),
            options=by_what_is_said(dict(zip(_AMOUNTS, _AMOUNTS, strict=True))),
            width=210,
            margin=(4, 0, 8, 0),
            stylesheets=[CONTROL_STYLE],
        )
        plain: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        self._picture, self._list = pn.Column(**plain), pn.Column(**plain)
        above = [self._text, *([self.addition] if self.addition is not None else [])]
        self._details = pn.Column(visible=False, **plain)
        self._layout = pn.Column(*above, self._details, **plain)
        self._drawn: tuple[object, ...] = ()
        self._follow()
        self._amounts.param.watch(self._show_amounts, ["value"])
        self.watch(self._follow, "migration", "run", "names")

    def _follow(self, *_: frozenset[str]) -> None:
        migration, outcome = self.model.migration, self.model.outcome
        if (migration, outcome) == self._drawn:
            return
        self._drawn = (migration, outcome)
        if migration is not None and outcome is not None:
            with self.model.batch_updates():
                self._details.visible = True
                self._show(migration, outcome)
            return
        served = pn.state.curdoc is not None and pn.state.curdoc.session_context is not None
        self._text.object = (
            f"<p>{say(_RUN_FIRST) if outcome is None else say(_NEXT) + ('' if served else say(_IN_A_NOTEBOOK))}</p>"
        )
        self._details.param.update(visible=False, objects=[])
        self._picture.objects = self._list.objects = []

    def _show(self, migration: Migration, outcome: RunResult) -> None:
        names = outcome.words.names
        self._text.object = f'<p class="lead">{html.escape(moves_over_time(migration, names))}</p>'
        self._more.object = migration_html(migration)
        self._drift.object = drift_html(migration)
        with_spend = migration.spend_now is not None
        # Else what is chosen would be of money that isn't there.
        self._amounts.param.update(visible=with_spend, value=self._amounts.value if with_spend else _AMOUNTS[0])
        self._show_amounts()
        changed = migration.moved + migration.left + migration.came
        self._moved.object = moved_html(say("Who moved, left or came"), changed, say("Nobody moved, left or came"))
        self._details.objects = [
            self._more, self._amounts, self._matrix, self._picture, self._moved, self._list, self._drift,
        ]  # fmt: skip
        # Once the rest has its width: a table that is made with it would get columns of the least width.
        self.after_what_is_seen_first(self._show_list)

    def _show_list(self) -> None:
        migration, outcome = self.model.migration, self.model.outcome
        if migration is None or outcome is None or not self.customers:
            return
        names = outcome.words.names
        frame = moved_frame(who_changed(migration, names, MOST_LISTED), "later")
        save = changes_file(lambda: who_changed(migration, names), "changed_over_time.csv", self.model.downloads.record)
        with self.model.batch_updates():
            self._list.objects = [save, moved_table(frame)] if len(frame) else []

    def _show_amounts(self, *_: param.parameterized.Event) -> None:
        migration, outcome = self.model.migration, self.model.outcome
        if migration is None or outcome is None:
            return
        flows = flows_of(migration, outcome, self._amounts.value)
        figure = draw_sankey(flows)
        with self.model.batch_updates():
            self._matrix.object = matrix_html(flows)
            self._picture.objects = (
                [] if figure is None else [pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=0)]
            )


def flows_of(migration: Migration, outcome: RunResult, amounts: str) -> Flows:
    """Return where customers went, in customers or in what they spent before or spend now."""
    spend = {_AMOUNTS[1]: migration.spend_before, _AMOUNTS[2]: migration.spend_now}.get(amounts)
    matrix = migration.matrix if spend is None else spend
    what = _AMOUNTS[0] if spend is None else amounts
    return without_empty(
        Flows(matrix, groups_of(outcome, CAME), groups_of(outcome, LEFT), (say(_TIMES[0]), say(_TIMES[1])), say(what))
    )


def migration_html(migration: Migration) -> str:
    """Say where the customers are now, and why the segments may no longer fit."""
    texts = paragraphs_as_html(text for text in (migration.sentence, migration.spend_sentence) if text)
    warnings = "".join(f"<li>{html.escape(warning)}</li>" for warning in migration.warnings)
    return texts + (f'<ul class="warnings" aria-label="{say("Warnings")}">{warnings}</ul>' if warnings else "")


def drift_html(migration: Migration) -> str:
    """List the features and categories, each with a word for how far it has shifted; and what new segments would be."""
    changes = migration.changes
    rows = "".join(
        [_drift_row(drift, drift.medians) for drift in changes.drift]
        + [_drift_row(drift, drift.shares) for drift in changes.category_drift]
    )
    before, now = (
        (say("Median or share before"), say("Median or share now")) if changes.category_drift else map(say, _MEDIANS)
    )
    head = "".join(
        f'<th scope="col"{side}>{title}</th>'
        for title, side in (
            (say("Feature"), ""),
            (say("Customers now are"), ""),
            (say("Stability index (PSI)"), ' class="number"'),
            (before, ' class="number"'),
            (now, ' class="number"'),
        )
    )
    return (
        (
            f"<h3>{say('How far each feature has shifted')}</h3>"
            f'<div class="wide" tabindex="0" role="region" aria-label="{say("How far each feature has shifted")}">'
            f'<table class="drift"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
            '<p class="note">'
        )
        + say(
            "The population stability index is 0 if nothing changed. Up to 0.1, or what chance alone "
            "brings, counts as before; above 0.25 counts as very different."
        )
        + (
            f'</p><h3>{say("If segments were made anew")}</h3><p class="note">'
            f"{html.escape(' '.join(filter(None, (migration.refit_sentence, migration.drawn_sentence))))}</p>"
        )
    )


def _drift_row(drift: Drift | CategoryDrift, times: tuple[str, str]) -> str:
    name, word = _SHIFTS[drift.shift]
    word = say(word)
    numbers = (f"{drift.stability_index:.2f}", *times)
    cells = "".join(f'<td class="number">{html.escape(text)}</td>' for text in numbers)
    head = f'<th scope="row">{html.escape(capitalised(drift.label))}</th>'
    return f'<tr>{head}<td><span class="word {name}">{word}</span></td>{cells}</tr>'
