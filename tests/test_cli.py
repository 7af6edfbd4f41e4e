"""The command: words on the screen, files where asked for, one line where it cannot."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from custseg import CustomerTable, Recipe, Segmentation, interpret, multiverse, profile, segment, worth
from custseg.cli import app, make_app
from custseg.export.formats import FORMATS, Format
from custseg.export.summary_columns import SUMMARY_COLUMNS

if TYPE_CHECKING:
    from custseg.export.bundle import ResultBundle


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: object) -> str:
    """Run a command that has to fail in one line, and return the line."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("custseg: ")
    assert done.stderr.count("\n") == 1
    return str(done.stderr).strip()


def test_the_words_are_printed(table_path: Path, result: Segmentation) -> None:
    done = run(table_path, "-k", 4, "--seed", 42)
    assert (done.exit_code, done.stderr) == (0, "")
    words = interpret(profile(result))
    paragraphs = []
    for number, headline in enumerate(words.headlines, start=1):
        told = [*words.facts[number - 1], words.conclusions[number - 1]]
        told += [f"{action.area.capitalize()}: {action.text}" for action in words.actions_for(number)]
        paragraphs.append("\n  ".join([f"Segment {number}: {headline}", *told]))
    assert done.stdout == "\n\n".join([*paragraphs, f"{words.guidance}\n"])


