"""How long panes live: for as long as somebody shows them, and no longer, whatever the model does."""

from __future__ import annotations

import gc
import weakref
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import panel as pn
import pytest
from bokeh.document import Document
from panel.io.state import set_curdoc

from custseg import CustomerTable, SegmentationModel
from custseg.panes import Explorer, KeyFigures, Scatter, SegmentCharts, Words, render_html
from custseg.panes.base.notebook import let_go_of
from custseg.panes.base.part import Part
from custseg.panes.parts.segment_in_depth import SegmentInDepth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MANY = 100
# Of what takes its time to show.
SEVERAL = 3


def live_views(model: SegmentationModel) -> int:
    gc.collect()
    return sum(isinstance(thing, Part) and thing.model is model for thing in gc.get_objects())


def watchers(model: SegmentationModel) -> int:
    """Count who is told of changes of a model and its parts."""
    gc.collect()
    return sum(
        len(told)
        for owner in (model, model.runs, model.selection, model.search)
        for kinds in owner.param.watchers.values()
        for told in kinds.values()
    )


@pytest.fixture
def notebook() -> Iterator[None]:
    """Show panes as a kernel does, where nobody ever says that a cell is gone."""
    pn.extension("tabulator")
    yield
    pn.state._views.clear()


def test_a_model_has_one_of_each_pane_and_what_is_set_on_it_stays(model: SegmentationModel) -> None:
    assert model.scatter is model.scatter
    assert model.summary is model.summary
    assert model.interpretation is model.interpretation
    assert model.__panel__() is model.__panel__()
    model.scatter.borderline = True
    model.run_clustering()
    assert model.scatter.borderline


def test_two_models_have_panes_of_their_own(model: SegmentationModel) -> None:
    assert model.copy().scatter is not model.scatter


def display_alone(model: SegmentationModel) -> None:
    Scatter(model)


def display_in_a_layout(model: SegmentationModel) -> None:
    pn.Column(model, KeyFigures(model))


def display_in_a_cell(model: SegmentationModel) -> None:
    assert model._repr_mimebundle_() is not None


def display_a_part_in_a_cell(model: SegmentationModel) -> None:
    assert model.interpretation._repr_mimebundle_() is not None


@pytest.mark.parametrize(
    ("display", "times"),
    [
        (display_alone, SEVERAL),
        (display_in_a_layout, MANY),
        (display_a_part_in_a_cell, MANY),
        (display_in_a_cell, SEVERAL),
    ],
)
@pytest.mark.usefixtures("notebook")
def test_many_displays_leave_as_much_behind_as_one(
    model: SegmentationModel, display: Callable[[SegmentationModel], None], times: int
) -> None:
    display(model)
    before = live_views(model), watchers(model), len(pn.state._views)
    for _ in range(times):
        display(model)
    assert (live_views(model), watchers(model), len(pn.state._views)) == before


def test_a_run_after_a_hundred_displays_tells_nobody_who_is_gone(model: SegmentationModel) -> None:
    told = []

    class Listener(Part):
        def __init__(self, model: SegmentationModel, **params: Any) -> None:
            super().__init__(model, **params)
            self._layout = pn.Column()
            self.watch(self._note, "run")

        def _note(self, changed: frozenset[str]) -> None:
            told.append(changed)

    for _ in range(MANY):
        Listener(model)
    kept = Listener(model)
    gc.collect()
    model.run_clustering()
    assert told == [{"run"}]
    assert kept.model is model


def test_a_layout_that_is_shown_keeps_its_view(model: SegmentationModel) -> None:
    layout = pn.Column(KeyFigures(model))
    gc.collect()
    model.k = 6
    model.run_clustering()
    (cards,) = layout.select(pn.pane.HTML)
    assert "<dd><b>6</b>" in cards.object


@pytest.mark.parametrize("make", [Explorer, Scatter, Words])
def test_a_pane_goes_before_its_model(model: SegmentationModel, make: type[Part]) -> None:
    gone = weakref.ref(make(model))
    gc.collect()
    assert gone() is None
    model.run_clustering()


@pytest.mark.usefixtures("notebook")
def test_a_model_goes_with_its_panes_and_its_customers(table: CustomerTable) -> None:
    model = SegmentationModel(table.frame, k=3)
    model.run_clustering()
    model.run_assessment()
    model.scatter.borderline = True
    display_in_a_cell(model)
    explorer = model.__panel__()
    let_go_of(explorer.__panel__())
    gone = [weakref.ref(thing) for thing in (model, model.table, model.outcome, explorer, model.scatter)]
    del model, explorer
    gc.collect()
    assert [thing() for thing in gone] == [None] * len(gone)


def test_a_report_leaves_the_model_as_it_was_and_nothing_behind(model: SegmentationModel) -> None:
    model.run_assessment()
    outcome, told, kept = model.outcome, watchers(model), len(pn.state._views)
    for _ in range(2):
        model.copy()
        assert "Segments in numbers" in render_html(model, customers=True)
    assert (model.outcome, watchers(model), live_views(model)) == (outcome, told, 0)
    assert len(pn.state._views) == kept


def test_a_report_holds_nothing_of_what_only_the_page_needs(model: SegmentationModel) -> None:
    document, _ = session_document()
    with set_curdoc(document):
        # The place to drop a file, which a report has none of.
        pn.extension("tabulator", "filedropper")
        report = render_html(model, customers=True)
    assert "filepond.registerPlugin" not in report.lower()
    assert "dist/bundled/filedropper" not in report


def session_document() -> tuple[Any, Any]:
    """Return a document as a session of a server has it, and the session."""
    document: Any = Document()
    context: Any = SimpleNamespace(id="session", request=SimpleNamespace(arguments={}))
    document._session_context = lambda: context
    return document, context


@pytest.mark.parametrize("make", [SegmentInDepth, SegmentCharts])
def test_a_page_that_closes_before_all_of_it_is_drawn_lets_go_of_its_panes(
    table: CustomerTable, make: type[Part]
) -> None:
    model = SegmentationModel(table, k=3, seed=0)
    view = make(model)
    document, _ = session_document()
    with set_curdoc(document):
        model.run_clustering()
    waiting, gone = document.session_callbacks, weakref.ref(view)
    assert waiting
    del view
    gc.collect()
    assert gone() is None


def test_each_session_has_panes_of_its_own_which_go_with_it(model: SegmentationModel) -> None:
    here = model.scatter
    document, context = session_document()
    with set_curdoc(document):
        there = model.scatter
        assert there is model.scatter
    assert there is not here
    assert model.scatter is here
    gone = weakref.ref(there)
    for callback in list(document.session_destroyed_callbacks):
        callback(context)
    del there
    gc.collect()
    assert gone() is None
