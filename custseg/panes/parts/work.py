"""What is being found out in the background: one line on it all, how far it is, and a button to give it up."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import panel as pn
import param

from custseg.insight.certainty import RESAMPLES
from custseg.language import mark, say
from custseg.panes.base.part import Part
from custseg.panes.base.style import BUTTON_STYLE, STATUS_STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from custseg.session.model import SegmentationModel

    Step = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Search:
    """Something that takes a while and is asked for by a button.

    Attributes
    ----------
    doing, done
        What is said while it goes on, and once it is there.
    view
        The address of the view that shows what was found.
    step, found
        What holds at which step it is (None or False while it rests), and what was found.
    part
        Returns what has these as attributes.
    steps, of
        Returns the step and of how many; None where that isn't known. What these are, where that needs a word.
    stop
        Gives it up.
    is_all
        Whether what was found is all of it.
    seen_in
        The addresses of other views in which one sees it too.
    says
        Returns how far it is in words, where there is no saying of how many steps it takes.

    """

    doing: str
    done: str
    view: str
    step: str
    found: str
    part: Callable[[SegmentationModel], Any]
    steps: Callable[[SegmentationModel], Step] = lambda _: None
    of: str = ""
    stop: Callable[[Any], None] = lambda part: part.stop()
    is_all: Callable[[Any], bool] = lambda found: found is not None
    seen_in: tuple[str, ...] = ()
    says: Callable[[SegmentationModel], str] = lambda _: ""

    def goes_on(self, model: SegmentationModel) -> bool:
        """Whether it is under way."""
        step = getattr(self.part(model), self.step)
        return step is not None and step is not False

    def is_there(self, model: SegmentationModel) -> bool:
        """Whether all of it was found."""
        return self.is_all(getattr(self.part(model), self.found))

    def line(self, model: SegmentationModel) -> str:
        """Say as HTML what is being done and how far it is."""
        return _line(f"{say(self.doing)}{self.says(model)}", self.steps(model), self.of)


def _step_of_advice(model: SegmentationModel) -> Step:
    ks = sorted(model.ks)
    return (ks.index(model.current_k) + 1, len(ks)) if model.current_k in ks else None


SEARCHES = (
    Search(
        mark("Finding the segments"),
        mark("The segments are found."), "overview", "fit_progress", "outcome", lambda model: model,
        # Every view shows what comes of it, so that no note tells of it.
        says=lambda model: f": {model.fit_progress}", stop=lambda model: model.stop_run(), is_all=lambda _: False,
    ),
    Search(
        mark("Finding out how sure the segments are"),
        mark("How sure the segments are is known."), "how-sure",
        "resamples_drawn", "assessment", lambda model: model,
        lambda model: (model.resamples_drawn, RESAMPLES) if model.resamples_drawn else None,
        mark("{step} of {all} samples"),
        lambda model: model.stop_assessment(), lambda found: found is not None and found.complete,
        ("overview", "segments"),
    ),
    Search(
        mark("Finding which number of segments fits"),
        mark("Which number of segments fits is known."), "how-sure",
        "current_k", "advice", lambda model: model.search, _step_of_advice,
    ),
    Search(
        mark("Trying other settings"),
        mark("Other settings were tried."), "how-sure",
        "setting_tried", "multiverse", lambda model: model.multiverse_search,
        lambda model: model.multiverse_search.setting_tried,
    ),
    Search(
        mark("Asking for a second opinion"),
        mark("The second opinion is there."), "how-sure",
        "asking", "opinion", lambda model: model.opinions,
    ),
    Search(
        mark("Finding out what acting on segments is worth"),
        mark("What acting on segments is worth is known."), "how-sure",
        "fold_tried", "worth", lambda model: model.worth_search, lambda model: model.worth_search.fold_tried,
    ),
)  # fmt: skip


class Work(Part):
    """The line (CSS class ``work``); nothing while all rests.

    ``elsewhere`` is what goes on outside of the model, such as reading a file, in words; ``cancel`` is triggered by the
    button, for who does that.
    """

    elsewhere: str = param.String(default="", doc="What goes on outside of the model; empty where nothing does.")
    cancel = param.Event(doc="Triggered where all that can be given up is to be.")

    def __init__(self, model: SegmentationModel, **params: Any) -> None:
        super().__init__(model, **params)
        # On a phone it has two lines, so that there is room for the button.
        self._line = pn.pane.HTML(
            "", stylesheets=[STATUS_STYLE], margin=0, styles={"min-width": "0", "flex": "0 1 auto"}
        )
        self._cancel = pn.widgets.Button(
            label=say("Cancel"), stylesheets=[BUTTON_STYLE], css_classes=["quiet"], margin=(0, 0, 0, 8)
        )
        self._layout = pn.Row(self._line, self._cancel, visible=False, margin=0, styles={"max-width": "100%"})
        self._cancel.on_click(self._give_up)
        self.watch(self._show, *(search.step for search in SEARCHES))
        self._show()

    def _under_way(self) -> list[Search]:
        return [search for search in SEARCHES if search.goes_on(self.model)]

    @param.depends("elsewhere", watch=True)
    def _show(self, *_: frozenset[str]) -> None:
        lines = [search.line(self.model) for search in self._under_way()]
        if self.elsewhere:
            lines.append(_line(self.elsewhere, None))
        self._line.object = f'<div class="work">{"".join(lines)}</div>'
        self._layout.visible = bool(lines)

    def _give_up(self, _: object) -> None:
        with self.model.batch_updates():
            for search in self._under_way():
                search.stop(search.part(self.model))
            self.param.trigger("cancel")


def _line(doing: str, step: Step, what: str = "") -> str:
    """Return what is being done and how far it is, which is unknown before the first step."""
    known = f' value="{step[0]}" max="{step[1]}"' if step and step[1] else ""
    of = f" ({say(what or '{step} of {all}', step=step[0], all=step[1])})" if step and step[1] else ""
    said = html.escape(doing)
    return f'<span>{said}{of}</span> <progress aria-label="{said}"{known}></progress>'
