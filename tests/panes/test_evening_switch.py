"""The switch that evens out skewed amounts: there where something is skewed, and with what comes of both ways."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd

from custseg import CustomerTable, Recipe, SegmentationModel
from custseg.panes.parts.evening_switch import EveningSwitch
from tests.panes.hands import widget
from tests.session.waiting import change_of, trigger

LABEL = "Even out skewed amounts"


def test_the_switch_sets_the_next_run_and_follows_the_model(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    switch = EveningSwitch(model)
    assert switch.state().visible
    widget(switch, LABEL).value = [LABEL]
    assert model.recipe == Recipe(log="auto")
    widget(switch, LABEL).value = []
    assert model.recipe == Recipe()
    model.recipe = Recipe(log=("Milk",), scaling="robust")
    assert widget(switch, LABEL).value == [LABEL]
    widget(switch, LABEL).value = []
    assert model.recipe == Recipe(scaling="robust")


def test_both_outcomes_and_the_suggestion_come_after_a_run(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42)
    switch = EveningSwitch(model)
    before = switch.state().text
    assert "customers;" not in before
    asyncio.run(change_of(model, "evened_out", lambda: trigger(model)))
    assert "4, 10, 109 and 317 customers; evened out: " in switch.state().text
    assert "Suggested: even them out. As they are, 2 of 4 segments hold only 14 customers." in switch.state().text
    model.k = 5
    model.run_clustering()
    assert switch.state().text == before


def test_it_is_only_there_where_a_feature_that_is_compared_is_skewed() -> None:
    generator = np.random.default_rng(3)
    frame = pd.DataFrame({"spend": generator.lognormal(4, 1, 200), "age": generator.normal(40, 5, 200)})
    model = SegmentationModel(frame, k=2)
    switch = EveningSwitch(model)
    seen = [switch.state().visible]
    for features in (["age"], ["spend"]):
        model.features = features
        seen.append(switch.state().visible)
    model.load(frame[["age"]].assign(height=generator.normal(170, 9, 200)))
    seen.append(switch.state().visible)
    # What was chosen can be taken back.
    model.recipe = Recipe(log=("height",))
    assert [*seen, switch.state().visible] == [True, False, True, False, True]
