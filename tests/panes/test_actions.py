"""The part that says what to do next: the playbook that is used, another at a click, and nothing else changed."""

from __future__ import annotations

import pytest

from custseg import CustomerTable, Playbook, SegmentationModel
from custseg.narrative.playbook import Condition, Suggestion
from custseg.panes import Actions
from custseg.panes.parts.actions import CHOSEN, OWN, actions_html, reason_html
from tests.panes.hands import widget


@pytest.fixture
def model(table: CustomerTable) -> SegmentationModel:
    model = SegmentationModel(table, k=3, seed=1)
    model.run_clustering()
    return model


def test_another_playbook_is_a_choice_away_and_needs_no_other_run(model: SegmentationModel) -> None:
    view, result = Actions(model), model.result
    choice = widget(view, "Playbook")
    titles = [Playbook.bundled(name).title for name in Playbook.names()]
    assert (choice.options, choice.value) == ([CHOSEN, *titles], CHOSEN)
    assert "Stock" in str(view.state())
    assert "“Retail and wholesale” was chosen because of the columns" in str(view.state())
    choice.value = "Bank"
    assert Playbook.bundled("bank") is model.playbook
    assert (model.result, model.stale) == (result, False)
    assert "Cross-selling: Nothing that the playbook" in str(view.state())
    assert "From the playbook “Bank”." in str(view.state())
    choice.value = CHOSEN
    assert "Stock" in str(view.state())


def test_one_s_own_stays_on_offer_after_another_was_looked_at(model: SegmentationModel) -> None:
    view = Actions(model)
    choice, own = widget(view, "Playbook"), Playbook(title="Ours")
    model.playbook = own
    assert choice.value == OWN
    choice.value = "Online shop"
    assert choice.options[-1] == OWN
    choice.value = OWN
    assert model.playbook == own


def test_where_nothing_sets_segments_apart_the_area_says_so(model: SegmentationModel) -> None:
    suggestions = (
        Suggestion(area="<b>goods", when=(Condition(says="share of customers"),), suggest="Do as always."),
        Suggestion(area="calls", when=(Condition(says="mean spend", at_least=1.5),), suggest="Call <i>them."),
    )
    model.playbook = Playbook(areas=("<b>goods", "calls"), suggestions=suggestions)  # type: ignore[arg-type]
    assert model.outcome is not None
    shown = actions_html(model.outcome)
    assert "&lt;b&gt;goods: Nothing that the playbook looks at sets" in shown
    assert "Call &lt;i&gt;them." in shown
    assert "Do as always" not in shown
    assert "<b>" not in shown
    assert reason_html(model.outcome) == ""
