"""One segment in depth: which one it is follows the model, and what is done here reaches the model."""

from __future__ import annotations

import numpy as np
import pytest

from custseg import CustomerTable, SegmentationModel, multiverse
from custseg.insight.typical import find_typical
from custseg.panes.base.shown import plain_text
from custseg.panes.base.style import SEGMENT_COLOURS
from custseg.panes.parts.segment_in_depth import SegmentInDepth
from custseg.panes.parts.segment_text import story_html
from custseg.panes.parts.share_bars import categories_html, outcomes_html
from tests.panes.hands import figures_of, markup_of, press, source_of, widget


@pytest.fixture
def part(model: SegmentationModel) -> SegmentInDepth:
    return SegmentInDepth(model)


def test_before_the_first_run_a_sentence_says_what_to_do(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=3)
    part = SegmentInDepth(model)
    assert "Run the clustering first" in part.state().text
    model.run_clustering()
    assert "Run the clustering first" not in part.state().text
    assert "Segment 1:" in part.state().text


def test_it_follows_a_segment_that_is_selected_anywhere(part: SegmentInDepth) -> None:
    model = part.model
    for segment in (3, 2, 4):
        model.select_segment(segment)
        assert model.words is not None
        assert f"Segment {segment}: {model.words.names[segment - 1]}" in part.state().text
        assert widget(part, "Segment").value == segment


def test_picking_one_here_is_state_of_the_model_and_selects_nobody(part: SegmentInDepth) -> None:
    widget(part, "Segment").value = 3
    assert (part.model.focused_segment, part.model.selected) == (3, None)
    assert "Segment 3:" in part.state().text


def test_it_says_how_sure_it_is_and_its_rule_once_that_is_known(part: SegmentInDepth) -> None:
    assert "not checked yet" in part.state().text
    part.model.run_assessment()
    assert part.model.rules is not None
    assert part.model.rules.rules[0].sentence[1:] in part.state().text


def test_the_hills_are_those_of_the_segment_and_of_everyone(part: SegmentInDepth) -> None:
    outcome = part.model.outcome
    assert outcome is not None
    part.model.focus_segment(2)
    (figure,) = figures_of(part)
    hills, groups = source_of(figure, "hills").data, outcome.groups
    order = np.argsort(-np.abs(groups.segments[1].scores), kind="stable")
    assert hills["fill"][1::2] == [SEGMENT_COLOURS[outcome.slots[1]]] * 6
    for row, position in enumerate(order, start=1):
        both = groups.density_of_everyone(position), groups.density(groups.segments[1], position)
        for hill, density in zip(hills["ys"][2 * row - 2 : 2 * row], both, strict=True):
            np.testing.assert_allclose((row - np.array(hill[1:-1])) / 0.82, density / density.max(), atol=1e-3)


def test_another_segment_changes_no_model_of_the_figure(part: SegmentInDepth) -> None:
    (figure,) = figures_of(part)
    before = [*figure.renderers, *figure.axis, figure.x_range]
    part.model.focus_segment(4)
    part.model.k = 7
    part.model.run_clustering()
    assert [*figures_of(part)[0].renderers, *figure.axis, figure.x_range] == before


def test_a_typical_customer_is_looked_at_and_all_of_them_are_listed(part: SegmentInDepth) -> None:
    model = part.model
    assert model.result is not None
    model.focus_segment(3)
    who = find_typical(model.result, 3).identifiers
    press(part, f"Look at {who[1]}")
    assert model.focused_customer == who[1]
    press(part, "List these customers")
    assert model.selected is not None
    assert (model.selected.how, len(model.selected)) == ("segment 3", int(model.result.sizes[2]))


def test_a_segment_of_fewer_customers_has_as_many_types(part: SegmentInDepth) -> None:
    part.model.param.update(k=10)
    part.model.run_clustering()
    assert part.model.result is not None
    for segment, size in enumerate(part.model.result.sizes.tolist(), start=1):
        part.model.focus_segment(segment)
        shown = [label for label in part.state().controls if label.startswith("Look at ")]
        assert len(shown) == min(size, 3)


def test_name_colour_and_note_are_of_the_segment_that_is_shown(part: SegmentInDepth) -> None:
    model = part.model
    model.focus_segment(2)
    widget(part, "Name of this segment").value = "Corner shops"
    widget(part, "Note on this segment").value = "Ask Ana"
    widget(part, "Colour of this segment").value = 6
    assert model.outcome is not None
    assert (model.outcome.words.names[1], model.outcome.words.notes[1]) == ("Corner shops", "Ask Ana")
    assert model.outcome.slots[1] == 6
    assert "Segment 2: Corner shops" in part.state().text
    model.focus_segment(1)
    assert (widget(part, "Name of this segment").value, widget(part, "Note on this segment").value) == ("", "")
    model.focus_segment(2)
    assert widget(part, "Name of this segment").value == "Corner shops"
    assert model.outcome.words.names[0] != "Corner shops"


def test_a_name_that_another_segment_has_is_refused_in_a_sentence(part: SegmentInDepth) -> None:
    model = part.model
    model.rename(1, "Corner shops")
    model.focus_segment(2)
    widget(part, "Name of this segment").value = "corner SHOPS"
    assert "called “corner SHOPS” already" in (model.error or "")
    assert widget(part, "Name of this segment").value == ""
    widget(part, "Name of this segment").value = "Others"
    assert model.error is None


def test_what_a_person_writes_is_no_markup(part: SegmentInDepth) -> None:
    part.model.rename(1, "<img src=x onerror=alert(1)>")
    part.model.annotate(1, "<script>alert(1)</script>")
    assert "<img" not in markup_of(part)
    assert "<script" not in markup_of(part)
    assert "<img src=x onerror=alert(1)>" in part.state().text


def test_shares_of_categories_are_those_of_the_segment_and_of_everyone(model: SegmentationModel) -> None:
    assert model.profile is not None
    channel = model.profile.associations[0]
    shown = categories_html([channel], 2)
    for level, here, everyone in zip(channel.levels, channel.shares[1], channel.overall, strict=True):
        assert level in shown
        assert f"<td>{here:.0%}</td><td>{everyone:.0%}</td>" in shown
    assert categories_html([], 1) == outcomes_html([], 1) == ""


def test_beside_a_statement_stands_under_how_many_other_settings_it_holds(model: SegmentationModel) -> None:
    model.run_clustering()
    assert model.outcome is not None
    assert model.result is not None
    found = multiverse(model.result)
    said = [claim for claim in model.outcome.words.claims if claim.segment == 1 and found.said_beside(claim)]
    told = plain_text(story_html(model.outcome, 1, assessing=False, multiverse=found))
    assert said
    assert all(found.said_beside(claim) in told for claim in said)
    assert "holds in" not in plain_text(story_html(model.outcome, 1, assessing=False))
