"""The set-up of the browser tests: it takes what is there, installs what is not, and else says what to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui import browser

if TYPE_CHECKING:
    from collections.abc import Callable


class Machine:
    """A machine with no program at all but those that a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs: dict[str, Callable[[list[str]], bool]] = {}

    @property
    def own(self) -> str:
        return str(self.folder / "playwrights-own")

    def add(self, name: str, run: Callable[[list[str]], bool] = lambda _: True) -> str:
        path = self.folder / name
        path.touch()
        self.programs[name] = run
        return str(path)

    def which(self, name: str) -> str | None:
        return str(self.folder / name) if name in self.programs else None

    def runs(self, command: list[str], tried: list[str]) -> bool:
        worked = self.programs[Path(command[0]).name](command[1:])
        if not worked:
            tried.append(f"{' '.join(command)}: no such host")
        return worked


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    machine.add("python", lambda _: False)
    monkeypatch.delenv(browser.SETTING, raising=False)
    monkeypatch.setattr(browser, "_PLACES", ())
    monkeypatch.setattr(browser, "_runs", machine.runs)
    monkeypatch.setattr("shutil.which", machine.which)
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    return machine


def test_a_browser_of_the_machine_comes_first(machine: Machine) -> None:
    chrome = machine.add("google-chrome")
    assert browser.find_browser(lambda: machine.own) == chrome


def test_a_stub_that_does_not_start_is_passed_over(machine: Machine) -> None:
    machine.add("chromium", lambda _: False)
    edge = machine.add("microsoft-edge")
    assert browser.find_browser(lambda: machine.own) == edge


def test_the_setting_chooses(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.add("chromium")
    mine = machine.add("mine")
    monkeypatch.setenv(browser.SETTING, mine)
    assert browser.find_browser(lambda: machine.own) == mine


def test_without_one_playwrights_own_is_downloaded(machine: Machine) -> None:
    machine.add(
        "python", lambda command: command[-2:] == ["install", "chromium"] and bool(machine.add(Path(machine.own).name))
    )
    assert browser.find_browser(lambda: machine.own) == machine.own


def test_then_the_distributions_package_is_installed_where_one_may(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    machine.add("apt-get", lambda command: command == ["update"] or bool(machine.add("chromium")))
    assert browser.find_browser(lambda: machine.own) == str(machine.folder / "chromium")


def test_where_one_may_playwrights_own_is_downloaded_with_the_libraries_it_needs(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    asked = ["-m", "playwright", "install", "--with-deps", "chromium"]
    machine.add("python", lambda command: command == asked and bool(machine.add(Path(machine.own).name)))
    assert browser.find_browser(lambda: machine.own) == machine.own


def test_where_none_can_be_had_it_says_what_was_tried_and_what_to_do(machine: Machine) -> None:
    machine.add("apt-get")
    with pytest.raises(RuntimeError) as problem:
        browser.find_browser(lambda: machine.own)
    for part in ("apt-get install chromium", "playwright install", browser.SETTING, "no such host", "rights of root"):
        assert part in str(problem.value)
