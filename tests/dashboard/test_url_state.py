"""A link restores the settings, all of them, and what is wrong in it is refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custseg import CustomerTable, Playbook, Recipe, SegmentationModel
from dashboard import url_state as address

if TYPE_CHECKING:
    from collections.abc import Mapping

USUAL = "?k=4&seed=42"


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(),
        Recipe(log="auto", missing="drop", scaling="robust"),
        Recipe(categories=True),
        Recipe(missing="nearest", trim=0.025),
        Recipe(categories=("Region", "Channel"), weights={"Region": 2}),
        Recipe(log=("Milk", "Fresh"), winsorise=(0.005, 0.995), exceptional=4, weights={"Milk": 2.5, "Fresh": 0.5}),
    ],
)
def test_a_link_restores_every_setting(table: CustomerTable, recipe: Recipe) -> None:
    model = SegmentationModel(table, k=6, seed=None, x="Milk", y="Grocery", features=["Milk", "Frozen"], recipe=recipe)
    other = SegmentationModel(table)
    assert address.restore(other, address.query_of(model, "wholesale")) == []
    for name in ("k", "seed", "x", "y", "features", "recipe"):
        assert getattr(other, name) == getattr(model, name), name


def test_a_link_from_when_skewed_features_had_another_word_still_evens_them_out(table: CustomerTable) -> None:
    model = SegmentationModel(table)
    assert address.restore(model, f"{USUAL}&log=skewed") == []
    assert model.recipe == Recipe(log="auto")
    assert address.query_of(model) == f"{USUAL}&log=auto"


def test_what_is_as_usual_is_not_in_the_link(table: CustomerTable) -> None:
    assert address.query_of(SegmentationModel(table)) == USUAL
    assert address.query_of(SegmentationModel(table), "loyalty_cards") == f"?table=loyalty_cards&{USUAL[1:]}"
    assert address.table_in("?table=loyalty_cards&k=3") == "loyalty_cards"
    assert address.table_in(USUAL) is None


def test_a_link_keeps_the_playbook_unless_it_is_usual_or_nobody_else_has_it(table: CustomerTable) -> None:
    bank, own = Playbook.bundled("bank"), Playbook(title="Own")
    model = SegmentationModel(table, playbook=bank)
    assert address.query_of(model) == f"{USUAL}&playbook=bank"
    assert address.query_of(model, usual=bank) == USUAL
    other = SegmentationModel(table)
    assert address.restore(other, f"{USUAL}&playbook=bank") == []
    assert other.playbook is bank
    model.playbook = own
    assert address.query_of(model) == USUAL
    # Where a company has set its own, that none is wanted has to be said.
    assert address.query_of(SegmentationModel(table), usual=own) == f"{USUAL}&playbook="
    assert address.restore(model, "?playbook=") == []
    assert model.playbook is None


@pytest.mark.parametrize(
    ("query", "sentence", "kept"),
    [
        ("?playbook=shop&k=3", "There is no playbook called “shop”. Choose from", {"k": 3, "playbook": None}),
        ("?feature=Milk&feature=nothing&k=3", "There is no numeric column called “nothing”", {"k": 3}),
        ("?scaling=huge", "The scaling must be one of", {"recipe": Recipe()}),
        ("?winsorise=0.4&seed=7", "Outliers are moved to two quantiles", {"seed": 7}),
        ("?exceptional=far", "must be a number above 1", {"recipe": Recipe()}),
        ("?weight=Milk:-1", "The weight of “Milk” must be above 0", {"recipe": Recipe()}),
        ("?categories=some", "Categories must be True for all of them", {"recipe": Recipe()}),
        ("?k=x", "must be a whole number from 2 to 10", {"k": 4}),
    ],
)
def test_what_is_wrong_is_refused_and_the_rest_is_taken(
    table: CustomerTable, query: str, sentence: str, kept: Mapping[str, object]
) -> None:
    model = SegmentationModel(table)
    (refused,) = address.restore(model, query)
    assert sentence in refused
    for name, value in kept.items():
        assert getattr(model, name) == value


def test_axes_are_in_the_link_once_they_are_chosen_and_a_link_chooses_them(table: CustomerTable) -> None:
    model = SegmentationModel(table)
    model.y = "Frozen"
    assert address.query_of(model) == f"{USUAL}&x=Fresh&y=Frozen"
    # Also where they are those that are shown anyway.
    other = SegmentationModel(table)
    assert address.restore(other, f"{USUAL}&x=Fresh&y=Milk") == []
    other.run_clustering()
    assert (other.x, other.y) == ("Fresh", "Milk")
