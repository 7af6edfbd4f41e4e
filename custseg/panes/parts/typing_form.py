"""Which segment a new customer would join: a few questions, the answer, how sure it is, and the questions as files."""

from __future__ import annotations

import html
from io import BytesIO
from typing import TYPE_CHECKING, Any

import panel as pn

from custseg.errors import DataError
from custseg.export.csv import write_frame
from custseg.insight.typing_tool import find_typing_tool
from custseg.language import mark, say, say_many
from custseg.panes.base.part import Part, session_document
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE, CUSTOMER_STYLE, SEGMENT_COLOURS, TEXT_STYLE
from custseg.session.background import LatestTask, SupersededError
from custseg.tables.written_values import unit_in_words, written
from custseg.wording import capitalised, percent, plain_label

if TYPE_CHECKING:
    import param

    from custseg.clustering.segmentation import Segmentation
    from custseg.insight.typing_tool import Answer, TypingForm, TypingTool
    from custseg.session.model import SegmentationModel
    from custseg.session.run_result import RunResult

_WIDE: dict[str, Any] = {"sizing_mode": "stretch_width", "margin": 0}
_STYLES = [TEXT_STYLE, CUSTOMER_STYLE]
_NOT_YET = mark("<p>Run the clustering first. A few questions then tell which segment a new customer would join.</p>")
_FINDING = mark("<p role='status'>The questions are being found ...</p>")
_NOT_KNOWN = mark("Not known")


class TypingQuestions(Part):
    """A form with the questions that are enough, or as many as somebody chooses."""

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        self._tool: TypingTool | None = None
        self._of: Segmentation | None = None
        # Nobody presses for them.
        self._finding = LatestTask()
        # Of the longest form that was asked for so far.
        self._made: list[Any] = []
        self._text, self._answer = (pn.pane.HTML("", stylesheets=_STYLES, **_WIDE) for _ in range(2))
        self._many = pn.widgets.Select(
            label=say("How many questions"), width=210, margin=(4, 0, 8, 0), stylesheets=[CONTROL_STYLE]
        )
        self._fields = pn.FlexBox(gap="4px 24px", **_WIDE)
        files = pn.FlexBox(self._file("txt"), self._file("csv"), gap="8px", **_WIDE | {"margin": (12, 0, 0, 0)})
        self._form = pn.Column(self._many, self._fields, self._answer, files, visible=False, **_WIDE)
        self._layout = pn.Column(self._text, self._form, **_WIDE)
        self._many.param.watch(self._ask, ["value"])
        self.watch(self._follow, "run", "names")
        self._follow()

    def _file(self, kind: str) -> pn.widgets.FileDownload:
        return pn.widgets.FileDownload(
            callback=lambda: self._contents(kind),
            filename=f"questions.{kind}",
            label=say("Download for a survey ({kind})", kind=say("text") if kind == "txt" else "CSV"),
            color="default",
            stylesheets=[BUTTON_STYLE],
            margin=0,
        )

    def _contents(self, kind: str) -> BytesIO:
        form, outcome, stream = self._chosen, self.model.outcome, BytesIO()
        if form is not None and outcome is not None:
            if kind == "txt":
                stream.write(form.survey.text(outcome.words.names).encode())
            else:
                write_frame(form.survey.frame(outcome.words.names), stream)
            # No customer is in it.
            self.model.downloads.record("survey questions", 0)
        stream.seek(0)
        return stream

    @property
    def _chosen(self) -> TypingForm | None:
        return None if self._tool is None else self._tool.forms[self._many.value - 1]

    def _follow(self, *_: frozenset[str]) -> None:
        result = self.model.result
        if result is self._of and result is not None:
            # Another name.
            self._place()
            return
        self._finding.supersede()
        self._of, self._tool = result, None
        if result is not None and session_document() is None:
            self._take(find_typing_tool(result))
            return
        with self.model.batch_updates():
            self._form.visible = False
            self._text.object = say(_NOT_YET if result is None else _FINDING)
        if result is not None:
            pn.state.execute(self._find_off_the_loop)

    async def _find_off_the_loop(self) -> None:
        """Find the questions in a thread, since it takes a while; those of a later result count alone."""
        result = self._of
        if result is None:
            return
        try:
            tool = await self._finding.compute(lambda _: find_typing_tool(result), unasked=True)
        except SupersededError:
            return
        self._take(tool)

    def _take(self, tool: TypingTool) -> None:
        with self.model.batch_updates():
            self._tool, self._made = tool, []
            self._form.visible = True
            self._many.param.update(options=_numbers(tool), value=tool.suggested)
            self._ask()

    def _ask(self, *_: param.parameterized.Event) -> None:
        """Show the fields of as many questions as are chosen; what was answered stays."""
        tool, form = self._tool, self._chosen
        if tool is None or form is None:
            return
        self._made += [self._field(form, place) for place in range(len(self._made), form.questions)]
        with self.model.batch_updates():
            self._fields.objects = self._made[: form.questions]
            self._text.object = told_html(tool, form)
            self._place()

    def _field(self, form: TypingForm, place: int) -> Any:
        column, levels = form.form.columns[place], form.form.levels(place)
        unit = unit_in_words(column)
        look: dict[str, Any] = {
            "label": plain_label(capitalised(form.form.labels[place]) + (f" ({unit})" if unit else "")),
            "width": 240,
            "margin": (4, 0),
            "stylesheets": [CONTROL_STYLE],
        }
        if levels:
            options = {plain_label(level): level for level in levels}
            if form.form.gaps_allowed:
                options = {say(_NOT_KNOWN): "", **options}
            field = pn.widgets.Select(options=options, **look)
        else:
            # Not a FloatInput, whose two buttons have no names.
            usual = form.form.segmentation.preparation.fill[form.form.positions[place]]
            field = pn.widgets.TextInput(
                placeholder=say("For example {column}", column=written(column, float(usual))), **look
            )
        field.param.watch(self._place, ["value"])
        return field

    def _place(self, *_: param.parameterized.Event) -> None:
        """Say where the customer belongs by what was answered so far."""
        form, outcome = self._chosen, self.model.outcome
        if form is None or outcome is None:
            return
        answers = {name: field.value for name, field in zip(form.columns, self._fields.objects, strict=False)}
        given = [value for value in answers.values() if value != ""]
        if not given:
            self._answer.object = f'<p class="note" role="status">{say("Answer the questions to see the segment.")}</p>'
            return
        try:
            answer = form.answer(answers)
        except DataError as problem:
            self._answer.object = f'<p class="note" role="status">{html.escape(str(problem))}</p>'
            return
        self._answer.object = answer_html(answer, outcome, form.questions - len(given))


