"""The site of docs/ builds offline without a warning, tells of all that is public, and names nothing that is not there.

Its examples run too, see ``tests/examples.py``.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import param
import pytest
import typer
from panel.command.serve import Serve

import custseg
from custseg import panes
from custseg.cli import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
# What a browser fetches by itself; links are for people to follow.
FETCHED = {"link": "href", "script": "src", "img": "src", "source": "srcset", "iframe": "src", "object": "data"}
SETTING = re.compile(r"CUSTSEG_[A-Z_]*[A-Z]\b")


class Fetched(HTMLParser):
    """The addresses that a browser fetches to show a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if address := named.get(FETCHED.get(tag, "")):
            self.addresses.append(address)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "docs", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_no_page_fetches_anything_from_elsewhere(site: Path) -> None:
    pages = {path: Fetched(path.read_text(encoding="utf-8")).addresses for path in site.rglob("*.html")}
    assert len(pages) >= len(PAGES)
    assert any("furo.css" in address for addresses in pages.values() for address in addresses)
    foreign = {path.name: address for path, them in pages.items() for address in them if is_foreign(address)}
    assert foreign == {}
    styles = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))
    named = re.findall(r"(?:url\(|@import )\s*[\"']?([^\"')\s]+)", styles)
    assert [address for address in named if is_foreign(address)] == []


def is_foreign(address: str) -> bool:
    return address.startswith(("//", "http:", "https:"))


def test_each_public_name_has_an_entry(site: Path) -> None:
    entries = "".join(path.read_text(encoding="utf-8") for path in (site / "api").glob("*.html"))
    public = [f"custseg.{name}" for name in custseg.__all__] + [f"custseg.panes.{name}" for name in panes.__all__]
    assert [name for name in public if f'id="{name}"' not in entries] == []


def test_each_member_of_the_model_has_an_entry(site: Path) -> None:
    page = (site / "api" / "model.html").read_text(encoding="utf-8")
    model = custseg.SegmentationModel
    own = {name for name in dir(model) if not name.startswith("_")} - set(dir(param.Parameterized)) - set(model.param)
    assert len(own) > 40
    assert [name for name in sorted(own) if f'id="custseg.SegmentationModel.{name}"' not in page] == []


def test_each_command_is_told_with_its_options(site: Path) -> None:
    page = re.sub("<[^>]+>", "", (site / "command-line.html").read_text(encoding="utf-8"))
    for path, options in commands().items():
        _, heading, told = page.partition(" ".join(("custseg", *path)) + "\N{PILCROW SIGN}")
        assert heading, f"There is nothing about custseg {' '.join(path)}."
        assert [option for option in options if f"{option}" not in told] == []


def commands() -> dict[tuple[str, ...], set[str]]:
    """Return the options of each subcommand, and of the command itself."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, path: tuple[str, ...]) -> None:
        names = [name for each in command.get_params(typer.Context(command)) for name in each.opts]
        found[path] = {name for name in names if name.startswith("-")}
        for name, below in getattr(command, "commands", {}).items():
            walk(below, (*path, name))

    walk(typer.main.get_command(make_app()), ())
    return found


def lines_of_commands() -> Iterator[tuple[str, list[str]]]:
    """Yield what is typed for custseg on any page, in a block or within a sentence: the page, and the words."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        blocks = "\n".join(re.findall(r"^```bash\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        spans = re.findall(r"(?<!`)`([^`]+)`(?!`)", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))
        for line in [*blocks.replace("\\\n", " ").splitlines(), *spans]:
            for part in re.split(r"&&|\|", " ".join(line.split())):
                words = part.split("#")[0].replace("$(", "").split()
                words = [word for word in words if not SETTING.match(word)]
                if words and Path(words[0]).name == "custseg":
                    yield path.name, shlex.split(" ".join(words[1:]))
        # A line of a crontab has the time before the command.
        for line in re.findall(r"^(?:[\d*]+ ){5}custseg (.*)$", text, re.MULTILINE):
            yield path.name, shlex.split(line.replace("$(", "").replace(")", ""))


def test_each_command_and_option_that_a_page_names_is_there() -> None:
    known = commands()
    wrong = []
    for page, words in lines_of_commands():
        ours = words[: words.index("--")] if "--" in words else words
        path = next((path for path in (tuple(ours[:2]), tuple(ours[:1])) if path in known), ())
        # Without a subcommand it is that of segments, or the command's own.
        allowed = known[path] if path else known[()] | known["segment",]
        options = {word.partition("=")[0] for word in ours if re.match(r"--?[a-z]", word)} - {"--help"}
        wrong += [f"{page}: custseg {' '.join(path)} {option}" for option in options - allowed]
    assert wrong == []


def test_each_option_within_a_sentence_is_one_of_ours_or_of_panel() -> None:
    # Its types know of one name an option alone.
    arguments: Any = Serve.args
    panel = {name for names, _ in arguments for name in ([names] if isinstance(names, str) else names)}
    known = {option for options in commands().values() for option in options} | panel | {"--help"}
    named = {
        (path.name, option)
        for path in PAGES
        for option in re.findall(r"`(--[a-z-]+)", path.read_text(encoding="utf-8"))
    }
    assert [each for each in sorted(named) if each[1] not in known] == []


def settings_in(*paths: str) -> set[str]:
    files = [path for each in paths for path in [ROOT / each, *(ROOT / each).rglob("*")]]
    texts = [path.read_text(encoding="utf-8") for path in files if path.suffix in (".py", ".yaml", ".md")]
    return set(SETTING.findall("".join(texts)))


def test_each_setting_that_a_page_names_is_there_and_each_that_is_there_is_told() -> None:
    told, of_a_server = settings_in("README.md", "docs"), settings_in("custseg", "dashboard", "deploy")
    assert told - of_a_server - settings_in("docs/settings.md", "benchmarks") == set()
    assert of_a_server - told == set()
