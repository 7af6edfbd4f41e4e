"""The runs in this session: what each was, one click back to any of them, and what changed between two."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd
import panel as pn
import param

from custseg.change.moves_in_short import moves_between_runs
from custseg.change.who_changed import who_moved
from custseg.clustering.recipe import AUTO
from custseg.errors import DataError, SettingError
from custseg.language import mark, say, say_each
from custseg.panes.base.numbers import cell_numbers
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, RUNS_STYLE, TABLE_STYLE, TEXT_STYLE
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
from custseg.panes.tables.cells import tabulator, unseen
from custseg.session.run_history import MOST_RUNS
from custseg.wording import count, paragraphs_as_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.change.comparison import Comparison
    from custseg.clustering.recipe import Recipe
    from custseg.clustering.segmentation import Segmentation
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_NOT_YET = mark("No run yet. Each run is listed here, so that you can return to it and compare it with another.")
_FIRST = mark("To compare two runs, change a setting and run the clustering again.")
_MOST = mark("Only the last {runs} runs are kept: the next run replaces the oldest.")
_TITLES = {
    "run_number": mark("Run"),
    "run_shown": "",
    "run_time": mark("Time"),
    "run_k": mark("Segments"),
    "run_seed": mark("Seed"),
    "run_features": mark("Features"),
    "run_preparation": mark("Preparation"),
    "run_silhouette": mark("Silhouette"),
    "run_seconds": mark("Seconds"),
    "run_return": "",
}
_WIDTHS = {
    "run_number": 56, "run_shown": 72, "run_time": 84, "run_k": 84, "run_seed": 84, "run_silhouette": 88,
    "run_seconds": 80, "run_return": 84,
}  # fmt: skip
_UNSEEN = {"run_shown": mark("Shown"), "run_return": mark("Return")}
_INCOMPLETE = {"median": "", "nearest": mark("gaps filled from similar customers"), "drop": mark("incomplete left out")}
_SCALED = {
    "standard": mark("standardised"),
    "robust": mark("scaled by quartiles"),
    "minmax": mark("from 0 to 1"),
    "none": mark("not scaled"),
}
_RETURN = '<button type="button" class="return">Return</button>'
_BUTTON_IN_ROW = (
    ".return { font: inherit; font-size: 13px; padding: 3px 10px; border-radius: 8px; cursor: pointer; "
    "border: 1px solid var(--custseg-line, #9aa4b2); background: var(--custseg-panel, transparent); "
    "color: var(--custseg-ink, inherit); } "
    ".return:focus-visible { outline: 2px solid var(--custseg-accent, #005a96); }"
)


class RunHistoryPart(Part):
    """A table of the runs, a way back to each, and a comparison of two: of the last two, until others are chosen."""

    static: bool = param.Boolean(default=False, constant=True, doc="Whether to leave out what needs a running Python.")
    customers: bool = param.Boolean(default=True, constant=True, doc="Whether to show single customers.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
        select: dict[str, Any] = {"width": 210, "margin": (0, 0, 8, 0), "stylesheets": [CONTROL_STYLE]}
        self._drawn: tuple[object, ...] = ()
        self._listed: list[int] = []
        self._text = pn.pane.HTML("", stylesheets=[TEXT_STYLE, RUNS_STYLE], **wide)
        self._problem = pn.pane.HTML("", stylesheets=[TEXT_STYLE], visible=False, **wide)
        self._table = _history_table(history_frame((), None))
        self._table.hidden_columns = ["run_return"] if self.static else []
        self._table.on_click(self._pick)
        self._before, self._after = (
            pn.widgets.Select(label=label, **select) for label in (say("Compare run"), say("with run"))
        )
        go = pn.widgets.Button(label=say("Compare"), margin=(0, 0, 12, 0), stylesheets=[BUTTON_STYLE], align="end")
        go.on_click(lambda _: self._try(lambda: self.model.compare_runs(self._before.value, self._after.value)))
        self._pair = pn.FlexBox(
            self._before, self._after, go, gap="0 12px", align_items="flex-end", **wide | {"margin": (12, 0, 0, 0)}
        )
        self._compared = ComparedRuns(model.downloads.record, customers=self.customers)
        # What somebody compared before is not taken away.
        self._newest = 0 if model.compared is None else max(run.number for run in model.history)
        self._follow()
        self._layout = pn.Column(
            self._text, self._problem, self._table, self._pair, self._compared.layout, sizing_mode="stretch_width",
            margin=0,
        )  # fmt: skip
        self.watch(self._follow, "run", "names", "table")
        self.watch(self._show_compared, "compared")

    def _follow(self, *_: frozenset[str]) -> None:
        model, runs = self.model, self.model.history
        self._table.visible = bool(runs)
        self._pair.visible = len(runs) > 1
        if runs:
            self._table.value = history_frame(runs, model.outcome)
        self._offer()
        self._say("")
        if len(runs) > 1 and (runs[-1].number != self._newest or model.compared is None):
            self._newest = runs[-1].number
            self._try(lambda: model.compare_runs(runs[-2].number, runs[-1].number))
        self._show_compared()

    def _tell(self, lead: str) -> None:
        """Say what the last two runs come to, or what there is to do."""
        runs = self.model.history
        text = say(_NOT_YET) if not runs else say(_FIRST) if len(runs) == 1 else ""
        most = f"<p>{say(_MOST, runs=MOST_RUNS)}</p>" if len(runs) == MOST_RUNS else ""
        self._text.object = f'<p class="lead">{html.escape(lead)}</p>{most}' if lead else f"<p>{text}</p>{most}"

    def _offer(self) -> None:
        """Offer the runs that are kept to be compared, the last two first."""
        runs = self.model.history
        numbers = [run.number for run in reversed(runs)]
        if numbers != self._listed:
            options = {f"{run.number}: {count(run.segmentation.k, 'segment')}": run.number for run in reversed(runs)}
            newest, before = (*numbers, None, None)[:2]
            self._listed = numbers
            self._before.param.update(options=options, value=before or newest)
            self._after.param.update(options=options, value=newest)

    def _pick(self, event: Any) -> None:
        if event.column == "run_return":
            self._try(lambda: self.model.return_to(self._listed[event.row]))

    def _try(self, action: Callable[[], object]) -> None:
        self._say("")
        try:
            action()
        except (DataError, SettingError) as problem:
            self._say(str(problem))

    def _say(self, problem: str) -> None:
        text = f'<p class="problem" role="alert">{html.escape(problem)}</p>' if problem else ""
        self._problem.param.update(object=text, visible=bool(problem))

    def _show_compared(self, *_: frozenset[str]) -> None:
        """Show what was compared for as long as both runs are kept; draw it anew only where it or a name changed."""
        comparison, runs = self.model.compared, self.model.history
        pair = [next((run for run in runs if run.segmentation is result), None) for result in _both(comparison)]
        wanted = (comparison, *pair)
        if wanted == self._drawn and comparison is not None:
            return
        self._drawn = wanted
        before, after = (*pair, None, None)[:2]
        if comparison is None or before is None or after is None:
            self._compared.hide()
            self._tell("")
        else:
            with self.model.batch_updates():
                self._compared.show(comparison, before, after)
                # It takes as long as all the rest of the view, and lies below.
                self.after_what_is_seen_first(self._draw_compared)
                names = before.words.names, after.words.names
                moves = moves_between_runs(comparison, *names)
                self._tell(
                    say(
                        "From run {before} to run {after}, {moves}",
                        before=before.number,
                        after=after.number,
                        moves=f"{moves[0].lower()}{moves[1:]}",
                    )
                )

    def _draw_compared(self) -> None:
        with self.model.batch_updates():
            self._compared.draw()


def _both(comparison: Comparison | None) -> tuple[object, ...]:
    return () if comparison is None else (comparison.before, comparison.after)


class ComparedRuns:
    """What became of the segments of one run in another: in words, as a table, as a picture, and who moved."""

    def __init__(self, record: Callable[[str, int, int], None], *, customers: bool = True) -> None:
        self._customers, self._record = customers, record
        wide: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0, "stylesheets": [TEXT_STYLE, RUNS_STYLE]}
        self._text, self._moved = pn.pane.HTML("", **wide), pn.pane.HTML("", **wide)
        self.layout = pn.Column(visible=False, sizing_mode="stretch_width", margin=0, css_classes=["compared"])
        self._to_draw: tuple[Comparison, RunResult, RunResult] | None = None

    def hide(self) -> None:
        """Forget what is shown."""
        self._to_draw = None
        self.layout.param.update(visible=False, objects=[])

    def show(self, comparison: Comparison, before: RunResult, after: RunResult) -> None:
        """Show a comparison of two runs in words; ``draw`` adds the picture and the list."""
        self._to_draw = comparison, before, after
        flows = _flows(comparison, before, after)
        sentences = filter(None, (comparison.sentence, comparison.numbering, *comparison.changes))
        self._text.object = (
            f"<h3>{say('From run {number} to run {number_2}', number=before.number, number_2=after.number)}</h3>"
            f"{paragraphs_as_html(sentences)}{matrix_html(flows)}"
        )
        # First, so that the figure is laid out where it has its width.
        self.layout.param.update(visible=True, objects=[self._text])

    def draw(self) -> None:
        """Draw what is shown, and list who moved, where that was not done yet."""
        if self._to_draw is None:
            return
        (comparison, before, after), self._to_draw = self._to_draw, None
        names, figure = (before.words.names, after.words.names), draw_sankey(_flows(comparison, before, after))
        frame = moved_frame(who_moved(comparison, *names, most=MOST_LISTED), "moved")
        self._moved.object = moved_html(
            say("Who is in another segment"), comparison.moved, say("Nobody is in another segment")
        )
        filename = f"changed_from_run_{before.number}_to_{after.number}.csv"
        save = changes_file(lambda: who_moved(comparison, *names), filename, self._record)
        self.layout.objects = [
            self._text,
            *([pn.pane.Bokeh(figure, sizing_mode="stretch_width", margin=0)] if figure is not None else []),
            self._moved,
            *([save, moved_table(frame)] if len(frame) and self._customers else []),
        ]


def _flows(comparison: Comparison, before: RunResult, after: RunResult) -> Flows:
    times = say("run {number}", number=before.number), say("run {number}", number=after.number)
    return without_empty(Flows(comparison.matrix, groups_of(before), groups_of(after), times))


def history_frame(runs: tuple[RunResult, ...], shown: RunResult | None) -> pd.DataFrame:
    """Return one row a run, the newest first. Names of columns are internal."""
    rows = [
        (
            run.number,
            say("shown") if shown is not None and run.number == shown.number else "",
            f"{run.finished:%H:%M:%S}",
            run.segmentation.k,
            str(run.segmentation.seed) if run.segmentation.seeded else "random",
            _compared(run.segmentation),
            preparation_in_short(run.segmentation.preparation.recipe),
            run.profile.silhouette,
            run.seconds,
            "" if shown is not None and run.number == shown.number else _RETURN,
        )
        for run in reversed(runs)
    ]
    return pd.DataFrame(rows, columns=list(_TITLES)).astype(object)


def _compared(result: Segmentation) -> str:
    columns = *result.features, *result.categories
    return f"{len(columns)}: {', '.join(map(result.schema.label, columns))}"


def preparation_in_short(recipe: Recipe) -> str:
    """Say in a few words how features were made comparable."""
    evened_out = (
        say("evened out")
        if recipe.log == AUTO
        else say("{count} evened out", count=len(recipe.log))
        if recipe.log
        else ""
    )
    parts = [
        say(_SCALED[recipe.scaling]),
        evened_out,
        say("outliers moved in") if recipe.winsorise else "",
        say("exceptional set apart") if recipe.exceptional is not None else "",
        say("farthest {trim:.1%} set apart", trim=recipe.trim) if recipe.trim else "",
        say(_INCOMPLETE[recipe.missing]),
        "weighted" if recipe.weights else "",
        say("segments of any shape") if recipe.method == "mixture" else "",
    ]
    return ", ".join(part for part in parts if part)


def _history_table(frame: pd.DataFrame) -> pn.widgets.Tabulator:
    return tabulator(
        frame,
        {**say_each(_TITLES), **{key: unseen(say(title)) for key, title in _UNSEEN.items()}},
        {
            "columnDefaults": {"headerSort": False, "minWidth": 56},
            "columns": [{"field": field, "minWidth": 150} for field in ("run_features", "run_preparation")],
            "renderVertical": "basic",
        },
        right=("run_number", "run_k", "run_silhouette", "run_seconds"),
        frozen_columns=["run_number"],
        widths=_WIDTHS,
        formatters={
            "run_features": {"type": "textarea"},
            "run_preparation": {"type": "textarea"},
            # Markup of our own; names of features are in the column that shows them as text.
            "run_return": {"type": "html"},
            "run_silhouette": cell_numbers("0.00", "-"),
            "run_seconds": cell_numbers("0.00"),
        },
        visible=False,
        stylesheets=[TABLE_STYLE, _BUTTON_IN_ROW],
        css_classes=["history"],
    )
