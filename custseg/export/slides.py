"""Slides whose text fits and whose charts are PowerPoint's own; all text may come from a table."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.util import Emu, Inches, Pt

from custseg.export.csv import looks_like_a_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import BinaryIO

    from pptx.chart.chart import Chart
    from pptx.text.text import TextFrame

# In inches: the slide, and what stays free at its edges.
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
_TITLE_HEIGHT = 1.0
BODY = MARGIN + _TITLE_HEIGHT + 0.15
FOOT = HEIGHT - 0.4

_INK, _GREY = "1F2933", "52606D"
_SIZES = (20, 18, 16, 14, 12)
# Of a letter's height: how wide letters are on the whole, and how far lines are apart. Rather too much than too little.
_LETTER, _LINE, _AFTER = 0.56, 1.25, 0.4
_POINTS = 72
# A sheet would take these for an address, as it would “=” for a formula.
_ADDRESS = re.compile(r"[a-z]+:", re.IGNORECASE)


class Slides:
    """A presentation that grows slide by slide."""

    def __init__(self, title: str) -> None:
        self._made = Presentation()
        self._made.slide_width, self._made.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self._made.core_properties.title = one_line(title)
        self._made.core_properties.author = "custseg"
        self._slide: Any = None

    def begin(self, title: str, colour: str = _INK) -> None:
        """Begin a slide with a title, below which stands a line of this colour."""
        # The layout that has a title alone, which readers of a screen list slides by.
        self._slide = self._made.slides.add_slide(self._made.slide_layouts[5])
        shape = self._slide.shapes.title
        shape.left, shape.top = Inches(MARGIN), Inches(MARGIN - 0.2)
        shape.width, shape.height = Inches(WIDTH - 2 * MARGIN), Inches(_TITLE_HEIGHT)
        _fill(shape.text_frame, [title], shape.width, shape.height, sizes=(30, 26, 22, 18), bold=True)
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        rule = self._slide.shapes.add_shape(
            MSO_SHAPE.RECTANGLE,
            Inches(MARGIN),
            Inches(MARGIN + _TITLE_HEIGHT - 0.18),
            Inches(WIDTH - 2 * MARGIN),
            Inches(0.05),
        )
        rule.fill.solid()
        rule.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        rule.line.fill.background()

    def text(self, lines: Iterable[str], left: float, top: float, width: float, height: float) -> None:
        """Put lines into a box, in inches, as large as they fit."""
        box = self._slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
        _fill(box.text_frame, list(lines), box.width, box.height)

    def columns(self, columns: Sequence[list[str]], left: float, top: float, width: float, height: float) -> None:
        """Put lines side by side, in inches, all as large as the longest of them fit."""
        gap = 0.3
        each = (width + gap) / len(columns) - gap
        shown = [[one_line(line) for line in lines] for lines in columns]
        size = min(fitted(lines, each, height, _SIZES)[0] for lines in shown)
        for position, lines in enumerate(shown):
            place = left + position * (each + gap), top, each, height
            box = self._slide.shapes.add_textbox(*map(Inches, place))
            _fill(box.text_frame, lines, box.width, box.height, sizes=(size,))

    def foot(self, line: str) -> None:
        """Write one small line at the foot."""
        left, top, width, height = map(Inches, (MARGIN, FOOT - 0.2, WIDTH - 2 * MARGIN, 0.4))
        box = self._slide.shapes.add_textbox(left, top, width, height)
        _fill(box.text_frame, [line], box.width, box.height, sizes=(11, 10), colour=_GREY)

    def note(self, lines: Iterable[str]) -> None:
        """Write what the speaker reads, and nobody else sees."""
        self._slide.notes_slide.notes_text_frame.text = "\n".join(map(one_line, lines))

    def bars(
        self,
        title: str,
        categories: Sequence[str],
        series: Mapping[str, tuple[Sequence[float | None], str]],
        place: tuple[float, float, float, float],
    ) -> None:
        """Draw bars that can be changed in PowerPoint: shares, by the name of a series, each with its colour.

        ``place`` is left, top, width and height in inches.
        """
        data = CategoryChartData(number_format="0%")
        data.categories = [_in_a_sheet(name) for name in categories]
        for name, (values, _) in series.items():
            data.add_series(_in_a_sheet(name), values)
        frame = self._slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *map(Inches, place), data)
        frame.name = one_line(title)
        # What somebody hears who does not see it.
        frame.element.nvGraphicFramePr.cNvPr.set("descr", one_line(title))
        _style(frame.chart, one_line(title), [colour for _, colour in series.values()])

    def save(self, stream: BinaryIO) -> None:
        """Write the presentation."""
        self._made.save(stream)


def _style(chart: Chart, title: str, colours: Sequence[str]) -> None:
    chart.font.size = Pt(12)
    chart.has_title = True
    chart.chart_title.text_frame.text = title
    chart.chart_title.text_frame.paragraphs[0].font.size = Pt(14)
    chart.has_legend = len(colours) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    # The first category is at the top, as it is read.
    chart.category_axis.reverse_order = True
    chart.value_axis.visible = False
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.minimum_scale = 0
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 60, True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "0%", False
    for series, colour in zip(plot.series, colours, strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#"))


def _fill(
    frame: TextFrame,
    lines: list[str],
    width: Emu,
    height: Emu,
    *,
    sizes: Sequence[int] = _SIZES,
    colour: str = _INK,
    bold: bool = False,
) -> None:
    """Write lines as large as they fit; where they don't at the smallest size, the last ones are left out."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = Emu(0)
    size, shown = fitted([one_line(line) for line in lines], width.inches, height.inches, sizes)
    frame.text = "\n".join(shown)
    for paragraph in frame.paragraphs:
        paragraph.font.size, paragraph.font.bold = Pt(size), bold
        paragraph.font.color.rgb = RGBColor.from_string(colour)
        paragraph.space_after = Pt(size * _AFTER)
        paragraph.alignment = PP_ALIGN.LEFT


