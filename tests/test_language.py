"""The catalogues say the same as the English texts, in the form that each language needs; numbers follow it."""

from __future__ import annotations

import ast
import datetime as dt
import errno
import os
import re
import string
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest

from custseg.errors import reason_of_system
from custseg.language import day, in_the_same_language, say, say_many, spoken, written
from custseg.wording import count, fixed, join_words, multiple, percent
from translation.catalogues import TEMPLATE, TRANSLATED, as_text, compiled, path_of, read
from translation.extraction import found_in_source as extract

found_in_source = cache(extract)
_MARKUP = re.compile(r"<[^>]*>|[<>\"]|\*\*")


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str | None) else list(text)


def test_the_template_holds_every_text_of_the_source() -> None:
    assert as_text(found_in_source()) == TEMPLATE.read_bytes(), "Run: python -m translation"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_compiled(code: str) -> None:
    catalogue = read(code)
    wanted = {(message.context, str(message.id)) for message in found_in_source() if message.id}
    assert {(message.context, str(message.id)) for message in catalogue if message.id} == wanted
    left = [message.id for message in catalogue if message.id and (message.fuzzy or not all(forms(message.string)))]
    assert left == []
    assert compiled(catalogue) == path_of(code, ".mo").read_bytes(), "Run: python -m translation"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_values_and_the_markup_of_its_text(code: str) -> None:
    catalogue = read(code)
    for message in catalogue:
        if not message.id:
            continue
        first = forms(message.id)[-1]
        for form in forms(message.string):
            assert placeholders(form) == placeholders(first), form
            assert sorted(_MARKUP.findall(form)) == sorted(_MARKUP.findall(first)), form
            assert (form[:1] == " ", form[-1:] == " ") == (first[:1] == " ", first[-1:] == " "), form
        assert not isinstance(message.id, tuple) or len(forms(message.string)) == catalogue.num_plurals


@pytest.mark.parametrize(
    ("code", "number", "share", "several"),
    [
        ("en", "1,234,567.5", "72%", "a, b and c"),
        ("de", "1.234.567,5", "72\u00a0%", "a, b und c"),
        ("fr", "1\u202f234\u202f567,5", "72\u00a0%", "a, b et c"),
    ],
)
def test_numbers_and_lists_are_written_as_the_language_does(code: str, number: str, share: str, several: str) -> None:
    with spoken(code):
        assert (fixed(1234567.5, 1), percent(0.72), join_words(["a", "b", "c"])) == (number, share, several)
        assert written(1234567.5, ",.1f") == number


def test_plurals_are_those_of_the_language() -> None:
    counted: dict[str, list[str]] = {code: [] for code in ("en", "de", "fr")}
    for code, said in counted.items():
        with spoken(code):
            said += [count(quantity, "customer") for quantity in (0, 1, 1234)]
    assert counted == {
        "en": ["0 customers", "1 customer", "1,234 customers"],
        "de": ["0 Kunden", "1 Kunde", "1.234 Kunden"],
        "fr": ["0 client", "1 client", "1\u202f234 clients"],
    }


def test_a_multiple_reads_as_one_phrase() -> None:
    with spoken("de"):
        said = [multiple(ratio, "the average") for ratio in (2.3, 0.5, 0.2, 0.47)]
    assert said == [
        "das 2,3-Fache des Durchschnitts", "die Hälfte des Durchschnitts", "ein Fünftel des Durchschnitts",
        "47\u00a0% des Durchschnitts",
    ]  # fmt: skip


def test_a_date_is_written_in_words_of_the_language() -> None:
    date, said = dt.date(2026, 5, 5), {}
    for code in ("en", "de", "fr"):
        with spoken(code):
            said[code] = day(date)
    assert said == {"en": "5 May 2026", "de": "5. Mai 2026", "fr": "5 mai 2026"}


def test_text_of_a_table_stays_as_it_is() -> None:
    hostile = "{0} {quantity:,} <b> 1,5%"
    with spoken("de"):
        assert hostile in say("Opening {view} ...", view=hostile)
        assert hostile in say_many("{name} is evened out.", "{name} are evened out.", 2, name=hostile)


_ROOT = TEMPLATE.parents[2]
# What only a program can cause, or nobody but the log of a server is told.
_ENGLISH_ALONE = (
    "custseg/display.py", "custseg/tables/customers.py", "custseg/tables/data_package.py", "custseg/tables/placed.py",
    "custseg/tables/reading.py",
)  # fmt: skip
_OWN_WORDS = re.compile(r"(?:^|})[^{]*[a-z]{2,} ")
_REFUSALS = ("DataError", "SettingError", "WriteError", "FileThereError")


def unsaid(source: str) -> list[str]:
    """Return what refusals in a source say in English alone: texts that are in no catalogue."""
    found = []
    for node in ast.walk(ast.parse(source)):
        text: ast.expr | None = None
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["msg"]:
            text = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _REFUSALS and node.args:
            text = node.args[0]
        # What is put together of sentences that were said has no words of its own.
        if isinstance(text, ast.Constant | ast.JoinedStr) and _OWN_WORDS.search(ast.unparse(text)):
            found.append(ast.unparse(text))
    return found


def test_each_refusal_can_be_said_in_each_language() -> None:
    sources = {str(path.relative_to(_ROOT)): path for path in sorted((_ROOT / "custseg").rglob("*.py"))}
    told = {name: unsaid(path.read_text()) for name, path in sources.items() if name not in _ENGLISH_ALONE}
    assert {name: texts for name, texts in told.items() if texts} == {}
    assert unsaid('msg = f"There is no {thing}."') == ["f'There is no {thing}.'"]
    assert unsaid('raise DataError("Not so.")') == ["'Not so.'"]
    assert unsaid('msg = say("Not so.")') == []


def test_nothing_is_said_as_nothing() -> None:
    with spoken("de"):
        assert say("") == ""


def test_work_in_another_thread_speaks_the_language_of_who_asked() -> None:
    with ThreadPoolExecutor(1) as pool:
        with spoken("fr"):
            asked = in_the_same_language(lambda: say("Customers"))
        assert pool.submit(asked).result() == "Clients"
        assert say("Customers") == "Customers"


@pytest.mark.parametrize("code", TRANSLATED)
def test_why_a_system_refused_is_said_in_the_reader_s_language(code: str) -> None:
    for number in (errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EISDIR):
        problem = OSError(number, os.strerror(number))
        assert reason_of_system(problem) == os.strerror(number)
        with spoken(code):
            assert reason_of_system(problem) != os.strerror(number)
    # What somebody else says of the same is not lost, and neither is what nobody foresaw.
    assert reason_of_system(OSError(errno.ENOSPC, "the shelf is full")) == "the shelf is full"
    assert reason_of_system(OSError()) == "OSError"
