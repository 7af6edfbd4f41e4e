"""What may be chosen of how features are made comparable, and the sentence that each wrong choice gets."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from custseg import SettingError
from custseg.clustering.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

QUANTILES = (
    "Outliers are moved to two quantiles, the lower from 0 to below 0.5 and the upper from above 0.5 to 1, "
    "but got {}. Choose two such as (0.01, 0.99)."
)
TRIM = "The share of customers to set apart must be from 0 to 0.25 (a quarter), but got {}. Choose one such as 0.02."
DISTANCE = (
    "The distance from which a customer counts as exceptional must be a number above 1 (times the typical distance), "
    "but got {}."
)
WEIGHT = (
    "The weight of “Fresh” must be above 0 and up to 100, but got {}. "
    "To leave a feature out, remove it from the features."
)


def test_by_default_gaps_are_filled_and_features_standardised() -> None:
    recipe = Recipe()
    assert (recipe.missing, recipe.log, recipe.winsorise, recipe.exceptional) == ("median", (), None, None)
    assert (recipe.scaling, recipe.weights) == ("standard", {})


def test_a_recipe_is_frozen_and_equal_to_one_of_the_same_choices() -> None:
    assert Recipe(log=["a"], winsorise=[0.01, 0.99]) == Recipe(log=("a",), winsorise=(0.01, 0.99))  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        Recipe().scaling = "none"  # type: ignore[misc]


def test_a_weight_of_one_is_no_weight() -> None:
    assert Recipe(weights={"a": 1, "b": 2}) == Recipe(weights={"b": 2.0})


def test_the_weights_of_the_caller_may_change_later() -> None:
    weights = {"a": 2.0}
    recipe = Recipe(weights=weights)
    weights["a"] = 50
    assert recipe.weights == {"a": 2.0}


def test_weights_cannot_be_changed_and_equal_recipes_are_one_key() -> None:
    recipe = Recipe(weights={"a": 2, "b": 3})
    with pytest.raises(TypeError):
        recipe.weights["a"] = 50  # type: ignore[index]
    again = Recipe(weights={"b": 3.0, "a": 2.0, "c": 1})
    assert recipe == again
    assert hash(recipe) == hash(again)
    assert {recipe: "found"}[again] == "found"
    assert recipe != Recipe(weights={"a": 2})
    assert hash(Recipe()) == hash(Recipe(weights={}))


def test_weights_are_read_and_taken_over_like_a_dictionary() -> None:
    recipe = Recipe(weights={"a": 2, "b": 3})
    assert list(recipe.weights.items()) == [("a", 2), ("b", 3)]
    assert {**recipe.weights, "a": 5.0} == {"a": 5, "b": 3}
    assert (recipe.weights["b"], recipe.weights.get("c"), "a" in recipe.weights) == (3, None, True)
    with pytest.raises(KeyError):
        recipe.weights["c"]
    assert replace(recipe, weights={"c": 4}).weights == {"c": 4}
    assert replace(recipe, scaling="robust").weights == recipe.weights
    assert str(recipe.weights) == "{'a': 2.0, 'b': 3.0}"


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda recipe: pickle.loads(pickle.dumps(recipe))])  # noqa: S301 - of its own
def test_a_copied_recipe_is_the_same_value(copied: Callable[[Recipe], Recipe]) -> None:
    recipe = Recipe(log=("a",), weights={"a": 2})
    assert copied(recipe) == recipe
    assert hash(copied(recipe)) == hash(recipe)


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        (
            {"missing": "mean"},
            "The handling of missing values must be one of “median”, “nearest”, “drop”, but got “mean”.",
        ),
        *(({"trim": share}, TRIM.format(f"“{share!r}”")) for share in (0.3, -0.1, True, float("nan"), None)),
        (
            {"scaling": "log"},
            "The scaling must be one of “standard”, “robust”, “minmax”, “none”, but got “log”.",
        ),
        (
            {"log": "Fresh"},
            "Evening out (log) needs a list of features, or “auto” for those that are skewed, but got “Fresh”.",
        ),
        *(
            ({"winsorise": quantiles}, QUANTILES.format(f"“{quantiles!r}”"))
            for quantiles in [(0.5, 0.9), (0.1, 0.5), (-0.1, 0.9), (0.1, 1.1), (0.9, 0.1), (0.1,), 0.1, (0.1, True)]
        ),
        *(
            ({"exceptional": one}, DISTANCE.format(f"“{one!r}”"))
            for one in (1, 0, -3, True, float("inf"), float("nan"))
        ),
        ({"exceptional": "far"}, DISTANCE.format("“far”")),
        *(
            ({"weights": {"Fresh": weight}}, WEIGHT.format(f"“{weight!r}”"))
            for weight in (0, -1, 101, True, float("nan"), None)
        ),
    ],
)
def test_a_choice_that_is_not_allowed_is_refused(choices: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingError) as refused:
        Recipe(**choices)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "choices", [{"winsorise": (0, 1)}, {"trim": 0.25}, {"exceptional": np.float32(2.5)}, {"weights": {"a": 100}}]
)
def test_the_ends_of_what_is_allowed_are_allowed(choices: dict[str, Any]) -> None:
    assert Recipe(**choices) != Recipe()


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"missing": ["median"]}, "must be one of “median”, “nearest”, “drop”, but got "),
        ({"log": 3}, "needs a list of features, or “auto” for those that are skewed, but got “3”"),
        ({"weights": 3}, "Weights must be given by feature, .* but got “3”"),
    ],
)
def test_a_choice_of_another_type_is_refused_too(choices: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        Recipe(**choices)
