"""Whom the list of customers is narrowed to: a search, a segment, who is on a border, the value of a category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.insight.customer_listing import HasLevel, Narrowing
from custseg.language import mark, say
from custseg.panes.base.choices import choices_of
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, CONTROL_STYLE
from custseg.tables.expressions import LEFT_OUT, SET_APART
from custseg.wording import plain_label

if TYPE_CHECKING:
    from custseg.session.model import SegmentationModel
    from custseg.tables.levels import Levels

# So that a table of a million customers is not searched at each letter.
_MILLISECONDS_AFTER_A_LETTER = 150
_ANY_SEGMENT, _ANY_CATEGORY, _ANY_VALUE, _NO_VALUE = (
    mark("All segments"),
    mark("Any category"),
    mark("Any value"),
    mark("(no value)"),
)
# A select shows no label for None.
_ANY = -1
_ON_BORDER = mark("Only on a border")


class CustomerFilters(Part):
    """The fields. What they come to is ``narrowing``, which a list watches."""

    narrowing: Narrowing = param.ClassSelector(class_=Narrowing, default=Narrowing(), doc="Whom the list is about.")
    sought: str = param.String(doc="What was searched for and entered.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        field: dict[str, Any] = {"stylesheets": [CONTROL_STYLE], "margin": (0, 0, 8, 0), "width": 148}
        self._search = pn.widgets.TextInput(label=say("Find a customer"), placeholder=say("Identifier"), **field)
        self._segment = pn.widgets.Select(label=say("Segment"), **field)
        self._category = pn.widgets.Select(label=say("Category"), **field)
        self._level = pn.widgets.Select(label=say("Value"), visible=False, **field)
        # A group of one: a check box alone has no name that a screen reader could say.
        self._border = pn.widgets.CheckBoxGroup(
            label=say(_ON_BORDER),
            options=[say(_ON_BORDER)],
            stylesheets=[CONTROL_STYLE],
            margin=(0, 0, 16, 0),
            align="end",
        )
        self._all = pn.widgets.Button(
            label=say("Show everyone"), visible=False, stylesheets=[BUTTON_STYLE], margin=(0, 0, 8, 0), align="end"
        )
        self._waiting, self._text = False, ""
        self._offer_segments()
        self._offer_categories()
        self._search.param.watch(self._type, ["value_input"])
        self._search.param.watch(self._type, ["value"])
        # Leaving the field is no wish to look at somebody: a click on a row leaves it too.
        self._search.param.watch(self._enter, ["enter_pressed"])
        self._category.param.watch(self._offer_levels, ["value"])
        for chosen in (self._segment, self._level, self._border):
            chosen.param.watch(lambda _: self._narrow(), ["value"])
        self._all.on_click(lambda _: self.show_everyone())
        fields = self._search, self._segment, self._category, self._level, self._border, self._all
        self._layout = pn.FlexBox(*fields, gap="0 12px", align_items="flex-end", sizing_mode="stretch_width", margin=0)
        self.watch(self._follow, "run", "names", "table")

    def show_everyone(self) -> None:
        """Take all of it back."""
        with self.model.batch_updates(), param.parameterized.batch_call_watchers(self):
            self._search.param.update(value="", value_input="")
            self._text = ""
            self._segment.value, self._category.value, self._border.value = _ANY, "", []
            self._narrow()

    def _follow(self, changed: frozenset[str]) -> None:
        with self.model.batch_updates():
            if "table" in changed:
                self._offer_categories()
            self._offer_segments()
            # Of another run, the same number or border is of other customers.
            self._narrow()

    def _offer_segments(self) -> None:
        outcome, options = self.model.outcome, {say(_ANY_SEGMENT): _ANY}
        if outcome is not None:
            result = outcome.segmentation
            options |= {plain_label(f"{at} {name}"): at for at, name in enumerate(outcome.words.names, start=1)}
            options |= {"Set apart": SET_APART} if result.set_apart else {}
            options |= {"In none": LEFT_OUT} if result.left_out else {}
        kept = self._segment.value if self._segment.value in options.values() else _ANY
        self._segment.param.update(options=options, value=kept, visible=len(options) > 1)
        self._border.visible = outcome is not None
        if outcome is None:
            self._border.value = []

    def _offer_categories(self) -> None:
        table = self.model.table
        names = [column.name for column in table.columns if column.role in ("category", "outcome")]
        options = {plain_label(label): name for label, name in choices_of(table, names).items()}
        kept = self._category.value if self._category.value in names else ""
        self._category.param.update(options={say(_ANY_CATEGORY): "", **options}, value=kept, visible=bool(names))
        self._offer_levels()

    def _offer_levels(self, *_: param.parameterized.Event) -> None:
        name: str = self._category.value
        options: dict[str, object] = {say(_ANY_VALUE): _ANY}
        if name:
            levels = self.model.table.levels(name)
            options |= {plain_label(text): HasLevel(name, text) for text in sorted(filter(None, levels.texts))}
            options |= {say(_NO_VALUE): HasLevel(name, None)} if _has_gaps(levels) else {}
        self._level.param.update(options=options, value=_ANY, visible=bool(name))
        self._narrow()

    def _type(self, event: param.parameterized.Event) -> None:
        self._text = event.new
        if not self._waiting:
            self._waiting = True
            self.after_what_is_seen_first(self._narrow, _MILLISECONDS_AFTER_A_LETTER)

    def _enter(self, _: param.parameterized.Event) -> None:
        self._narrow()
        self.sought = ""
        self.sought = self._text

    def _narrow(self) -> None:
        self._waiting = False
        code, level = (None if chosen.value == _ANY else chosen.value for chosen in (self._segment, self._level))
        wanted = Narrowing(self._text.strip(), code, bool(self._border.value), level)
        self._all.visible = wanted != Narrowing()
        self.narrowing = wanted


def _has_gaps(levels: Levels) -> bool:
    """Whether anybody has no value."""
    return None in levels.texts and bool((levels.codes == levels.texts.index(None)).any())
