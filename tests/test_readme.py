"""What the README shows works: its commands, and the files it names. Its code runs too, see ``tests/examples.py``."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def named(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```bash\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no command marked {name}"
    return found[1].strip()


@pytest.mark.parametrize("name", ["serve", "test"])
def test_each_command_is_one_line_that_makes_an_environment_and_keeps_to_the_pins(name: str) -> None:
    command = named(name)
    assert "\n" not in command
    steps = [shlex.split(step) for step in command.split("&&")]
    assert steps[0] == ["python3", "-m", "venv", ".venv"]
    assert steps[1][:6] == [".venv/bin/python", "-m", "pip", "install", "-c", "constraints.txt"]


def test_the_serving_command_starts_the_dashboard() -> None:
    last = shlex.split(named("serve").split("&&")[-1])
    assert last == [".venv/bin/panel", "serve", "dashboard/app.py", "--show"]
    assert (ROOT / "dashboard" / "app.py").is_file()


def test_the_test_command_runs_all_tests() -> None:
    assert shlex.split(named("test").split("&&")[-1]) == [".venv/bin/python", "-m", "pytest"]


def test_every_file_it_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_pins_are_plain_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    pin = r'[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; python_version (<|>=) "3\.12")?'
    assert [line for line in lines if not re.fullmatch(pin, line)] == []
