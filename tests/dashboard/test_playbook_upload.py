"""A playbook that is dropped on the page: used at once, or refused in a sentence that leaves all as it was."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from custseg import Playbook, SegmentationModel
from dashboard.playbook_upload import OwnPlaybook
from tests.dashboard.test_uploads import send, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from custseg import CustomerTable

OWN = "title: Ours\nsuggestions:\n- area: stock\n  suggest: Two vans.\n  when: {says: mean spend, at_least: 1.5}\n"


@pytest.fixture
def own(table: CustomerTable) -> Iterator[OwnPlaybook]:
    model = SegmentationModel(table, k=4, seed=42)
    model.run_clustering()
    own = OwnPlaybook(model)
    yield own
    own.leave()


def drop(own: OwnPlaybook, content: str) -> str:
    async def scenario() -> None:
        before = own.note
        send(own.upload, "ours.yaml", content)
        await until(lambda: own.note != before)

    asyncio.run(scenario())
    return own.note


def test_a_playbook_that_is_dropped_speaks_at_once(own: OwnPlaybook) -> None:
    result = own.model.result
    assert "“ours.yaml” is used now" in drop(own, OWN)
    assert own.model.playbook is not None
    assert own.model.playbook.title == "Ours"
    assert own.model.words is not None
    assert {action.text for action in own.model.words.actions} == {"Two vans."}
    assert own.model.result is result


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("suggestions:\n- area: <b>\n", "mistake in line 2: suggestions.when: this is required"),
        ("name: '<b>x'\n", "mistake in line 1: name: this must fit the pattern"),
        ("a: !!python/object/apply:os.system [x]", "could not determine a constructor"),
        ("# " + "x" * 1_000_001, "is larger than 1 MB, the limit here. Download a playbook below, and change that"),
    ],
)
def test_what_is_wrong_is_said_and_the_one_before_stays(own: OwnPlaybook, content: str, said: str) -> None:
    own.model.playbook = Playbook.bundled("bank")
    note = drop(own, content)
    assert said in note
    assert 'role="alert"' in note
    assert "<b>" not in note
    assert own.model.playbook is Playbook.bundled("bank")


def test_a_playbook_to_change_can_be_downloaded_and_comes_back_as_it_was(own: OwnPlaybook) -> None:
    for name in Playbook.names():
        own.model.playbook = Playbook.bundled(name)
        text = own.example().read().decode()
        assert "# What a playbook may hold" in text
        assert "is used now" in drop(own, text)
        assert own.model.playbook == Playbook.bundled(name)
        own.model.playbook = None
        drop(own, "name: x y")
    own.model.playbook = Playbook(title="Ours")
    assert own.example().read().decode() == Playbook.text("retail")
