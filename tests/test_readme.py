"""What the README shows works: its commands, its code, and the files it names."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
END = "-- end of an example --"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def examples() -> list[tuple[str, str | None]]:
    """Return each block of code with the output that the README shows of it, if it does."""
    found = re.findall(
        r"^```python\n(.*?)^```$(?:\n+<!-- output -->\n```text\n(.*?)^```$)?", README, re.DOTALL | re.MULTILINE
    )
    return [(code, said or None) for code, said in found]


def named(name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n```bash\n(.*?)```", README, re.DOTALL)
    assert found, f"README.md has no command marked {name}"
    return found[1].strip()


def test_the_code_runs_from_top_to_bottom_and_prints_what_it_says(tmp_path: Path) -> None:
    # In a copy of the place, so that what it writes does not land in the project.
    (tmp_path / "data").symlink_to(ROOT / "data")
    said = [said for _, said in examples()]
    assert sum(text is not None for text in said) >= 3
    done = subprocess.run(
        [sys.executable, "-c", f"\nprint({END!r})\n".join(code for code, _ in examples())],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == 0
    printed = done.stdout.split(f"{END}\n")
    assert [text for text, expected in zip(printed, said, strict=True) if expected is not None] == [
        text for text in said if text is not None
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"data", "customers_with_segment.csv", "segments.html"}


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


def test_the_command_line_example_works(tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(ROOT / "data")
    (example,) = [block for block in blocks("bash") if ".venv/bin/custseg" in block]
    arguments = shlex.split(example)[1:]
    done = subprocess.run(
        [sys.executable, "-m", "custseg", *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "segments.html").stat().st_size > 1_000_000
    assert (tmp_path / "customers_with_segment.csv").is_file()


def test_every_file_it_links_to_is_there() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_pins_are_plain_names_and_versions() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    pin = r'[A-Za-z0-9._-]+==[A-Za-z0-9.]+( ; python_version (<|>=) "3\.12")?'
    assert [line for line in lines if not re.fullmatch(pin, line)] == []
