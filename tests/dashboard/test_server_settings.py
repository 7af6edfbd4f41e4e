"""Every setting of the server: what it may be, what is said of a wrong one, and that the documents list it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError

from custseg import SettingError
from dashboard.reading_limits import ReadingLimits
from dashboard.server_settings import ServerSettings, server_settings, unknown_settings, variable
from dashboard.settings_table import table
from tests.dashboard.wire import ask
from tests.ui.server import DASHBOARD, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [field for field, default in ServerSettings().model_dump().items() if isinstance(default, int)]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in ServerSettings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


@pytest.mark.parametrize("field", NUMBERS)
def test_a_number_is_taken_as_it_is_set_and_anything_else_refused_with_what_is_allowed(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = variable(field)
    monkeypatch.setenv(name, " 500 ")
    assert getattr(server_settings(), field) == 500
    for wrong in ("many", "-1", "1_0", "1.5", "٣", "9" * 5000):
        monkeypatch.setenv(name, wrong)
        allowed = rf"{name} must be a whole number of \w+ from \d.* to .*, but got “"
        with pytest.raises(SettingError, match=allowed):
            server_settings()
    monkeypatch.setenv(name, "")
    assert server_settings() == ServerSettings()


def test_a_word_is_one_of_those_that_are_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_LOG", "loudly")
    monkeypatch.setenv("CUSTSEG_METRICS", "yes")
    with pytest.raises(SettingError) as refused:
        server_settings()
    assert "CUSTSEG_LOG must be trouble, text or json, but got “loudly”" in str(refused.value)
    assert "CUSTSEG_METRICS must be on or off, but got “yes”" in str(refused.value)


def test_settings_are_not_changed_once_they_are_read() -> None:
    with pytest.raises(ValidationError):
        server_settings().sessions = 3


def test_what_reading_may_take_is_by_default_what_the_settings_say() -> None:
    assert ReadingLimits() == ReadingLimits.of(ServerSettings())


def test_a_name_that_is_no_setting_is_told_with_the_one_that_may_be_meant() -> None:
    environment = {"CUSTSEG_SESSION": "3", "CUSTSEG_QQ": "1", "CUSTSEG_TEST_BROWSER": "x", "CUSTSEG_SESSIONS": "3"}
    without, near = unknown_settings(environment)
    assert "“CUSTSEG_QQ”" in without
    assert "docs/settings.md" in without
    assert near == "There is no setting “CUSTSEG_SESSION”, and it changes nothing: CUSTSEG_SESSIONS may be meant."


def test_the_document_has_the_table_of_all_settings() -> None:
    assert table() in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_no_setting_is_named_anywhere_that_is_not_one_of_them() -> None:
    setting = re.compile(r"\bCUSTSEG_[A-Z_]*[A-Z]\b")
    assert unknown_settings({name: "" for path in _texts() for name in setting.findall(path.read_text("utf-8"))}) == []


def _texts() -> Iterator[Path]:
    yield from (ROOT / name for name in ("README.md", "Dockerfile", "deploy/compose.yaml", "deploy/nginx.conf"))
    for folder, kind in (("docs", "*.md"), ("custseg", "*.py"), ("dashboard", "*.py")):
        yield from (ROOT / folder).rglob(kind)


def test_a_server_does_not_start_with_a_wrong_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_SESSIONS", "none")
    command = [sys.executable, "-m", "panel", "serve", str(DASHBOARD), "--port", "0"]
    setup = ["--setup", str(DASHBOARD.with_name("setup.py"))]
    ended = subprocess.run([*command, *setup], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    said = ended.stderr.strip().splitlines()[-1]
    assert said.startswith("CUSTSEG_SESSIONS must be a whole number of sessions from 1 to 100,000, but got “none”.")
    assert "Traceback" not in ended.stderr


def test_without_the_setup_file_a_wrong_setting_is_said_on_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUSTSEG_SESSIONS", "none")
    monkeypatch.setenv("CUSTSEG_SESION", "3")
    with serve(tmp_path) as running:
        assert '<main class="alone"' in ask(running.url)[1]
        log = running.log.read_text()
    assert "The page cannot be shown: CUSTSEG_SESSIONS must be" in log
    assert "There is no setting “CUSTSEG_SESION”" in log
