"""What a server is set to is read once, and again when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from custseg import SettingError
from dashboard.source import PLAYBOOK_SETTING, playbook

if TYPE_CHECKING:
    from pathlib import Path


def test_a_playbook_is_read_once_and_again_when_the_file_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "playbook.yaml"
    path.write_text("products: []", encoding="utf-8")
    monkeypatch.setenv(PLAYBOOK_SETTING, str(path))
    first = playbook()
    assert first is not None
    assert playbook() is first
    path.write_text("suggestions: []", encoding="utf-8")
    assert playbook() is not first


def test_a_mistake_is_said_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "playbook.yaml"
    monkeypatch.setenv(PLAYBOOK_SETTING, str(path))
    for _ in range(2):
        with pytest.raises(SettingError, match="playbook"):
            playbook()
