"""What a server has of its own: the tables that it offers, and the playbook of a company."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from custseg import CustomerTable, DataError, Playbook, SettingError, from_transactions
from custseg.errors import quote
from custseg.language import ENGLISH, LANGUAGES, current, mark, say, spoken
from custseg.settings import MOST_IN_MEMORY
from custseg.tables.sources.engines import is_address, title_of
from dashboard.server_settings import ServerSettingError, server_settings, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN = "own"
_reading = Lock()
_DATA = Path(__file__).resolve().parents[1] / "data"
SAMPLES = {
    "wholesale": (mark("Wholesale customers"), _DATA / "wholesale_customers.csv"),
    "online_shop": (mark("Online shop customers"), _DATA / "online_shop_customers.csv"),
    "loyalty_cards": (mark("Loyalty cards"), _DATA / "loyalty_cards.parquet"),
}


def offered() -> dict[str, str]:
    """Return the tables that a page offers: the name in the address, and the title; the first is the default."""
    titles = {name: say(title) for name, (title, _) in SAMPLES.items()}
    source = server_settings().source
    return {OWN: _title_of(source)} | titles if source else titles


def _title_of(source: str) -> str:
    try:
        return title_of(source)
    except DataError:
        # Whoever reads it says what is wrong with such an address.
        return say("This server's table")


def read_source(name: str | None = None) -> CustomerTable:
    """Read an offered table, which sessions share; the default one where no name is given.

    Raises
    ------
    DataError
        It can't be used.
    SettingError
        There is none of that name.

    """
    tables = offered()
    name = next(iter(tables)) if name is None else name
    if name not in tables:
        msg = say(
            "There is no table called {name} here. Choose one of those offered, or upload a file.", name=quote(name)
        )
        raise SettingError(msg)
    if name != OWN:
        return _told(str(SAMPLES[name][1]), _version(SAMPLES[name][1]), "", MOST_IN_MEMORY, current())
    settings = server_settings()
    # Whoever comes meanwhile waits: a large table must not be in memory twice.
    with _reading, _noted(f"{variable('source')} {quote(_shown(settings.source))}"):
        version = _version(Path(settings.source))
        return _told(settings.source, version, settings.rows, settings.most_in_memory, current())


def _shown(source: str) -> str:
    """Return what tells an operator which source it is: never a login, nor the folder of a file."""
    return source.partition(":")[0] if is_address(source) else Path(source).name


@contextmanager
def _noted(about: str) -> Iterator[None]:
    """Note at an error what it is about, for the log."""
    try:
        yield
    except (DataError, SettingError) as problem:
        problem.add_note(about)
        raise


def check_settings() -> None:
    """Raise SettingError or DataError where a setting is wrong, or the server's own file isn't there."""
    playbook()
    source = server_settings().source
    # An engine, or a pattern of names, is asked by whoever reads it: this is asked every few seconds.
    if source and not is_address(source) and not set("*?[") & set(source) and not Path(source).exists():
        msg = (
            f"{variable('source')} names a file that is not there: {quote(source)}. Correct it, or put the file there."
        )
        raise ServerSettingError(msg)


def playbook() -> Playbook | None:
    """Return the playbook that CUSTSEG_PLAYBOOK names, None where it names none. Raises SettingError for a mistake.

    It is one of custseg's, or a file, which is read once, and again when it has changed.
    """
    path = server_settings().playbook
    with _noted(variable("playbook")):
        return _read_playbook(Path(path), _version(Path(path))) if path else None


def versions() -> tuple[object, ...]:
    """Return what tells whether a page that is made now would differ from one made earlier."""
    settings = server_settings()
    return settings, _version(Path(settings.source)), _version(Path(settings.playbook))


def _version(path: Path) -> tuple[int, int]:
    """Return what tells a changed file from the one before: when it was written, and its size."""
    try:
        facts = path.stat()
    except OSError:
        # Whoever reads it says what is wrong.
        return 0, 0
    return facts.st_mtime_ns, facts.st_size


@lru_cache(maxsize=1)
def _read_playbook(path: Path, version: tuple[int, int]) -> Playbook:  # noqa: ARG001 - so that a change is read
    return Playbook.find(path)


@lru_cache(maxsize=(len(SAMPLES) + 1) * len(LANGUAGES))
def _told(source: str, version: tuple[int, int], rows: str, most: int, language: str) -> CustomerTable:
    """Return a table with what is said of it in a language; its cells are in memory once, whatever is spoken."""
    with spoken(ENGLISH):
        table = _read(source, version, rows, most)
    if language == ENGLISH:
        return table
    with spoken(language):
        said = _open(source, rows, most)
    return replace(table, columns=said.columns, remarks=said.remarks, doubts=said.doubts)


@lru_cache(maxsize=len(SAMPLES) + 1)
def _read(
    source: str,
    version: tuple[int, int],  # noqa: ARG001 - so that a change is read
    rows: str,
    most: int,
) -> CustomerTable:
    return _open(source, rows, most)


def _open(source: str, rows: str, most: int) -> CustomerTable:
    if rows == "purchases":
        return from_transactions(source, most_in_memory=most)
    return CustomerTable.read(source, rows="customers" if rows else None, most_in_memory=most)
