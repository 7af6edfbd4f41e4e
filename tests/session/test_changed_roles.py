"""What is told of categories and outcomes follows their roles, without another run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from custseg import SegmentationModel


@pytest.fixture
def model() -> SegmentationModel:
    generator = np.random.default_rng(0)
    place = np.repeat([0.0, 100.0], [120, 80]) + generator.random(200)
    left = ["Yes"] * 60 + ["No"] * 60 + ["Yes"] * 8 + ["No"] * 72
    customers = pd.DataFrame(
        {"place": place, "size": generator.random(200) + 1, "tier": list("ab") * 100, "gone": left}
    )
    model = SegmentationModel(customers, k=2, seed=0)
    model.load(model.table.change(roles={"gone": "category"}))
    model.run_clustering()
    return model


def told(model: SegmentationModel) -> tuple[list[str], list[str]]:
    assert model.profile is not None
    return [one.column for one in model.profile.associations], [one.column for one in model.profile.outcomes]


def test_a_category_that_becomes_an_outcome_is_told_as_one_at_once(model: SegmentationModel) -> None:
    result = model.result
    assert told(model) == (["tier", "gone"], [])
    model.load(model.table.change(roles={"gone": "outcome"}))
    assert told(model) == (["tier"], ["gone"])
    assert (model.result, model.stale) == (result, False)
    assert model.outcome is model.history[-1]
    model.load(model.table.change(roles={"gone": "category"}))
    assert told(model) == (["tier", "gone"], [])


def test_it_is_told_as_another_run_would_tell_it(model: SegmentationModel) -> None:
    model.load(model.table.change(roles={"gone": "outcome", "tier": "ignored"}))
    assert (model.profile, model.words) != (None, None)
    before, words = model.profile, model.words
    model.run_clustering()
    after = model.profile
    assert before is not None
    assert after is not None
    pd.testing.assert_frame_equal(before.outcomes[0].frame, after.outcomes[0].frame)
    assert model.words is not None
    assert words is not None
    assert (words.sentences, words.categories) == (model.words.sentences, model.words.categories)


def test_names_and_notes_and_what_was_found_out_stay(model: SegmentationModel) -> None:
    model.run_assessment()
    model.rename(1, "Locals")
    model.annotate(2, "Call them")
    model.load(model.table.change(roles={"gone": "outcome"}))
    assert model.words is not None
    assert (model.words.names[0], model.words.notes[1]) == ("Locals", "Call them")
    assert model.certainty is not None
    assert model.bundle().certainty is model.certainty


def test_a_run_that_is_shown_again_tells_what_its_table_says(model: SegmentationModel) -> None:
    model.load(model.table.change(roles={"gone": "outcome"}))
    model.run_clustering()
    model.undo()
    assert model.table.column("gone").role == "category"
    assert told(model) == (["tier", "gone"], [])
    model.return_to(2)
    assert told(model) == (["tier"], ["gone"])


def test_another_role_that_is_not_told_changes_nothing(model: SegmentationModel) -> None:
    outcome = model.outcome
    model.load(model.table.change(money={"place": True}))
    assert model.outcome is outcome
