"""The file of words and suggestions: the bundled one, a company's own, and one with a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custseg import Playbook, SettingError, interpret, profile, segment
from custseg.narrative.playbook import key

if TYPE_CHECKING:
    from pathlib import Path

    from custseg import Segmentation

OWN = """
products:
  - {columns: [Grocery], word: dry goods, buyers: regulars}
suggestions:
  - area: stock
    when: {says: mean, about: [grocery], at_least: 1.5}
    suggest: "Order pallets of {product} ({feature}): {times}, {value} against {average}."
  - area: marketing
    when: {says: share of customers, at_least: 0.2}
    suggest: "{share}, {customers}"
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.yaml"


def test_a_company_s_own_words_and_suggestions_take_the_place_of_the_bundled(path: Path, result: Segmentation) -> None:
    path.write_text(OWN, encoding="utf-8")
    words = interpret(profile(result), Playbook.read(path))
    assert words.names[1] == "Selective: dry-goods and Detergents_Paper buyers"
    assert [(action.segment, action.area, action.text) for action in words.actions] == [
        (1, "marketing", "72%, 317 customers"),
        (2, "stock", "Order pallets of dry goods (Grocery): 2.0 times, 15,766 against 7,951."),
        (2, "marketing", "25%, 109 customers"),
        (3, "stock", "Order pallets of dry goods (Grocery): 6.1 times, 48,537 against 7,951."),
        (4, "stock", "Order pallets of dry goods (Grocery): 2.3 times, 18,491 against 7,951."),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            "suggestions:\n  - area: shop\n    when: {says: mean}\n    suggest: x",
            2,
            "'stock', 'marketing' or 'upselling'",
        ),
        ("suggestions:\n  - area: stock\n    when:\n      says: mode\n    suggest: x", 4, "but got “mode”"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{cost}'", 4, "{product}, {feature}"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times.real}'", 4, "can be filled in"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times!r}'", 4, "can be filled in"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times'", 4, "the braces don't match"),
        ("suggestions:\n  - area: stock\n    suggest: x", 2, "when: this is required"),
        ("suggestions:\n  - area: stock\n    area: stock", 3, "“area” appears twice"),
        ("products:\n  - word: x\n    columns: Fresh", 3, "this must be a list"),
        ("products:\n  - columns: []\n    word: x", 2, "at least 1 item"),
        ("traits:\n  - columns: [age]\n    high: old", 2, "low: this is required"),
        ("traits:\n  - columns: [age]\n    high: ''\n    low: young", 3, "at least 1 character"),
        ("prodcuts: []", 1, "there is no entry with this name"),
        ("products:\n  - [1,", 2, "“<stream end>”"),
        ("- just a list", 1, "group of entries"),
        ("a: !!python/object/apply:os.system [x]", 1, "could not determine a constructor"),
        (
            "suggestions:\n- area: stock\n  suggest: x\n  when: {says: mean, at_least: 2, at_most: 1}",
            4,
            "never applies",
        ),
        ("suggestions:\n- area: stock\n  suggest: x\n  when: {says: mean, at_least: .nan}", 4, "finite number"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_reason(path: Path, text: str, line: int, reason: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError) as problem:
        Playbook.read(path)
    assert f"has a mistake in line {line}: " in str(problem.value)
    assert reason.replace("“<stream end>”", "<stream end>") in str(problem.value)
    assert "Correct that line" in str(problem.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"#" * 1_000_001])
def test_what_is_no_text_or_too_large_is_refused(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with pytest.raises(SettingError, match=r"Name a(nother| smaller) file, or leave it out"):
        Playbook.read(path)


def test_a_file_that_is_not_there_is_refused(path: Path) -> None:
    with pytest.raises(SettingError, match="cannot be read: No such file"):
        Playbook.read(path)


def test_an_empty_file_holds_nothing(path: Path) -> None:
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert Playbook.read(path) == Playbook()


def test_names_of_columns_are_read_as_people_write_them() -> None:
    for column in ("Spend_Fresh", "fresh spend (EUR)", "FreshTotal", "FRESH", "fresh-sales"):
        assert key(column) == {"fresh"}
    assert key("total_spend") == set()
    assert key("averageBasket") == {"average", "basket"}


def test_of_a_segment_that_no_rule_fits_nothing_is_suggested(path: Path, table_path: Path) -> None:
    path.write_text("suggestions:\n- area: stock\n  suggest: x\n  when: {says: mean, at_least: 1000}", encoding="utf-8")
    assert interpret(profile(segment(table_path, k=3, seed=1)), Playbook.read(path)).actions == ()
