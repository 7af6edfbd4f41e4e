"""The command: words on the screen, files where asked for, one line where it cannot."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import subprocess
import sys
from csv import QUOTE_NONNUMERIC
from io import BytesIO, StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from custseg import (
    CustomerTable,
    Recipe,
    Segmentation,
    SegmentationModel,
    advise,
    interpret,
    multiverse,
    profile,
    segment,
    worth,
)
from custseg.cli import app, make_app
from custseg.cli.commands import COMMANDS
from custseg.cli.progress import progress
from custseg.export.formats import FORMATS, Format
from custseg.export.summary_columns import SUMMARY_COLUMNS

if TYPE_CHECKING:
    from custseg.cli.command import Command
    from custseg.export.bundle import ResultBundle


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def refusal(*arguments: object, code: int = 1) -> str:
    """Run a command that has to fail in one line, and return the line."""
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (code, "")
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
    assert "has a mistake in line 2: products.word: this is required" in refusal(table_path, "--playbook", path, code=2)


def test_words_are_printed_as_they_are_not_as_markup(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("Käse & Öl <b>,v\n" + "".join(f"{10 * row},{row % 7}\n" for row in range(1, 40)), encoding="utf-8")
    assert "Käse & Öl <b>" in run(path).stdout


def test_a_terminal_obeys_nothing_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "customers\x1b[31m.csv"
    title, colour = "\x1b]0;another title\x07", "\x9b31m"
    frame = pd.DataFrame({f"spend{title}": range(10, 400, 10), f"visits{colour}": [row % 7 for row in range(39)]})
    frame.to_csv(path, index=False, quoting=QUOTE_NONNUMERIC)
    for arguments in ((path,), (path, "--json"), (path, "--features", f"no{title}"), (tmp_path / f"no{title}.csv",)):
        done = run(*arguments)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)
    assert f"visits{colour}" in json.dumps(json.loads(run(path, "--json").stdout), ensure_ascii=False)


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
    assert "A mixture sets no share of the customers apart" in refusal(
        path, "--method", "mixture", "--trim", 0.1, code=2
    )


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
    assert "There is no column “spent” to say what became of customers" in refusal(path, "--worth", "spent", code=2)
    compared = refusal(path, "--feature", "spend", "--feature", "spend_next_year", "--worth", "spend_next_year", code=2)
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
    assert sentence in refusal(table_path, option, value, code=2)


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
    for module in ("custseg.cli.segment", "custseg.export.formats"):
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
    usage, *_ = run("segment", "--help").stdout.splitlines()
    assert usage.endswith("[OPTIONS] CUSTOMERS")


def test_the_help_names_every_format_and_the_statistics_it_writes(table_path: Path, tmp_path: Path) -> None:
    said = " ".join(run("segment", "--help").stdout.split())
    for option in ("gaps", "trim", "method", "multiverse", "worth"):
        assert f"--{option} " in said
    for form in FORMATS:
        option = f"--{(form.option or form.name).replace('_', '-')} FILE "
        assert (option in said) == (form.description in said) == (not form.by_hand)
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
    assert sentence in refusal(path, *options, code=2)


def test_a_value_that_stands_for_none_is_asked_about_and_then_said(tmp_path: Path) -> None:
    path = tmp_path / "clients.csv"
    rows = "".join(f"c{n},{-1 if n % 5 == 0 else n * 37 % 101 + 20},{n % 9}\n" for n in range(60))
    path.write_text(f"client_id,spend,visits\n{rows}", encoding="utf-8")
    done = run(path)
    assert done.exit_code == 1
    assert "“spend” is -1 in 12 rows (20%)" in done.stderr
    assert "missing={'spend': [-1]}" in done.stderr
    assert run(path, "--missing", "spend=-1", "-k", 2).exit_code == 0


def test_a_table_alone_is_segmented(table_path: Path) -> None:
    assert run(table_path, "-k", 3).stdout == run("segment", table_path, "-k", 3).stdout
    assert run("-k", 3, table_path).stdout == run(table_path, "-k", 3).stdout


def test_a_word_that_is_nearly_a_command_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = run("advize", "customers.csv")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "There is no command and no file called “advize”. Did you mean “advise”?" in " ".join(done.stderr.split())
    monkeypatch.chdir(tmp_path)
    Path("advize").write_text("a,b\n" + "".join(f"{n},{n % 7}\n" for n in range(40)))
    assert run("advize").exit_code == 0


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_help_of_each_command_has_examples_that_can_be_typed_and_the_codes(command: Command) -> None:
    assert command.name in run("--help").stdout
    said = run(command.name, "--help").stdout
    assert "Exit codes: 0 done; 1 " in said
    options = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", said.partition("Examples:")[0]))
    for example in command.examples:
        assert f"\n    {example}\n" in said
        words = shlex.split(example.partition(" -- ")[0].rpartition("|")[2])
        assert words[0] == "custseg"
        assert {word for word in words if word.startswith("-") and word != "-"} <= options


def test_standard_input_is_read_whatever_its_format(table_path: Path, frame: pd.DataFrame) -> None:
    told = json.loads(run(table_path, "--json").stdout)
    parquet = BytesIO()
    frame.to_parquet(parquet)
    for content in (table_path.read_bytes(), parquet.getvalue()):
        done = CliRunner().invoke(app, ["segment", "-", "--json"], input=content)
        assert (done.exit_code, done.stderr) == (0, "")
        assert json.loads(done.stdout)["inertia"] == told["inertia"]
    done = CliRunner().invoke(app, ["-"], input=b"")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "“standard input”" in done.stderr


def test_json_holds_the_result_and_nothing_else(table_path: Path, result: Segmentation, tmp_path: Path) -> None:
    done = run(table_path, "--json", "--segments", tmp_path / "segments.csv")
    told = json.loads(done.stdout)
    assert (told["k"], told["seed"], told["features"]) == (4, 42, list(result.features))
    assert [segment["customers"] for segment in told["segments"]] == result.sizes.tolist()
    assert [segment["headline"] for segment in told["segments"]] == list(interpret(profile(result)).headlines)
    averages = [list(segment["averages"].values()) for segment in told["segments"]]
    np.testing.assert_allclose(averages, profile(result).averages(result.features))
    assert (tmp_path / "segments.csv").exists()
    refused = run(table_path, "-k", 11, "--json")
    assert (refused.exit_code, refused.stdout) == (2, "")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("a,b\n" + "".join(f"{n % 11 + 40 * (n % 2)},{n % 7}\n" for n in range(60)))
    return path


def test_advice_is_that_of_python(small: Path) -> None:
    found = advise(small, seed=42)
    told = json.loads(run("advise", small, "--json").stdout)
    assert (told["suggested"], told["natural_groups"], told["reason"]) == (
        found.suggested,
        found.natural_groups,
        found.reason,
    )
    assert [row["k"] for row in told["evidence"]] == list(range(2, 11))
    said = run("advise", small).stdout
    assert said.startswith(f"Use {found.suggested} segments. {found.reason}\n")


def test_a_report_is_written_without_customers_unless_they_are_asked_for(small: Path, tmp_path: Path) -> None:
    path, whole = tmp_path / "report.html", tmp_path / "whole.html"
    done = run("report", small, "-o", path)
    assert (done.exit_code, done.stdout) == (0, f"The report is in {path}.\n")
    assert json.loads(run("report", small, "-o", whole, "--with-customers", "--json").stdout)["customers"] is True
    assert path.stat().st_size < whole.stat().st_size


@pytest.mark.parametrize("arguments", [("segment", "--segments"), ("report", "-o")])
def test_a_file_that_is_there_is_not_replaced_unless_that_is_said(
    table_path: Path, tmp_path: Path, arguments: tuple[str, str]
) -> None:
    command, option = arguments
    path = tmp_path / "file.html"
    path.write_text("what was there")
    sentence = f"custseg: {path} cannot be written: it is there already. Choose another name, or say --overwrite."
    assert refusal(command, table_path, option, path) == sentence
    assert path.read_text() == "what was there"
    assert run(command, table_path, option, path, "--overwrite").exit_code == 0
    assert path.read_text() != "what was there"


def test_who_moved_by_a_later_table_is_told_and_written(small: Path, tmp_path: Path) -> None:
    later, moved = tmp_path / "later.csv", tmp_path / "moved.csv"
    frame = pd.read_csv(small).assign(card=[f"c{row}" for row in range(60)])
    frame.to_csv(small, index=False)
    frame.assign(a=frame["a"].iloc[::-1].to_numpy()).to_csv(later, index=False)
    done = run(small, "-k", 2, "--follow", later, "--movers", moved)
    model = SegmentationModel(small, k=2, seed=42)
    model.run_clustering()
    found = model.follow(later)
    assert done.stdout.endswith(f"What became of them?\n  {found.sentence}\n")
    assert pd.read_csv(moved)["customer"].tolist() == found.moved_customers["customer"].tolist()
    assert len(found.moved_customers)
    assert "no later table of these customers was followed" in refusal(small, "--movers", moved, "--overwrite", code=2)


def test_the_page_is_served_with_what_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: started.append(list(sys.argv)))
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setenv("CUSTSEG_SOURCE", "before.csv")
    assert run("serve", "mine.csv", "--port", 5999, "--", "--num-procs", 2).exit_code == 0
    assert os.environ["CUSTSEG_SOURCE"] == "mine.csv"
    ((_, serve, app_path, *options),) = started
    assert (serve, Path(app_path).name) == ("serve", "app.py")
    assert options[-4:] == ["--port", "5999", "--num-procs", "2"]
    assert Path(options[options.index("--setup") + 1]).is_file()


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("watched", [True, False])
def test_progress_is_shown_where_somebody_watches_and_nowhere_else(
    *, watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal() if watched else StringIO())
    with progress("Reading [b]customers[/b]", 3) as on_progress:
        on_progress(2, 3)
    assert ("Reading [b]customers[/b]" in terminal.getvalue()) == watched
    assert bool(terminal.getvalue()) == watched


def test_standard_output_holds_the_result_alone_where_progress_is_shown(small: Path) -> None:
    done = run(small, "--json", "--multiverse", "-k", 2)
    assert json.loads(done.stdout)["k"] == 2
    assert done.stderr == ""


def test_a_report_is_verified_against_its_customers(small: Path, tmp_path: Path) -> None:
    path, edited = tmp_path / "report.html", tmp_path / "edited.html"
    assert run("report", small, "-k", "3", "-o", path, "--least", "4").exit_code == 0
    done = run("verify", path, small)
    assert (done.exit_code, done.stderr) == (0, "")
    assert re.fullmatch(r"All [\d,]+ figures and sentences hold\.\n", done.stdout)
    edited.write_text(path.read_text(encoding="utf-8").replace(" customers (", " people (", 1), encoding="utf-8")
    done = run("verify", edited, small, "--json")
    assert done.exit_code == 1
    said = json.loads(done.stdout)
    assert (said["holds"], said["same_customers"]) == (False, True)
    assert [check["what"] for check in said["checks"] if not check["holds"]] == ["The words of the page"]
    done = run("verify", small, small)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is no report of custseg" in done.stderr
