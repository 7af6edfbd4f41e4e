"""The command: a period a night, and an exit code where something is to be looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from custseg import Ledger
from custseg.cli import app
from custseg.cli.commands import GROUPS
from tests.ledger.planted import customers, many

if TYPE_CHECKING:
    from pathlib import Path

GROUPS_OF = many(A=120, B=100, C=80)


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["ledger", *map(str, arguments)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    customers(GROUPS_OF).to_csv(tmp_path / "2026-10.csv", index=False)
    customers(GROUPS_OF, 1).to_csv(tmp_path / "2026-11.csv", index=False)
    fewer = {name: group for name, group in GROUPS_OF.items() if group != "B" or int(name[1:]) < 30}
    customers(fewer, 2).to_csv(tmp_path / "2026-12.csv", index=False)
    return tmp_path


def test_a_period_a_night_and_a_code_for_an_alarm(folder: Path) -> None:
    ledger = folder / "ledger.duckdb"
    first = run("add", ledger, folder / "2026-10.csv", "-k", 3)
    assert (first.exit_code, first.stderr) == (0, "")
    assert first.stdout.startswith("2026-10: 300 customers in 3 segments, found anew.")
    quiet = run("add", ledger, folder / "2026-11.csv", "--quiet")
    assert (quiet.exit_code, quiet.stdout, quiet.stderr) == (0, "", "")
    again = run("add", ledger, folder / "2026-11.csv")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "is in this ledger already, so nothing was changed" in again.stderr
    assert run("name", ledger, 2, "Regulars").exit_code == 0
    assert run("note", ledger, 2, "Ask them.").exit_code == 0
    alarm = run("add", ledger, folder / "2026-12.csv", "--quiet", "--segments", "kept")
    assert (alarm.exit_code, alarm.stderr) == (3, "")
    assert "New: 2 Regulars has shrunk from 33% of the customers (100) to 13% (30)." in alarm.stdout
    shown = run("show", ledger)
    assert shown.exit_code == 0
    assert shown.stdout == alarm.stdout
    told = json.loads(run("show", ledger, "--json").stdout)["periods"]
    assert [period["period"] for period in told] == ["2026-10", "2026-11", "2026-12"]
    assert {"segment": 2, "name": "Regulars", "customers": 30} in told[-1]["segments"]
    assert ("shrunk", "2", True) in [(one["kind"], one["subject"], one["new"]) for one in told[-1]["alarms"]]


def test_purchases_of_each_period_are_compared_by_the_shares_of_the_first(tmp_path: Path) -> None:
    """Another product sold best in the second month, so that the share of the first one was not there."""
    generator = np.random.default_rng(0)
    for month, bestseller in (("2026-10", "lantern"), ("2026-11", "teapot")):
        articles = np.array([f"article {number}" for number in generator.integers(0, 300, 900)], dtype=object)
        articles[:120] = bestseller
        lines = {
            "order_number": np.arange(900) // 2,
            "customer": [f"C{number:03}" for number in np.arange(900) // 2 % 150],
            "order_date": pd.Timestamp(month) + pd.to_timedelta(np.arange(900) // 2 % 28, "D"),
            "article": articles,
            "amount": generator.lognormal(3, 1, 900).round(2),
        }
        pd.DataFrame(lines).to_csv(tmp_path / f"{month}.csv", index=False)
    ledger, answers = tmp_path / "ledger.duckdb", ("--purchases", "--purchase", "category=article")
    first = run("add", ledger, tmp_path / "2026-10.csv", "-k", 2, *answers)
    assert (first.exit_code, first.stderr) == (0, "")
    assert "share of lantern" in Ledger.open(ledger).compared()
    second = run("add", ledger, tmp_path / "2026-11.csv", "--segments", "kept", *answers)
    assert second.stderr == ""
    assert "2026-11: 150 customers" in second.stdout


def test_what_cannot_be_done_is_said_in_a_line(folder: Path) -> None:
    for arguments, code, told in (
        (("show", folder / "none.duckdb"), 1, "There is no ledger"),
        (("show", folder / "2026-10.csv"), 1, "is no ledger of custseg"),
        (("add", folder / "ledger.duckdb", folder / "none.csv"), 1, "There is no file"),
        (("add", folder / "ledger.duckdb", "-"), 2, "--period 2026-11"),
        (("add", folder / "none" / "ledger.duckdb", folder / "2026-10.csv"), 1, "There is no folder"),
        (("name", folder / "none.duckdb", "1", "x"), 1, "There is no"),
    ):
        done = run(*arguments)
        assert (done.exit_code, done.stdout) == (code, ""), done.stderr
        assert done.stderr.startswith("custseg: ")
        assert done.stderr.count("\n") == 1
        assert told in done.stderr


def test_the_help_has_examples(folder: Path) -> None:
    (group,) = [group for group in GROUPS if group.name == "ledger"]
    assert "ledger" in CliRunner().invoke(app, ["--help"]).stdout
    for command in group.commands:
        said = run(command.name, "--help").stdout
        assert all(f"\n    {example}\n" in said for example in command.examples)
    assert "Exit code 3" in run("add", "--help").stdout
    assert folder.exists()


def test_a_period_that_does_not_fit_into_memory_is_refused_with_what_to_do(folder: Path) -> None:
    """It was taken for the few customers of it that were drawn, and all others for gone."""
    ledger = folder / "ledger.duckdb"
    for period in ("2026-10", "2026-11"):
        pd.read_csv(folder / f"{period}.csv").to_parquet(folder / f"{period}.parquet", index=False)
    refused = run("add", ledger, folder / "2026-10.parquet", "-k", 3, "--most-in-memory", 100)
    assert refused.exit_code == 1
    assert "the 300 are in an engine" in refused.stderr
    assert "--most-in-memory" in refused.stderr
    assert run("add", ledger, folder / "2026-10.parquet", "-k", 3, "--most-in-memory", 300).exit_code == 0
    later = run("add", ledger, folder / "2026-11.parquet", "--most-in-memory", 299)
    assert later.exit_code == 1
    assert "the 300 are in an engine" in later.stderr
    assert run("add", ledger, folder / "2026-11.parquet").exit_code == 0
