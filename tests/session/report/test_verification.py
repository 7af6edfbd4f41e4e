"""A report is checked against its customers: what was edited, or is of others, is told; what is hostile is refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from custseg import CustomerTable, DataError, Playbook, Recipe, SegmentationModel, verify

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DOCUMENT = re.compile(r'(<script type="application/json" id="custseg-report">)(.*?)(</script>)', re.DOTALL)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    generator = np.random.default_rng(11)
    group = generator.integers(3, size=150)
    values = group[:, None] * [3, 2, 1] + generator.normal(10, 1, size=(150, 3))
    who = [f"Customer-{row}" for row in range(150)]
    return pd.DataFrame(values, columns=["spend", "visits", "calls"]).assign(customer=who)


@pytest.fixture(scope="module")
def saved(customers: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Return a report without and one with customers."""
    model = SegmentationModel(customers, k=3, seed=1)
    model.run_clustering()
    model.rename(1, "Regulars")
    folder = tmp_path_factory.mktemp("reports")
    paths = {kind: folder / f"{kind}.html" for kind in (False, True)}
    for kind, path in paths.items():
        model.save_html(path, customers=kind)
    return paths


def edited(path: Path, folder: Path, change: Callable[[str], str]) -> Path:
    before = path.read_text(encoding="utf-8")
    after = change(before)
    assert after != before
    target = folder / "edited.html"
    target.write_text(after, encoding="utf-8")
    return target


def document_in(page: str) -> dict[str, Any]:
    found = _DOCUMENT.search(page)
    assert found is not None
    held: dict[str, Any] = json.loads(found[2])
    return held


def with_document(page: str, text: str) -> str:
    return _DOCUMENT.sub(lambda found: f"{found[1]}{text}{found[3]}", page)


@pytest.mark.parametrize("kind", [False, True])
def test_a_report_of_these_customers_holds(saved: dict[bool, Path], customers: pd.DataFrame, kind: bool) -> None:  # noqa: FBT001
    found = verify(saved[kind], customers)
    assert found.holds
    assert found.same_customers
    assert found.failed == ()
    assert len(found.checks) > 300
    assert str(found) == f"All {len(found.checks):,} figures and sentences hold."


def test_it_holds_whatever_was_set(customers: pd.DataFrame, tmp_path: Path) -> None:
    told = {"spend": "turnover"}
    table = CustomerTable.read(customers, labels=told, money=["spend"], roles={"calls": "ignored"})
    recipe = Recipe(log=("spend",), weights={"visits": 2.0}, trim=0.05)
    model = SegmentationModel(table, k=2, seed=None, recipe=recipe, playbook=Playbook.bundled("bank"))
    model.run_clustering()
    model.save_html(tmp_path / "report.html", least=8)
    assert str(verify(tmp_path / "report.html", customers)).startswith("All ")


def test_a_number_that_was_edited_on_the_page_is_told(
    saved: dict[bool, Path], customers: pd.DataFrame, tmp_path: Path
) -> None:
    found = re.search(r'data-field="customers" class="number">(\d+)<', saved[False].read_text(encoding="utf-8"))
    assert found is not None
    path = edited(saved[False], tmp_path, lambda page: page.replace(found[0], found[0].replace(found[1], "999"), 1))
    checked = verify(path, customers)
    assert not checked.holds
    assert [check.what for check in checked.failed] == ["The words of the page"]
    assert "999" in checked.failed[0].said
    assert found[1] in checked.failed[0].found
    assert "1 of " in str(checked)


def test_a_number_that_was_edited_in_the_document_too_is_told(
    saved: dict[bool, Path], customers: pd.DataFrame, tmp_path: Path
) -> None:
    def change(page: str) -> str:
        held = document_in(page)
        held["groupings"][1]["groups"][0]["means"][0] *= 1.01
        held["groupings"][1]["groups"][0]["customers"] += 1
        return with_document(page, json.dumps(held))

    failed = verify(edited(saved[False], tmp_path, change), customers).failed
    assert [check.what for check in failed][:2] == [
        "At 3 segments, segment 1, customers",
        "At 3 segments, segment 1, Spend on average",
    ]


def test_words_that_were_edited_in_a_report_with_customers_are_told(
    saved: dict[bool, Path], customers: pd.DataFrame, tmp_path: Path
) -> None:
    path = edited(saved[True], tmp_path, lambda page: page.replace("Regulars", "Irregulars", 1))
    assert [check.what for check in verify(path, customers).failed] == ["The words of the page"]


def test_a_report_of_other_customers_is_told(saved: dict[bool, Path], customers: pd.DataFrame) -> None:
    others = customers.assign(spend=customers["spend"].to_numpy()[::-1])
    found = verify(saved[False], others)
    assert not found.same_customers
    assert not found.holds
    assert found.sentences[0].startswith("The report is of other customers than these")
    assert len(found.failed) > 20


def test_a_table_without_its_columns_is_refused(saved: dict[bool, Path], customers: pd.DataFrame) -> None:
    with pytest.raises(DataError, match="The report is of another table: this one has no “visits”"):
        verify(saved[False], customers.drop(columns="visits"))


def replaced(before: str, after: str) -> Callable[[str], str]:
    return lambda page: page.replace(before, after, 1)


HOSTILE: dict[str, tuple[Callable[[str], str], str]] = {
    "no report": (lambda _: "<html><body>Nothing</body></html>", "no report of custseg: there is no document in it"),
    "two documents": (lambda page: f"{page}<p id='custseg-report'>{{}}</p>", "there is more than one document in it"),
    "no JSON": (lambda page: with_document(page, "{"), "what it says is damaged"),
    "deep JSON": (lambda page: with_document(page, "[" * 200_000), "what it says is damaged"),
    "a list": (lambda page: with_document(page, "[]"), "what it says is damaged"),
    "more than there is": (replaced('{"custseg_report"', '{"extra":1,"custseg_report"'), "damaged at “extra”"),
    "newer": (replaced('"custseg_report":1', '"custseg_report":2'), "reads version 1, and the file says “2”"),
    "not a number": (replaced('"least":5', '"least":NaN'), "what it says is damaged"),
    "groups of nobody": (replaced('"least":5', '"least":1'), "whole number from 3 to 1,000, but got “1”"),
    "an unknown step": (replaced('"scaling":"standard"', '"scaling":"odd"'), "The scaling must be one of"),
    "an unknown column": (replaced('"features":["spend"', '"features":["no such"'), "no “no such”"),
    "too many segments": (replaced('"k":3,"seed"', '"k":99,"seed"'), "damaged at “how, k”"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(
    saved: dict[bool, Path], customers: pd.DataFrame, tmp_path: Path, name: str
) -> None:
    change, said = HOSTILE[name]
    with pytest.raises(DataError, match=re.escape(said)):
        verify(edited(saved[False], tmp_path, change), customers)


def test_a_file_that_cannot_be_read_is_refused(customers: pd.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.html cannot be read: No such file"):
        verify(tmp_path / "none.html", customers)
    (tmp_path / "bytes.html").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="it is no text in UTF-8"):
        verify(tmp_path / "bytes.html", customers)
