"""The settings beside a result: the advised number, what a press of Run would bring, columns that are folded up."""

from __future__ import annotations

import asyncio

import numpy as np
import pandas as pd

from custseg import CustomerTable, SegmentationModel
from custseg.panes.parts.controls import Controls
from tests.hostile import hostile_table
from tests.panes.hands import markup_of, press, widget
from tests.session.waiting import change_of

ASK = "Which number fits?"


def test_the_number_is_advised_once_it_is_known_and_only_for_these_settings(table: CustomerTable) -> None:
    model = SegmentationModel(table, k=4, seed=42, ks=[2, 3])
    controls = Controls(model)
    assert "advised" not in controls.state().text
    asyncio.run(change_of(model.search, "advice", lambda: press(controls, ASK)))
    advice = model.search.advice
    assert advice is not None
    assert f"{advice.suggested} is advised" in controls.state().text
    assert advice.reason in controls.state().text
    assert ASK not in controls.state().controls
    # The number itself is a person's choice.
    assert model.k == 4
    model.seed = 7
    assert "advised" not in controls.state().text
    assert ASK in controls.state().controls


def test_settings_that_were_not_run_are_said_at_the_button(model: SegmentationModel) -> None:
    controls, said = Controls(model), "These settings have not been run yet."
    assert said not in controls.state().text
    model.run_clustering()
    assert said not in controls.state().text
    model.k += 1
    assert said in controls.state().text
    model.k -= 1
    assert said not in controls.state().text


def test_a_question_stands_at_the_button_that_waits_for_its_answer(model: SegmentationModel) -> None:
    controls = Controls(model)
    model.question = "Is <b>this</b> right?"
    assert "Is <b>this</b> right?" in controls.state().text
    assert "<b>this" not in markup_of(controls)
    assert not controls.state().controls["Run clustering"].enabled
    model.question = ""
    assert controls.state().controls["Run clustering"].enabled


def test_many_columns_are_folded_up_with_how_many_are_compared() -> None:
    values = np.random.default_rng(0).normal(size=(60, 9))
    many = pd.DataFrame(values, columns=[f"amount {place}" for place in range(9)])
    model = SegmentationModel(many)
    controls, columns = Controls(model), "Compare customers by"
    assert columns not in controls.state().controls
    press(controls, "9 of 9 columns: choose")
    widget(controls, columns).value = [name for name in model.features if name != "amount 3"]
    assert "amount 3" not in model.features
    press(controls, "Fold up 8 of 9 columns")
    assert columns not in controls.state().controls
    # Few are in sight, and what was unfolded stays so.
    model.load(many.iloc[:, :8])
    assert columns in controls.state().controls


def test_hostile_names_are_no_markup_among_the_settings() -> None:
    model = SegmentationModel(hostile_table())
    model.run_clustering()
    assert "<img" not in markup_of(Controls(model))
