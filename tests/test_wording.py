"""How numbers, lists and untrusted texts are written for people."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from custseg.wording import (
    capitalised,
    count,
    escape_markdown,
    join_words,
    line_start,
    multiple,
    number,
    percent,
    times,
    untypeset,
)
from tests.markdown import rendered


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (0.014, "0.014"), (0.5, "0.5"), (-0.00002, "-2e-05"), (9.5, "9.50"), (-3.14159, "-3.14"),
        (42.04, "42.0"), (999.6, "1,000"), (33226.1, "33,226"), (-1234567.8, "-1,234,568"), (1e15, "1e+15"),
    ],
)  # fmt: skip
def test_numbers_have_thousands_separators_and_about_three_digits(value: float, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e300, 1e300))
def test_a_written_number_is_within_half_a_percent_of_the_number(value: float) -> None:
    # The smallest floats there are have no three digits.
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.005, abs=1e-320)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0%"), (1e-9, "under 1%"), (1 / 200, "under 1%"), (0.0051, "1%"), (0.715, "72%"),
        (0.9949, "99%"), (439 / 440, "over 99%"), (1, "100%"),
    ],
)  # fmt: skip
def test_shares_are_percentages_that_never_round_to_none_or_all(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (0, "0% of the average"),
        (0.004, "under 1% of the average"),
        (0.06, "6% of the average"),
        (0.1, "a tenth of the average"),
        (0.204, "a fifth of the average"),
        (0.206, "21% of the average"),
        (0.33, "a third of the average"),
        (0.5, "half the average"),
        (0.949, "95% of the average"),
        (0.96, "about the average"),
        (1.049, "about the average"),
        (1.05, "1.1 times the average"),
        (2.34, "2.3 times the average"),
        (9.96, "10.0 times the average"),
        (1234.4, "1,234 times the average"),
    ],
)
def test_multiples_are_said_as_people_say_them(ratio: float, text: str) -> None:
    assert multiple(ratio, "the average") == text
    assert text.startswith(times(ratio))


@given(st.floats(0, 0.949))
def test_a_part_is_told_to_the_percent(ratio: float) -> None:
    parts = {"half": 50, "a third": 33, "a quarter": 25, "a fifth": 20, "a tenth": 10}
    parts |= {"two thirds": 67, "three quarters": 75, "under 1%": 0}
    said = parts.get(times(ratio))
    told = said if said is not None else float(times(ratio).removesuffix("%"))
    assert told == pytest.approx(100 * ratio, abs=0.5 + 1e-9)


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("tenure", "Tenure"), ("under 1%", "Under 1%"), ("e-mail opens", "E-mail opens"), ("iPhone", "iPhone"),
        ("v7", "v7"), ("x", "x"), ("AOV", "AOV"), ("0% left", "0% left"), ("", ""),
    ],
)  # fmt: skip
def test_a_line_begins_with_a_capital_where_it_begins_with_a_plain_word(text: str, begun: str) -> None:
    assert line_start(text) == begun


@pytest.mark.parametrize(("quantity", "text"), [(0, "0 segments"), (1, "1 segment"), (1234, "1,234 segments")])
def test_things_are_counted_in_singular_and_plural(quantity: int, text: str) -> None:
    assert count(quantity, "segment") == text


@pytest.mark.parametrize(
    ("parts", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")]
)
def test_parts_are_joined_as_in_a_sentence(parts: list[str], text: str) -> None:
    assert join_words(parts) == text


@pytest.mark.parametrize(("text", "expected"), [("high Milk", "High Milk"), ("", ""), ("éa B", "Éa B")])
def test_only_the_first_letter_is_made_a_capital(text: str, expected: str) -> None:
    assert capitalised(text) == expected


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.text("*_~`[]()<>!&#|^:/@.\\ awc1\n"))
@example("<img src=x onerror=alert(1)>")
@example("[x](javascript:alert(1))")
@example("http://example.com//x www.example.com example.com //localhost a@b.com mailto:a@b ftp://1.2.3.4")
@example("&lt;b&gt; **bold** __init__ _x_ ~~gone~~ `code` [^1] $x$ - [ ] todo")
def test_an_escaped_text_shows_as_itself_and_is_no_markup(text: str) -> None:
    shown = " ".join(text.split())
    for html in (False, True):
        assert rendered(f"**Segment: {escape_markdown(text)}.** And {escape_markdown(text)}.", html=html) == (
            {"p", "strong"},
            " ".join(f"Segment: {shown}. And {shown}.".split()),
        )


@settings(max_examples=300)
@given(st.text("$\\()[]x"))
@example(r"\begin{align}x\end{align}")
def test_an_escaped_text_that_is_untypeset_reads_the_same_and_is_no_mathematics(text: str) -> None:
    markdown = untypeset(escape_markdown(f"a{text}a"))
    _, shown = rendered(markdown, html=False)
    assert shown.replace("\u200b", "") == f"a{text}a"
    # Panel looks for it in what is shown, a notebook in the Markdown too.
    assert not re.search(r"\$\$|\\[()\[\]]|\\begin", shown)
    assert not re.search(r"(?<!\\)\\\\[()\[\]]|\\begin", markdown)