def _numbers(tool: TypingTool) -> dict[str, int]:
    """Return how many questions can be chosen, with how often so many are right."""
    return {
        say("{questions} (right for {part})", questions=form.questions, part=percent(form.placed.part)): form.questions
        for form in tool.forms
    }


def told_html(tool: TypingTool, form: TypingForm) -> str:
    """Say how often the questions are right, and on what that rests."""
    base = say("Always naming the largest segment would be right for {part}.", part=percent(tool.base.part))
    survey = say(
        "As a survey with ranges to choose from and points to add up, they are right for {part} of them.",
        part=percent(form.by_survey.part),
    )
    note = f"{tool.note} {survey}"
    return f'<p>{html.escape(f"{form.sentence} {form.weakest} {base}")}</p><p class="note">{html.escape(note)}</p>'


def answer_html(answer: Answer, outcome: RunResult, unanswered: int) -> str:
    """Name the segment, and say how sure that is."""
    colour, name = (
        SEGMENT_COLOURS[outcome.slots[answer.segment - 1]],
        html.escape(outcome.words.names[answer.segment - 1]),
    )
    less, segment = "", answer.segment
    joined = say("This customer would join <b>segment {segment}</b> ({name}).", segment=segment, name=name)
    if unanswered:
        less = " " + say_many(
            "{quantity:,} question has no answer, so that this is less sure than is said here.",
            "{quantity:,} questions have no answer, so that this is less sure than is said here.",
            unanswered,
        )
    return (
        f'<p role="status" data-segment="{answer.segment}"><span class="dot" style="background:{colour}">'
        f"</span> {joined} {html.escape(answer.sureness + less)}</p>"
    )
