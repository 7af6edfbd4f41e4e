"""What may be asked for, and the sentence that anything else gets."""

from __future__ import annotations

import numpy as np
import pytest

from custseg import SettingError
from custseg.settings import LARGEST_SEED, check_axis, check_features, check_k, check_seed, parse_whole_number

COLUMNS = ("Fresh", "Milk")
# More digits than Python writes.
HUGE = pytest.param(10**5000, id="huge")


@pytest.mark.parametrize("k", [2, 10, np.int64(7), np.uint8(3)])
def test_k_from_2_to_10_is_taken_as_an_int(k: int) -> None:
    assert check_k(k) == k
    assert type(check_k(k)) is int


@pytest.mark.parametrize("k", [1, 11, 0, -4, True, 4.0, np.float64(4), "4", None, float("nan"), HUGE])
def test_any_other_k_is_refused_with_what_is_allowed_and_what_came(k: object) -> None:
    with pytest.raises(
        SettingError, match=r"^The number of segments, k, must be a whole number from 2 to 10, but got “.+”"
    ):
        check_k(k)


def test_the_refusal_of_k_quotes_what_came() -> None:
    with pytest.raises(SettingError, match="but got “11”"):
        check_k(11)


@pytest.mark.parametrize("seed", [0, 42, LARGEST_SEED, np.int32(5), np.uint32(LARGEST_SEED)])
def test_a_seed_from_0_to_the_largest_is_taken_as_an_int(seed: int) -> None:
    assert check_seed(seed) == seed
    assert type(check_seed(seed)) is int


def test_no_seed_is_allowed() -> None:
    assert check_seed(None) is None


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1, False, 4.0, "42", "", HUGE])
def test_any_other_seed_is_refused_with_what_is_allowed(seed: object) -> None:
    with pytest.raises(SettingError, match=r"^The seed must be a whole number from 0 to 4294967295, but got “.*”"):
        check_seed(seed)


def test_a_refused_value_is_quoted_on_one_short_line() -> None:
    with pytest.raises(SettingError) as refusal:
        check_seed("<b>\n" + "x" * 1000)
    sentence = str(refusal.value)
    assert "“<b> xxx" in sentence
    assert "\n" not in sentence
    assert len(sentence) < 200


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4", 4),
        (" 42 ", 42),
        ("-3", -3),
        ("+3", 3),
        ("007", 7),
        ("4294967295", LARGEST_SEED),
        ("9999999999", 9999999999),
    ],
)
def test_a_typed_whole_number_is_read(text: str, number: int) -> None:
    assert parse_whole_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "four",
        "4.0",
        "1e3",
        "1_000",
        "1,000",
        "٤٢",
        "４２",
        "²",
        "--4",
        "-+4",
        "+-4",
        "- 4",
        "0x10",
        "9" * 11,
        "9" * 9999,
    ],
)
def test_any_other_typed_text_is_handed_back_for_the_checks_to_refuse(text: str) -> None:
    assert parse_whole_number(text) == text
    with pytest.raises(SettingError, match="k, must be a whole number from 2 to 10"):
        check_k(parse_whole_number(text))
    with pytest.raises(SettingError, match="seed must be a whole number from 0 to"):
        check_seed(parse_whole_number(text))


@pytest.mark.parametrize("features", [["Milk"], ("Milk",), iter(["Milk"]), np.array(["Milk"])])
def test_features_come_in_any_kind_of_list(features: object) -> None:
    assert check_features(features, COLUMNS) == ("Milk",)


def test_features_keep_the_order_asked_for() -> None:
    assert check_features(["Milk", "Fresh"], COLUMNS) == ("Milk", "Fresh")


@pytest.mark.parametrize("features", ["Milk", 3, None])
def test_features_that_are_no_list_are_refused(features: object) -> None:
    with pytest.raises(SettingError, match=r"^Features must be a list of column names, but got “.+”"):
        check_features(features, COLUMNS)


@pytest.mark.parametrize("name", ["Wine", "milk", 3, ["Milk"]])
def test_an_unknown_feature_is_refused_with_those_there_are(name: object) -> None:
    with pytest.raises(
        SettingError, match=r"no numeric column called “.+” to segment on\. Choose from “Fresh”, “Milk”"
    ):
        check_features([name], COLUMNS)


@pytest.mark.parametrize(
    ("features", "sentence"), [([], "at least one feature"), (["Milk", "Milk"], "listed only once")]
)
def test_no_feature_or_a_repeated_one_is_refused(features: list[str], sentence: str) -> None:
    with pytest.raises(SettingError, match=sentence):
        check_features(features, COLUMNS)


def test_a_refusal_lists_a_dozen_columns_and_counts_the_rest() -> None:
    many = tuple(f"column {number}" for number in range(500))
    with pytest.raises(SettingError, match=r"“column 11” and 488 more\.$"):
        check_features(["Wine"], many)


def test_an_axis_shows_any_of_the_features() -> None:
    assert check_axis("Milk", COLUMNS, "x") == "Milk"


@pytest.mark.parametrize("name", ["Wine", "", None, 0, ["Milk"]])
def test_an_unknown_axis_is_refused_with_the_axis_and_those_there_are(name: object) -> None:
    with pytest.raises(SettingError, match=r"called “.*” to show on y\. Choose from “Fresh”, “Milk”\."):
        check_axis(name, COLUMNS, "y")
