"""The served page: the settings and the views of one model, in the page's template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import panel as pn

from custseg.panes import Downloads, Explorer
from custseg.panes.parts.about import Heading
from custseg.panes.parts.pressed_segment import PressedSegment
from custseg.panes.parts.status import alert_pane
from custseg.panes.views.catalogue import VIEWS, addresses
from dashboard.files_being_read import FilesBeingRead
from dashboard.finished_work import FinishedWork
from dashboard.followup_upload import Later
from dashboard.page_template import page_template
from dashboard.playbook_upload import OwnPlaybook
from dashboard.project_upload import OpenProject
from dashboard.returning import Returning

if TYPE_CHECKING:
    import param

    from custseg import SegmentationModel
    from dashboard.data_picker import Intake


def page(model: SegmentationModel, intake: Intake) -> pn.Template:
    """Lay the settings and the views of a model out in the page's template."""
    explorer = Explorer(
        model,
        {
            "segments": lambda: OwnPlaybook(model, intake.reader),
            "changes": lambda: readers.follow(Later(model, intake.reader)),
            "data": lambda: OpenProject(model, intake.reader),
        },
    )
    readers = FilesBeingRead(explorer.work)
    readers.follow(intake)
    template = page_template()
    template.add_panel("heading", Heading(model))
    template.add_panel("intake", intake)
    template.add_panel("controls", explorer.controls)
    template.add_panel("downloads", Downloads(model))
    template.add_panel("problem", explorer.problem)
    template.add_panel("understanding", intake.form)
    for view, place in explorer.views.places.items():
        template.add_panel("view_" + view.replace("-", "_"), place)
    template.add_panel("pressed_segment", PressedSegment(model))
    template.add_panel("returning", Returning(model, intake))
    template.add_panel("finished_work", FinishedWork(model, explorer.views))
    template.add_panel("work", explorer.work)
    template.add_panel("status", explorer.status)
    _follow_address(explorer)
    return template


def page_without_customers(problem: str) -> pn.Template:
    """Lay out a page that only says why there is nothing to show."""
    template = page_template(problem=problem)
    template.add_panel("problem", alert_pane(problem))
    return template


def _follow_address(explorer: Explorer) -> None:
    """Show the view that stands in the address behind “#”, which the browser turns to by itself."""
    location = pn.state.location
    if location is None:
        return

    def turn(*_: param.parameterized.Event) -> None:
        wanted = (location.hash or "").removeprefix("#")
        explorer.views.shown = wanted if wanted in addresses() else VIEWS[0].address

    def once_loaded(_: param.parameterized.Event) -> None:
        # A page that is opened at another view than the first says so before it knows its own models.
        if pn.state.loaded:
            turn()
        else:
            pn.state.onload(turn)

    location.param.watch(once_loaded, ["hash"])