def fitted(lines: list[str], width: float, height: float, sizes: Sequence[int]) -> tuple[int, list[str]]:
    """Return the largest size in points at which lines fit a box, in inches, and the lines, cut where none does."""
    for size in sizes:
        if _height(lines, width, size) <= height:
            return size, lines
    size, shown = sizes[-1], list(lines)
    while len(shown) > 1 and _height([*shown, "…"], width, size) > height:
        shown.pop()
    if len(shown) < len(lines) and _height([*shown, "…"], width, size) <= height:
        return size, [*shown, "…"]
    while len(shown[0]) > 1 and _height(shown, width, size) > height:
        shown[0] = f"{shown[0][: len(shown[0]) * 9 // 10 - 1]}…"
    return size, shown


def _height(lines: list[str], width: float, size: int) -> float:
    """Return about how high lines are, in inches, in a box of this width."""
    rows = sum(_rows(line, width * _POINTS / (size * _LETTER)) for line in lines)
    return (rows * _LINE + len(lines) * _AFTER) * size / _POINTS


def _rows(line: str, letters: float) -> int:
    """Return over how many rows of so many letters a line goes; a word is broken only where it is longer than a row."""
    rows, used = 1, 0.0
    for word in line.split(" "):
        wide = _letters(word)
        if used and used + 1 + wide > letters:
            rows, used = rows + 1, 0.0
        further, rest = divmod(wide, letters) if wide > letters else (0, wide)
        rows, used = rows + int(further), rest if further else used + bool(used) + rest
    return rows


def _letters(line: str) -> float:
    """Return how many letters of average width a line is wide; those of East Asia, and pictures, are the widest."""
    return sum(map(_width, line))


def _width(character: str) -> float:
    if character > "\u2e7f":
        return 2
    if character in "MWmw@%":
        return 1.7
    return 1.3 if character.isupper() else 1


def one_line(text: str) -> str:
    """Return untrusted text on one line, without what is not seen and what a file of slides can't hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _in_a_sheet(text: str) -> str:
    """Return text for the sheet behind a chart, in which it is neither computed nor an address."""
    line = one_line(text)
    return f"'{line}" if looks_like_a_formula(line) or _ADDRESS.match(line) else line
