"""How much the files of one session, and of all, may take on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from dashboard.upload import Upload
from dashboard.upload_room import Room, SessionRoom

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1_000_000


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUSTSEG_SESSION_UPLOADS_MEGABYTES", "3")
    monkeypatch.setenv("CUSTSEG_ALL_UPLOADS_MEGABYTES", "5")
    monkeypatch.setattr(SessionRoom, "_of_all", None)


@pytest.fixture
def places() -> Iterator[list[Upload]]:
    """Two places for files in one session, and one in another."""
    room = SessionRoom()
    made = [Upload(2, room), Upload(2, room), Upload(3, SessionRoom())]
    yield made
    for upload in made:
        upload.discard()


def send(upload: Upload, megabytes: float, name: str = "sales.csv") -> str:
    """Send a file in two pieces; return why it was not taken, empty where it was."""
    half: dict[str, Any] = {"name": name, "data": b"x" * int(megabytes * MEGABYTE / 2), "total_chunks": 2}
    upload.take({**half, "chunk": 1})
    upload.take({**half, "chunk": 2})
    return "" if upload.path is not None else upload.refusal


def test_the_files_of_one_session_share_their_room(places: list[Upload]) -> None:
    first, second, other = places
    assert send(first, 2) == ""
    refused = send(second, 2)
    assert refused == (
        "“sales.csv” cannot be taken: the files of one session can take at most 3 MB here. Send a smaller one."
    )
    assert send(second, 1) == ""
    assert send(other, 2) == ""


def test_all_sessions_share_theirs_and_what_goes_makes_room(places: list[Upload]) -> None:
    first, second, other = places
    assert send(first, 1.5) == ""
    assert send(second, 1.5) == ""
    assert "the files of all who use this server take the 5 MB that there are for them" in send(other, 3)
    assert other.coming == ""
    second.discard()
    assert send(other, 3) == ""


def test_a_file_in_the_place_of_another_takes_its_room(places: list[Upload]) -> None:
    for _ in range(5):
        assert send(places[0], 2) == ""


def test_what_is_refused_takes_nothing_and_leaves_nothing(places: list[Upload]) -> None:
    for _ in range(5):
        assert "is larger than 2 MB, the limit here" in send(places[0], 2.5)
    assert send(places[1], 2) == ""


def test_room_is_taken_up_to_the_last_byte() -> None:
    room = Room(1)
    assert room.take(MEGABYTE)
    assert not room.take(1)
    room.give_back(1)
    assert room.take(1)
