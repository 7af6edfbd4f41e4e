"""What was run and how long it took, whether that is still what the settings say, and what went wrong."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import ALERT_STYLE, STATUS_STYLE
from custseg.wording import count

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

STALE = mark("Settings changed since this run")


def describe_run(outcome: RunResult) -> str:
    """Return one line on a run: its number, what was run, and how long that took."""
    result = outcome.segmentation
    seed = (
        say("seed {seed}", seed=result.seed) if result.seeded else say("random start (seed {seed})", seed=result.seed)
    )
    customers = count(int(result.sizes.sum()), "customer")
    outside = [say("{set_apart:,} set apart", set_apart=result.set_apart)] if result.set_apart else []
    outside += [say("{left_out:,} left out", left_out=result.left_out)] if result.left_out else []
    customers += f" ({', '.join(outside)})" if outside else ""
    return say(
        "Run {number}: {k} segments of {customers}, {seed}, {took}",
        number=outcome.number,
        k=result.k,
        customers=customers,
        seed=seed,
        took=say("found before") if outcome.recalled else _took(outcome.seconds),
    )


def _took(seconds: float) -> str:
    if seconds < 1:
        return say("{milliseconds:,.0f}\u00a0ms", milliseconds=1000 * seconds)
    return say("{seconds:,.1f}\u00a0s", seconds=seconds)


class Status(Part):
    """The status line (CSS class ``run-status``, for people and measurements) and the stale badge.

    Make it after the views of the result: watchers are called in order, so its line is sent after theirs.
    """

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._doing = ""
        self._layout = pn.pane.HTML(self._html(), stylesheets=[STATUS_STYLE], sizing_mode="stretch_width", margin=0)
        self.watch(self._refresh, "run", "stale", "running", "table")

    def _refresh(self, changed: frozenset[str]) -> None:
        model = self.model
        if "running" in changed:
            # As it was when the run began; the settings may be changed while it goes on.
            self._doing = say(
                "Running: {k} of {count} ...", k=count(model.k, "segment"), count=count(len(model.table), "customer")
            )
        self._layout.object = self._html()

    def _html(self) -> str:
        model = self.model
        text = say("Not run yet") if model.outcome is None else describe_run(model.outcome)
        if model.running:
            text = self._doing
        badge = f'<span class="badge">{say(STALE)}</span>' if model.stale and not model.running else ""
        return f'<div class="line"><span class="run-status" role="status">{html.escape(text)}</span>{badge}</div>'


def alert_pane(problem: str) -> pn.pane.HTML:
    """Return an alert with that sentence; invisible where it is empty."""
    return pn.pane.HTML(
        _alert(problem), visible=bool(problem), stylesheets=[ALERT_STYLE], sizing_mode="stretch_width", margin=0
    )


def _alert(problem: str) -> str:
    return f'<p class="alert" role="alert">{html.escape(problem)}</p>'


class Problem(Part):
    """What went wrong, in a sentence; nothing where all is well."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._layout = alert_pane(model.error or "")
        self.watch(self._refresh, "error")

    def _refresh(self, _: frozenset[str]) -> None:
        problem = self.model.error or ""
        self._layout.param.update(object=_alert(problem), visible=bool(problem))