def test_a_playbook_of_one_s_own_is_read_and_a_mistake_in_it_told(table_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("products:\n- {columns: [grocery], word: dry goods}\n", encoding="utf-8")
    done = run(table_path, "--playbook", path)
    assert "little dry goods and Detergents and paper" in done.stdout
    assert "Stock:" not in done.stdout
    done = run(table_path, "--playbook", "bank")
    assert "Cross-selling: Nothing that the playbook looks at sets" in done.stdout
    assert "There is no playbook" not in done.stderr
    path.write_text("products:\n- {columns: [grocery]}\n", encoding="utf-8")
    assert "has a mistake in line 2: products.word: this is required" in refusal(table_path, "--playbook", path)


def test_words_are_printed_as_they_are_not_as_markup(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Käse & Öl <b>,v\n" + "".join(f"{10 * row},{row % 7}\n" for row in range(1, 40)), encoding="utf-8")
    assert "Käse & Öl <b>" in run(path).stdout


def test_purchases_become_customers_and_skewed_features_are_evened_out(tmp_path: Path) -> None:
    purchases = pd.DataFrame({"customer": [f"C{row % 30}" for row in range(300)], "date": "2026-01-05"})
    purchases["amount"] = [1.5 ** (row % 30 % 17) for row in range(300)]
    path, members = tmp_path / "receipts.csv", tmp_path / "members.csv"
    purchases.to_csv(path, index=False)
    done = run(path, "--purchases", "--even-out", "--members", members)
    assert (done.exit_code, done.stderr) == (0, "")
    assert len(pd.read_csv(members)) == 30


def test_categories_are_compared_when_asked_for(table_path: Path, tmp_path: Path, table: CustomerTable) -> None:
    path = tmp_path / "members.csv"
    done = run(table_path, "-k", 3, "--categories", "--members", path)
    found = segment(table, k=3, seed=42, recipe=Recipe(categories=True))
    assert found.categories
    assert list(pd.read_csv(path)["segment"]) == list(found.labels)
    assert done.stdout.endswith(f"{found.influence.say(found.schema)}\n")


def test_gaps_are_filled_by_similar_customers_and_a_share_set_apart_as_python_does(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    frame = pd.DataFrame(generator.normal(size=(120, 3)) + 6 * generator.integers(0, 2, (120, 1)), columns=list("abc"))
    frame.iloc[:20, 1] = np.nan
    path, members = tmp_path / "customers.csv", tmp_path / "members.csv"
    frame.to_csv(path, index=False)
    done = run(path, "-k", 2, "--gaps", "nearest", "--trim", 0.05, "--members", members)
    assert (done.exit_code, done.stderr) == (0, "")
    found = segment(path, k=2, seed=42, recipe=Recipe(missing="nearest", trim=0.05))
    written = pd.read_csv(members)["segment"]
    assert written.fillna(0).tolist() == found.labels.tolist()
    assert 0 < (found.labels == 0).sum() <= 6


def test_segments_of_any_shape_are_found_when_asked_for(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    long = generator.normal(size=(200, 2)) * [8, 0.3] + np.repeat([[0, 0], [0, 3]], 100, axis=0)
    path, members = tmp_path / "customers.csv", tmp_path / "members.csv"
    pd.DataFrame(long, columns=["a", "b"]).to_csv(path, index=False)
    assert run(path, "-k", 2, "--method", "mixture", "--members", members).exit_code == 0
    assert len(set(pd.read_csv(members)["segment"][:100])) == 1
    assert "A mixture sets no share of the customers apart" in refusal(path, "--method", "mixture", "--trim", 0.1)


def test_it_is_said_what_holds_under_other_settings(table_path: Path, result: Segmentation) -> None:
    said = run(table_path, "--multiverse").stdout
    _, _, told = said.partition("\n\nDoes it hold under other settings? ")
    found = multiverse(result)
    lines = told.splitlines()[1:]
    for number, sentence in enumerate(found.sentences, start=1):
        assert lines.pop(0) == f"Segment {number}: {sentence}"
        for held in found.claims_of(number):
            assert lines.pop(0) == f"  {held.share:.0%}: {held.words}"
    assert not lines


def test_it_is_said_what_acting_by_segment_would_gain_by_a_later_amount(tmp_path: Path) -> None:
    generator = np.random.default_rng(2)
    frame = pd.DataFrame(generator.normal(20, 2, (200, 2)), columns=["spend", "visits"])
    frame.loc[:49, ["spend", "visits"]] += 30
    frame["spend_next_year"] = np.round(frame["spend"] ** 2 * generator.uniform(0.8, 1.2, 200))
    path = tmp_path / "customers.csv"
    frame.to_csv(path, index=False)
    said = run(path, "-k", 2, "--worth", "spend_next_year").stdout
    found = worth(segment(path, k=2, seed=42, features=["spend", "visits"]), "spend_next_year")
    assert f"Is it worth acting on?\n  {found.sentence}\n" in said
    assert "points more than treating all alike" in said
    assert "There is no column “spent” to say what became of customers" in refusal(path, "--worth", "spent")
    compared = refusal(path, "--feature", "spend", "--feature", "spend_next_year", "--worth", "spend_next_year")
    assert "The segments were made of “spend_next_year”" in compared


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    pd.DataFrame({"v": [1, 2, 5]}).to_excel(path, sheet_name="May", index=False)
    done = run(path, "--sheet", "June")
    assert done.exit_code == 1
    assert "has no sheet called “June”. Choose from “May”." in done.stderr


def test_the_segments_are_written_to_a_file(table_path: Path, tmp_path: Path, result: Segmentation) -> None:
    path = tmp_path / "segments.csv"
    assert run(table_path, "--segments", path).exit_code == 0
    assert list(pd.read_csv(path)["customers"]) == list(result.sizes)


def test_the_customers_are_written_to_a_file(table_path: Path, tmp_path: Path, result: Segmentation) -> None:
    path = tmp_path / "members.csv"
    assert run(table_path, "--members", path).exit_code == 0
    assert list(pd.read_csv(path)["segment"]) == list(result.labels)


def test_features_can_be_chosen_one_by_one(table_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "segments.csv"
    done = run(table_path, "--feature", "Milk", "--feature", "Fresh", "-k", 2, "--segments", path)
    assert done.exit_code == 0
    written = pd.read_csv(StringIO(path.read_text(encoding="utf-8")))
    assert list(written.columns[-2:]) == ["Milk", "Fresh"]
    assert len(written) == 2


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv").startswith("custseg: There is no file “none.csv” to read customers from.")


def test_a_broken_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.csv"
    path.write_text("a,b\n1,2,3\n", encoding="utf-8")
    assert "“broken.csv” cannot be read as a CSV table" in refusal(path)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("-k", 11, "must be a whole number from 2 to 10, but got “11”"),
        ("--seed", -1, "must be a whole number from 0 to 4294967295, but got “-1”"),
        ("--feature", "Wine", "no numeric column called “Wine” to segment on"),
        ("--trim", 0.5, "must be from 0 to 0.25 (a quarter), but got “0.5”"),
        ("--gaps", "mean", "must be one of “median”, “nearest”"),
        ("--missing", "nearest", "What becomes of missing values is --gaps nearest."),
        ("--method", "ward", "must be one of “k-means”"),
    ],
)
def test_a_setting_that_is_not_allowed_is_refused(table_path: Path, option: str, value: object, sentence: str) -> None:
    assert sentence in refusal(table_path, option, value)


@pytest.mark.parametrize("option", ["--segments", "--members"])
def test_a_file_that_cannot_be_written_is_named(table_path: Path, tmp_path: Path, option: str) -> None:
    path = tmp_path / "no" / "such" / "folder.csv"
    sentence = f"custseg: {path} cannot be written: there is no folder {path.parent}. Make it first."
    assert refusal(table_path, option, path) == sentence


def test_a_full_disk_is_told_with_the_path_and_leaves_no_half_file(
    table_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(bundle: ResultBundle, stream: BinaryIO) -> None:
        stream.write(str(bundle.segmentation.k).encode())
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    full = [Format("full", "Full", "Fill the disk", ".csv", "text/csv", fill)]
    for module in ("custseg.cli", "custseg.export.formats"):
        monkeypatch.setattr(f"{module}.FORMATS", full)
    path = tmp_path / "full.csv"
    done = CliRunner().invoke(make_app(), [str(table_path), "--full", str(path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == f"custseg: {path} cannot be written: No space left on device.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Only Linux has a device that is always full.")
def test_words_that_cannot_be_printed_are_told_in_one_line(table_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "custseg", str(table_path)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "custseg: The words cannot be printed: No space left on device.\n"


def test_the_help_says_how_to_name_the_table_without_braces() -> None:
    usage, *_ = run("--help").stdout.splitlines()
    assert usage.endswith("[OPTIONS] CUSTOMERS")


def test_the_help_names_every_format_and_the_statistics_it_writes(table_path: Path, tmp_path: Path) -> None:
    said = " ".join(run("--help").stdout.split())
    for option in ("gaps", "trim", "method", "multiverse", "worth"):
        assert f"--{option} " in said
    for form in FORMATS:
        assert f"--{form.option or form.name} " in said
        assert f"{form.description}." in said
    path = tmp_path / "segments.csv"
    assert run(table_path, "--segments", path).exit_code == 0
    written = set(pd.read_csv(path).columns)
    statistics = said.rpartition("Each segment's row holds its ")[2]
    for column in SUMMARY_COLUMNS:
        assert (column.name in statistics) == (column.name in written), column.name


def test_the_package_is_the_command_and_writes_a_report(table_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = subprocess.run(
        [sys.executable, "-m", "custseg", str(table_path), "--report", str(path)],
        cwd=table_path.parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Segment 1: " in done.stdout
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


PURCHASES = "customer_id,order_id,day,quantity,price,refund\n" + "".join(
    f"c{n // 2 % 20},o{n // 2},2024-0{n % 6 + 1}-11,{n % 4 + 1},{n % 7 + 1}.5,0\n" for n in range(120)
)


def test_purchases_are_refused_with_the_option_that_makes_customers_of_them(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(PURCHASES, encoding="utf-8")
    done = run(path)
    assert done.exit_code == 1
    assert "One row per customer was expected, but the rows seem to be order lines" in done.stderr
    assert "--purchases" in done.stderr


def test_a_file_is_understood_and_answers_change_what_follows(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(PURCHASES, encoding="utf-8")
    said = run(path, "--understand").stdout
    assert "Money: “quantity * price”" in said
    spent = sum((n % 4 + 1) * (n % 7 + 1.5) for n in range(120))
    assert f"This makes 20 customers, who spent {spent:,.0f} in all" in said
    other = run(path, "--understand", "--purchase", "amount=price").stdout
    assert f"who spent {sum(n % 7 + 1.5 for n in range(120)):,.0f} in all" in other
    assert run(path, "--purchase", "amount=price", "-k", 2).exit_code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--rows", "lines"), "--rows is “customers” or “purchases”, but got “lines”."),
        (("--purchase", "amount"), "--purchase takes a name and a value, such as “name=value”, but got “amount”."),
        (("--purchase", "price=price"), "but got “price”."),
        (("--missing", "nothing=-1", "--rows", "customers"), "There is no column called “nothing”."),
    ],
)
def test_an_answer_that_cannot_be_is_refused(options: tuple[str, ...], sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(PURCHASES, encoding="utf-8")
    done = run(path, *options)
    assert done.exit_code == 1
    assert sentence in done.stderr


def test_a_value_that_stands_for_none_is_asked_about_and_then_said(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    rows = "".join(f"c{n},{-1 if n % 5 == 0 else n * 37 % 101 + 20},{n % 9}\n" for n in range(60))
    path.write_text(f"client_id,spend,visits\n{rows}", encoding="utf-8")
    done = run(path)
    assert done.exit_code == 1
    assert "“spend” is -1 in 12 rows (20%)" in done.stderr
    assert "missing={'spend': [-1]}" in done.stderr
    assert run(path, "--missing", "spend=-1", "-k", 2).exit_code == 0
