"""Projects: a session comes back from its document, with its runs, names and notes, and nothing else gets in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import Playbook, Recipe, SegmentationModel, SettingError
from custseg.session.project import Project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def customers() -> pd.DataFrame:
    generator = np.random.default_rng(5)
    groups = np.arange(120) % 3
    return pd.DataFrame(
        {
            "customer": [f"C{row:03}" for row in range(120)],
            "spend": generator.lognormal(3 + groups, 0.3),
            "visits": generator.poisson(4 + 4 * groups),
            "age": generator.integers(20, 70, 120),
            "plan": np.array(["basic", "plus", "pro"])[groups],
        }
    )


def worked_on(customers: pd.DataFrame) -> SegmentationModel:
    """Return a model as somebody left it: three runs, the second one shown, with names and a note."""
    model = SegmentationModel(customers, k=3, seed=7)
    model.load(model.table.change(labels={"spend": "money spent"}, roles={"age": "ignored"}, money={"visits": False}))
    model.run_clustering()
    model.rename(1, "Regulars")
    model.recipe = Recipe(log="auto", weights={"spend": 2.0}, categories=("plan",))
    model.k = 4
    model.run_clustering()
    model.annotate(2, "Call them\nin spring")
    model.seed = None
    model.run_clustering()
    model.return_to(2)
    model.param.update(x="visits", y="spend", picture="principal")
    return model


def test_a_project_brings_everything_back(customers: pd.DataFrame, tmp_path: Path) -> None:
    model, path = worked_on(customers), tmp_path / "work.json"
    model.save_project(path)
    again = SegmentationModel(customers)
    assert again.open_project(path) == ()
    assert [run.number for run in again.history] == [1, 2, 3]
    for before, after in zip(model.history, again.history, strict=True):
        np.testing.assert_array_equal(before.segmentation.labels, after.segmentation.labels)
        assert (before.slots, before.words.names, before.words.notes, before.finished) == (
            after.slots, after.words.names, after.words.notes, after.finished,
        )  # fmt: skip
    assert again.outcome is not None
    assert again.outcome.number == 2
    assert "Regulars" in again.outcome.words.names
    assert again.outcome.words.notes[1] == "Call them\nin spring"
    assert not any(again.outcome.words.fit_warnings)
    assert [getattr(again, name) for name in ("x", "y", "picture", "k", "seed", "features", "recipe")] == [
        getattr(model, name) for name in ("x", "y", "picture", "k", "seed", "features", "recipe")
    ]
    assert not again.stale
    assert again.table.label("spend") == "money spent"
    described = [[(each.role, each.money, each.label) for each in one.table.columns] for one in (again, model)]
    assert described[0] == described[1]


def test_a_random_start_comes_back_as_one(customers: pd.DataFrame) -> None:
    model = SegmentationModel(customers, k=3, seed=None)
    result = model.run_clustering()
    again = SegmentationModel(customers)
    assert again.open_project(Project.read(model.project.write())) == ()
    assert again.result is not None
    np.testing.assert_array_equal(again.result.labels, result.labels)
    assert (again.result.seed, again.result.seeded, again.seed, again.stale) == (result.seed, False, None, False)
    # And after that again.
    assert again.project.runs == model.project.runs


def test_a_project_holds_no_customer(customers: pd.DataFrame) -> None:
    document = worked_on(customers).project.write().decode()
    assert not any(identifier in document for identifier in customers["customer"])
    assert not any(repr(value) in document for value in customers["spend"])


def test_on_other_customers_the_settings_and_the_shown_run_come_back_and_names_are_doubted(
    customers: pd.DataFrame,
) -> None:
    project = worked_on(customers).project
    others = customers.assign(spend=customers["spend"][::-1].to_numpy() ** 2, visits=0 - customers["visits"])
    model = SegmentationModel(others.drop(columns="age"))
    assert model.open_project(project) == ("This table has no “age”.",)
    assert [run.number for run in model.history] == [2]
    assert model.words is not None
    called = model.words.names.index("Regulars")
    assert "was given to" in model.words.fit_warnings[called]


def test_a_run_that_these_customers_do_not_allow_is_said(customers: pd.DataFrame) -> None:
    project = worked_on(customers).project
    few = SegmentationModel(customers.head(3).assign(spend=1.0))
    said = few.open_project(project)
    assert any(sentence.startswith("Run 2 of the project cannot be made with these customers: ") for sentence in said)
    assert few.outcome is None


def test_a_playbook_of_one_s_own_comes_along(customers: pd.DataFrame) -> None:
    model = SegmentationModel(customers, k=3, seed=1)
    model.playbook = Playbook.bundled(Playbook.names()[-1])
    assert Project.read(model.project.write()).book == model.playbook
    own = model.playbook.model_copy(update={"name": "mine", "title": "Mine"})
    model.playbook = own
    assert Project.read(model.project.write()).book == own


def test_names_are_unsaved_until_a_project_is_written(customers: pd.DataFrame, tmp_path: Path) -> None:
    model = SegmentationModel(customers, k=3, seed=1)
    model.run_clustering()
    assert not model.words_unsaved
    unsaved = []
    model.rename(2, "Regulars")
    unsaved.append(model.words_unsaved)
    model.save(tmp_path / "mine.json")
    unsaved.append(model.words_unsaved)
    model.annotate(1, "Ask them")
    unsaved.append(model.words_unsaved)
    assert unsaved == [True, False, True]
    again = SegmentationModel(customers)
    again.open_project(model.project)
    assert not again.words_unsaved


def changed(project: Project, **parts: Any) -> bytes:
    return json.dumps(json.loads(project.write()) | parts).encode()


def test_what_is_no_project_is_refused_in_a_sentence(customers: pd.DataFrame) -> None:
    project = worked_on(customers).project
    for document, said in (
        (b"", "This is no project of custseg"),
        (b"[1, 2]", "This is no project of custseg"),
        (b"\xff\xfe", "This is no project of custseg"),
        (changed(project, custseg_project=2), "it reads version 1, and the file says “2”"),
        (changed(project, k=99), "something is wrong at “k”"),
        (changed(project, more="x"), "something is wrong at “more”"),
        (changed(project, runs=json.loads(project.write())["runs"] * 20), "something is wrong at “runs”"),
        (b" " * 6_000_000, "at most 5 MB"),
    ):
        with pytest.raises(SettingError) as refused:
            Project.read(document)
        assert said in str(refused.value)


def test_a_recipe_that_was_changed_by_hand_is_refused_and_the_rest_is_taken(customers: pd.DataFrame) -> None:
    project = Project.read(changed(worked_on(customers).project, steps={"missing": "guess"}))
    model = SegmentationModel(customers)
    (said,) = model.open_project(project)
    assert said.startswith("The handling of missing values must be one of")
    assert model.k == 4
    assert len(model.history) == 3
