"""What acting by segment is worth: planted outcomes, none at all, a rival that does as well, and bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Recipe, SettingError, segment, worth

if TYPE_CHECKING:
    from custseg import Segmentation

CUSTOMERS = 400


@pytest.fixture(scope="module")
def planted() -> Segmentation:
    """Three groups, told apart by visits and age; what they spend has nothing to do with it."""
    generator = np.random.default_rng(1)
    group = np.arange(CUSTOMERS) % 3
    columns = {
        "visits": 5 * group + generator.normal(size=CUSTOMERS),
        "age": 40 - 4 * group + generator.normal(size=CUSTOMERS),
        "spend": np.exp(generator.normal(size=CUSTOMERS)),
    }
    left = generator.random(CUSTOMERS) < np.array([0.1, 0.2, 0.8])[group]
    frame = pd.DataFrame(columns).assign(churn=np.where(left, "yes", "no"))
    table = CustomerTable.read(frame, money=["spend"])
    return segment(table, features=["visits", "age"], k=3, seed=1)


def test_a_planted_outcome_is_found_and_beats_groups_by_spend(planted: Segmentation) -> None:
    found = worth(planted, "churn")
    # Two thirds of 20% of customers hold 0.8 of 1.1 events a customer of each group.
    expected = 0.2 * 3 * 0.8 / 1.1
    assert found.reached == pytest.approx(expected, abs=0.05)
    assert found.interval[0] < found.gain < found.interval[1]
    assert found.is_something
    assert found.against_spend is not None
    assert found.against_spend.low > 0
    assert found.sentence.startswith("Contacting the best segments first reaches ")
    assert "of those who left within 20% of customers" in found.sentence
    assert "A simple split by spend into as many groups reaches less" in found.sentence


def test_an_outcome_that_has_nothing_to_do_with_segments_is_worth_nothing(planted: Segmentation) -> None:
    worthless = [
        not worth(planted, np.random.default_rng(seed).random(CUSTOMERS) < 0.3, seed=seed).is_something
        for seed in range(100, 104)
    ]
    assert all(worthless)
    sentence = worth(planted, np.random.default_rng(100).random(CUSTOMERS) < 0.3).sentence
    assert sentence.startswith("Acting by segment gains nothing here that chance does not explain")
    few = worth(planted, np.arange(CUSTOMERS) % 40 == 0)
    assert few.against_random.high > 0.05
    assert "points is not ruled out." in few.sentence


def test_spend_that_does_as_well_is_said(planted: Segmentation) -> None:
    spend = planted.table.matrix(["spend"])[:, 0]
    result = segment(planted.table, features=["spend"], k=5, seed=1, recipe=Recipe(log=("spend",)))
    rank = spend.argsort().argsort() / CUSTOMERS
    found = worth(result, np.random.default_rng(3).random(CUSTOMERS) < rank)
    assert found.is_something
    assert "But a simple split by spend into as many groups is not clearly worse" in found.sentence
    elsewhere = worth(planted, spend)
    assert not elsewhere.is_something
    assert "A simple split by spend into as many groups does gain" in elsewhere.sentence


def test_what_is_reached_is_what_contacting_held_out_customers_reaches(planted: Segmentation) -> None:
    # With segments that all training sets agree on, folds don't matter: a recomputation by hand.
    left = np.array(planted.table.to_pandas()["churn"] == "yes")
    rates = np.array([left[planted.labels == number].mean() for number in (1, 2, 3)])
    best = int(rates.argmax()) + 1
    contacted = 0.2 * CUSTOMERS
    expected = contacted * rates.max() / left.sum()
    assert contacted < (planted.labels == best).sum()
    assert worth(planted, "churn").reached == pytest.approx(expected, abs=0.01)


def test_the_frame_says_the_same_and_a_seed_repeats_it(planted: Segmentation) -> None:
    found = worth(planted, "churn", share=0.3)
    frame = found.frame
    assert list(frame.index) == ["segments", "treating all alike", "random segments", "groups by spend"]
    reached = dict(zip(frame.index, frame["reached"].tolist(), strict=True))
    assert reached["treating all alike"] == 0.3
    assert reached["segments"] - 0.3 == pytest.approx(found.gain)
    pd.testing.assert_frame_equal(worth(planted, "churn", share=0.3).frame, frame)
    assert found.by_random == pytest.approx(0.3, abs=0.03)


def test_customers_of_whom_it_is_not_known_do_not_count(planted: Segmentation) -> None:
    known = np.random.default_rng(5).random(CUSTOMERS) * 10
    known[:100] = np.nan
    assert worth(planted, known).customers == 300
    below = worth(planted, np.where(np.arange(CUSTOMERS) < 7, -1.0, np.nan_to_num(known)))
    assert "Amounts below 0 count as 0 (7)." in below.sentence


def test_customers_in_no_segment_can_be_contacted_too(planted: Segmentation) -> None:
    recipe = Recipe(exceptional=1.5, missing="drop")
    result = segment(planted.table, features=["visits", "age"], k=2, seed=1, recipe=recipe)
    assert result.set_apart
    assert worth(result, "churn").customers == CUSTOMERS


@pytest.mark.parametrize(
    ("outcome", "error", "says"),
    [
        ("nowhere", SettingError, "There is no column “nowhere”"),
        ("visits", SettingError, "The segments were made of “visits”"),
        ([1, 2, 3], SettingError, "needs one value for each of the 400 customers"),
        (["a"] * CUSTOMERS, SettingError, "must be True or False, or a number"),
        (np.ones(CUSTOMERS), DataError, "is the same for all customers"),
        (np.zeros(CUSTOMERS, dtype=bool), DataError, "is the same for all customers"),
        (np.full(CUSTOMERS, np.nan), DataError, "is known of 0 of them"),
        (np.arange(CUSTOMERS) < 4, DataError, "tells only 4 of 400 customers"),
        (np.full(CUSTOMERS, np.inf), DataError, "infinite"),
    ],
)
def test_what_cannot_be_used_is_refused_in_a_sentence(
    planted: Segmentation, outcome: object, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        worth(planted, outcome)  # type: ignore[arg-type]


def test_a_share_must_leave_a_choice(planted: Segmentation) -> None:
    for share in (0, 1, True, float("nan")):
        with pytest.raises(SettingError, match="above 0 and below 1"):
            worth(planted, "churn", share=share)
