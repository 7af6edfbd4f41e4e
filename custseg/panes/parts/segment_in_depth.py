"""One segment in depth: which one, what is known of it, and its customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.insight.typical import find_typical
from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import (
    BUTTON_STYLE,
    CHARTS_STYLE,
    PICKER_STYLE,
    SEGMENT_COLOURS,
    SEGMENT_STYLE,
    TEXT_STYLE,
    WORDS_STYLE,
)
from custseg.panes.charts.chart_tables import medians_table
from custseg.panes.charts.distributions import Distributions
from custseg.panes.parts.chart_captions import table_html
from custseg.panes.parts.segment_text import story_html, typical_html
from custseg.panes.parts.segment_words import SegmentWords
from custseg.panes.parts.share_bars import categories_html, outcomes_html
from custseg.wording import plain_label

if TYPE_CHECKING:
    import param

    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

MOST_FEATURES, _MOST_TYPICAL = 12, 3
# What is found out bit by bit is in the words alone.
_OF_THE_STORY = frozenset({"assessment", "assessing", "multiverse"})
_NOT_YET = mark("<p>Run the clustering first. Then one segment at a time is looked at closely here.</p>")
_SOON = mark('<p role="status">What is known of each segment is being put together ...</p>')
_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
_COLUMNS = "repeat(auto-fit, minmax(min(100%, max(400px, 40%)), 1fr))"
_GRID = {"display": "grid", "grid-template-columns": _COLUMNS, "gap": "8px 36px", "align-items": "start"}
_NARROW = {"min-width": "0"}
# The page turns to the view of that address; in a notebook the script of the explorer goes by the class.
_TURN = "if (document.querySelector('[data-view=customers]')) location.hash = 'customers'"
_CAPTION = mark(
    '<h3>Where its customers are, beside everyone</h3><p class="note">Coloured: this segment. Grey: '
    "all customers. The line is the median customer here, whose number stands on the right; the "
    "dashed line that of everyone.</p>"
)
_HOW = mark(
    "All hills are equally high: they show where customers are, not how many. Each row has an "
    "axis of its own, from the least to the largest; where a few customers are far above the "
    "rest, it is logarithmic."
)


class SegmentInDepth(Part):
    """A picker of segments, and below it all that is known of the one that the model looks at."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._hint = self._pane(say(_NOT_YET))
        self._layout = pn.Column(self._hint, **_WIDE)
        self._body: pn.Column | None = None
        self._setting = False
        self.watch(self._follow, "run", "names", "assessment", "assessing", "multiverse", "focused_slot", "table")
        self._follow()

    @staticmethod
    def _pane(content: str = "") -> pn.pane.HTML:
        sheets = [TEXT_STYLE, WORDS_STYLE, CHARTS_STYLE, SEGMENT_STYLE]
        return pn.pane.HTML(content, stylesheets=sheets, **_WIDE)

    def _follow(self, changed: frozenset[str] = frozenset()) -> None:
        there = self.model.outcome is not None
        self._hint.object = say(_SOON) if there else say(_NOT_YET)
        self._hint.visible = not there or self._body is None
        if self._body is not None and changed and changed <= _OF_THE_STORY:
            self._tell()
        elif self._body is not None:
            self._body.visible = there
            self._show()
        elif there:
            self.after_what_is_seen_first(self._make)

    def _make(self) -> None:
        if self._body is not None or self.model.outcome is None:
            return
        self._picker = pn.widgets.RadioBoxGroup(
            label=say("Segment"), inline=True, stylesheets=[PICKER_STYLE], css_classes=["picker"], **_WIDE
        )
        self._drawing = Distributions()
        self._story, self._behind, self._shares, self._typical = (self._pane() for _ in range(4))
        self._customers = [self._button(self._look_at, position) for position in range(_MOST_TYPICAL)]
        self._list = self._button(self._list_customers)
        self._list.label = say("List these customers")
        self._words = SegmentWords(self.model, attention=self.attention)
        self._plot = pn.pane.Bokeh(self._drawing.figure, **_WIDE)
        self._body = self._lay_out()
        self._show()
        self._picker.param.watch(self._pick, ["value"])
        self._hint.visible = False
        self._layout.append(self._body)

    def _lay_out(self) -> pn.Column:
        buttons = pn.FlexBox(*self._customers, self._list, gap="6px", sizing_mode="stretch_width", margin=(6, 0, 12, 0))
        left = pn.Column(self._story, self._typical, buttons, self._words, styles=_NARROW, **_WIDE)
        right = pn.Column(self._pane(say(_CAPTION)), self._plot, self._behind, self._shares, styles=_NARROW, **_WIDE)
        return pn.Column(self._picker, pn.Column(left, right, styles=_GRID, **_WIDE), **_WIDE)

    def _button(self, press: Any, *arguments: int) -> pn.widgets.Button:
        button = pn.widgets.Button(
            label="-", css_classes=["named", "to-customers"], stylesheets=[BUTTON_STYLE], margin=0
        )
        button.on_click(lambda _: press(*arguments))
        button.js_on_click(code=_TURN)
        return button

    def _show(self) -> None:
        outcome, segment = self.model.outcome, self.model.focused_segment
        if outcome is None or segment is None:
            return
        with self.model.batch_updates():
            self._offer(outcome, segment)
            self._tell()
            self._draw(outcome, segment)
            shares = outcomes_html(outcome.profile.outcomes, segment)
            shares += categories_html(outcome.profile.associations, segment)
            colour = SEGMENT_COLOURS[outcome.slots[segment - 1]]
            self._shares.object = f'<div style="--colour:{colour}">{shares}</div>' if shares else ""
            self._show_typical(outcome, segment)
        pn.io.push_notebook(self._plot)

    def _tell(self) -> None:
        outcome, segment = self.model.outcome, self.model.focused_segment
        if outcome is not None and segment is not None:
            self._story.object = story_html(
                outcome, segment, assessing=self.model.assessing, multiverse=self.model.multiverse
            )

    def _offer(self, outcome: RunResult, segment: int) -> None:
        names = [plain_label(f"{number} {name}") for number, name in enumerate(outcome.words.names, start=1)]
        options = {name: number for number, name in enumerate(names, start=1)}
        self._picker.styles = {f"--c{at}": SEGMENT_COLOURS[slot] for at, slot in enumerate(outcome.slots, start=1)}
        self._setting = True
        try:
            self._picker.param.update(options=options, value=segment)
        finally:
            self._setting = False

    def _draw(self, outcome: RunResult, segment: int) -> None:
        groups, group = outcome.groups, outcome.groups.segments[segment - 1]
        # Those that set this segment apart come first.
        positions = sorted(range(len(group.scores)), key=lambda at: -abs(float(group.scores[at])))[:MOST_FEATURES]
        self._drawing.show(groups, group, positions, SEGMENT_COLOURS[outcome.slots[segment - 1]])
        more = len(group.scores) - len(positions)
        left_out = (
            say(
                " Shown: the {MOST_FEATURES} features in which it is furthest from average.",
                MOST_FEATURES=MOST_FEATURES,
            )
            if more
            else ""
        )
        table = table_html(medians_table(groups, group, positions))
        self._behind.object = (
            f"<details><summary>{say('How to read this')}</summary><p>{say(_HOW)}{left_out}</p></details><details>"
            f"<summary>{say('Show as a table')}</summary>{table}</details>"
        )

    def _show_typical(self, outcome: RunResult, segment: int) -> None:
        typical = find_typical(outcome.segmentation, segment, _MOST_TYPICAL)
        self._typical.object = typical_html(typical, outcome, segment)
        self._who = typical.identifiers
        for position, button in enumerate(self._customers):
            there = position < len(self._who)
            button.param.update(
                label=say("Look at {who}", who=plain_label(self._who[position])) if there else "-", visible=there
            )

    def _pick(self, event: param.parameterized.Event) -> None:
        if not self._setting and event.new is not None:
            self.model.focus_segment(event.new)

    def _look_at(self, position: int) -> None:
        if position < len(self._who):
            with self.model.batch_updates():
                self.model.focused_customer = self._who[position]

    def _list_customers(self) -> None:
        segment = self.model.focused_segment
        if segment is not None:
            with self.model.batch_updates():
                self.model.select_segment(segment)
