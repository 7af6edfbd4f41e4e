"""The file of words and suggestions: the bundled one, a company's own, and one with a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custseg import Playbook, SettingError, interpret, profile, segment
from custseg.narrative.column_words import is_product, key, share_of
from custseg.narrative.playbook import Condition, Suggestion

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


# Small, but with its aliases followed it stands for billions.
BOMB = [
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "own.yaml"


def test_a_company_s_own_words_and_suggestions_take_the_place_of_the_bundled(path: Path, result: Segmentation) -> None:
    path.write_text(OWN, encoding="utf-8")
    words = interpret(profile(result), Playbook.read(path))
    assert words.names[1] == "Selective: dry-goods and Detergents and paper buyers"
    assert [(action.segment, action.area, action.text) for action in words.actions] == [
        (1, "marketing", "72%, 317 customers"),
        (2, "stock", "Order pallets of dry goods (Grocery): 2.0 times, 15,766 monetary units a year against 7,951."),
        (2, "marketing", "25%, 109 customers"),
        (3, "stock", "Order pallets of dry goods (Grocery): 6.1 times, 48,537 monetary units a year against 7,951."),
        (4, "stock", "Order pallets of dry goods (Grocery): 2.3 times, 18,491 monetary units a year against 7,951."),
    ]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (
            "suggestions:\n  - area: shop\n    when: {says: mean}\n    suggest: x",
            2,
            "“stock”, “marketing” or “upselling”",
        ),
        ("suggestions:\n  - area: stock\n    when:\n      says: mode\n    suggest: x", 4, "but got “mode”"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{cost}'", 4, "{product}, {feature}"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times.real}'", 4, "can be filled in"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times!r}'", 4, "can be filled in"),
        ("suggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: '{times'", 4, "the braces don't match"),
        ("suggestions:\n  - area: stock\n    suggest: x", 2, "when: this is required"),
        ("suggestions:\n  - area: stock\n    area: stock", 3, "“area” appears twice"),
        ("products:\n  - word: x\n    columns: Fresh", 3, "this must be a list"),
        ("products:\n  - columns: []\n    word: x", 2, "too few: the least is 1"),
        ("traits:\n  - columns: [age]\n    high: old", 2, "low: this is required"),
        ("traits:\n  - columns: [age]\n    high: ''\n    low: young", 3, "too short: the least is 1"),
        (
            "areas: [shop]\nsuggestions:\n  - area: stock\n    when: {says: mean}\n    suggest: x",
            3,
            "must be “shop”, but",
        ),
        ("areas: []", 1, "too few: the least is 1"),
        (
            "suggestions:\n- area: stock\n  suggest: x\n  when:\n  - {says: mean}\n  - {says: mean, about: leaving}",
            6,
            "suggestions.when.about: this must be money, other, shares, or a list of columns such as [leaving]",
        ),
        ("suggestions:\n- area: stock\n  suggest: '{times_2}'\n  when: [{says: mean}]", 3, "can be filled in"),
        ("suggestions:\n- area: stock\n  suggest: x\n  when: []", 4, "too few: the least is 1"),
        (
            "suggestions:\n- area: stock\n  suggest: x\n  when: {says: mean, lift_at_least: 2, lift_at_most: 1}",
            4,
            "lift_at_least is above lift_at_most, so this never applies",
        ),
        ("name: My Shop", 1, "this must fit the pattern ^[a-z0-9_]*$"),
        ("a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(BOMB), 1, "more than 200,000 entries"),
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
    for column in ("Spend_Fresh", "fresh spend (EUR)", "FreshTotal", "FRESH", "fresh-sales", "MntFresh"):
        assert key(column) == {"fresh"}
    assert key("total_spend") == set()
    assert key("averageBasket") == {"average", "basket"}


@pytest.mark.parametrize(
    "column",
    [
        *("PAYMENTS", "CASH_ADVANCE", "MonthlyCharges", "TotalCharges", "PAY_AMT1", "BILL_AMT1", "Total_Trans_Amt"),
        *("ONEOFF_PURCHASES", "loan_repayment", "monthly_fee", "subscription_revenue", "monetary_value", "premium"),
    ],
)
def test_fees_repayments_and_subscriptions_are_no_goods(column: str) -> None:
    assert not is_product(column)


def test_a_share_of_goods_says_of_which() -> None:
    assert [share_of(name) for name in ("share_of_toys", "share electronics", "Percent of sweets")] == [
        "toys",
        "electronics",
        "sweets",
    ]
    assert [share_of(name) for name in ("returns_share", "share of returns", "market share", "toys")] == [""] * 4


def test_of_a_segment_that_no_rule_fits_nothing_is_suggested(path: Path, table_path: Path) -> None:
    path.write_text("suggestions:\n- area: stock\n  suggest: x\n  when: {says: mean, at_least: 1000}", encoding="utf-8")
    words = interpret(profile(segment(table_path, k=3, seed=1)), Playbook.read(path))
    assert words.actions == ()
    assert words.plan.silences["stock"] == "None of the playbook's suggestions fits these segments."


def test_what_would_be_suggested_for_all_alike_gives_way_to_what_sets_them_apart(
    path: Path, result: Segmentation
) -> None:
    book = (
        OWN.replace("at_least: 0.2}", "}")
        + """
  - area: marketing
    when: {says: mean spend, at_least: 1.5}
    suggest: "Call them."
  - area: upselling
    when: {says: share of customers}
    suggest: "{share} of all."
"""
    )
    path.write_text(book, encoding="utf-8")
    words = interpret(profile(result), Playbook.read(path))
    assert [(action.segment, action.text) for action in words.actions if action.area == "marketing"] == [
        (3, "Call them."),
        (4, "Call them."),
    ]
    said = "Nothing that the playbook looks at sets the segments apart here."
    assert words.plan.silences == {"upselling": said}
    assert f"**Upselling.** {said}" in str(words)


def test_those_that_come_with_custseg_have_names_titles_and_something_for_each_area() -> None:
    assert Playbook.names() == ("retail", "online_shop", "subscription", "bank")
    books = [Playbook.bundled(name) for name in Playbook.names()]
    assert [book.name for book in books] == list(Playbook.names())
    assert Playbook.bundled() is books[0]
    assert len({book.title for book in books}) == len(books)
    for book in books:
        assert book.is_bundled
        assert {area.name for area in book.areas} == {suggestion.area for suggestion in book.suggestions}
    assert [area.name for area in books[0].areas] == ["stock", "marketing", "upselling"]
    with pytest.raises(SettingError, match=r"no playbook called “shop”\. Choose from “retail”, “online_shop”"):
        Playbook.bundled("shop")


def test_a_playbook_made_in_python_is_checked_as_well() -> None:
    suggestion = Suggestion(area="shop", when=(Condition(says="mean"),), suggest="x")
    with pytest.raises(ValueError, match="this must be “stock”, “marketing” or “upselling”, but got “shop”"):
        Playbook(suggestions=(suggestion,))


def test_one_s_own_survives_the_way_from_one_process_to_another(path: Path) -> None:
    path.write_text(OWN, encoding="utf-8")
    book = Playbook.read(path)
    assert Playbook.model_validate(book.model_dump(mode="json")) == book
    assert not book.is_bundled
