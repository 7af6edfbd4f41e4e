"""What a reading process gives up before it imports anything that reads: for good, and as far as the system can.

Nothing here needs the rights of root. What holds where stands in ``docs/security.md``. The numbers are those of Linux,
which never change them.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from contextlib import suppress
from pathlib import Path

try:
    import resource
except ImportError:
    # Elsewhere than on Unix the time alone is limited, by who started this.
    resource = None  # type: ignore[assignment]

MEGABYTE = 1_000_000
_MOST_FILES = 256
_SET_NO_NEW_PRIVILEGES = 38
_OWN_USERS, _OWN_NETWORK = 0x10000000, 0x40000000
# Landlock: system calls, kinds of access to files, and since which version of it they are known.
_CREATE_RULES, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_ON_A_PATH, _ASK_FOR_VERSION = 1, 1
_EXECUTE, _WRITE, _TRUNCATE = 1 << 0, 1 << 1, 1 << 14
_REMOVE_AND_MAKE = sum(1 << bit for bit in range(4, 13))
_MOVE = 1 << 13
_SINCE = ((1, _EXECUTE | _WRITE | _REMOVE_AND_MAKE), (2, _MOVE), (3, _TRUNCATE))
_SINCE_NETWORK, _TCP = 4, 0b11
_SINCE_SCOPES, _SIGNALS_AND_SOCKETS = 6, 0b11


def confine(megabytes: int, disk_megabytes: int, writable: Path) -> None:
    """Limit memory, files and what is written; give up programs, the network, and writing elsewhere than in a folder.

    Has to come before anything makes a thread, since Linux confines one at a time.
    """
    with suppress(OSError):
        # Where the machine's memory is short, Linux ends this first, and not the server.
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    _limit(megabytes * MEGABYTE, disk_megabytes * MEGABYTE)
    if sys.platform == "linux":
        system = ctypes.CDLL(None, use_errno=True)
        system.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
        # Root needs no users of its own for it; where neither is allowed, Landlock still refuses TCP.
        if system.unshare(_OWN_NETWORK):
            system.unshare(_OWN_USERS | _OWN_NETWORK)
        _refuse_files(system, writable)


def _limit(memory: int, written: int) -> None:
    if resource is not None:
        # What is written to, and not what is only set aside, of which each thread of Arrow and DuckDB takes plenty.
        _set_limit(resource.RLIMIT_DATA, memory)
        _set_limit(resource.RLIMIT_FSIZE, written)
        _set_limit(resource.RLIMIT_NOFILE, _MOST_FILES)
        # Else customers could lie on the disk after a crash.
        _set_limit(resource.RLIMIT_CORE, 0)


def _set_limit(kind: int, wanted: int) -> None:
    _, most = resource.getrlimit(kind)
    allowed = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(kind, (allowed, allowed))


def _refuse_files(system: ctypes.CDLL, writable: Path) -> None:
    """Have Landlock refuse to run programs, to write outside a folder, and to connect; without it nothing happens."""
    version = system.syscall(_CREATE_RULES, None, 0, _ASK_FOR_VERSION)
    if version < 1:
        return
    files = sum(kinds for since, kinds in _SINCE if version >= since)
    network = _TCP if version >= _SINCE_NETWORK else 0
    scopes = _SIGNALS_AND_SOCKETS if version >= _SINCE_SCOPES else 0
    # An older version takes none of the later fields.
    fields = [files, network, scopes][: 3 if scopes else 2 if network else 1]
    described = struct.pack(f"{len(fields)}Q", *fields)
    rules = system.syscall(_CREATE_RULES, described, len(described), 0)
    if rules < 0:
        return
    _allow(system, rules, writable, files & ~_EXECUTE)
    _allow(system, rules, Path(os.devnull), files & (_WRITE | _TRUNCATE))
    system.syscall(_RESTRICT_SELF, rules, 0)
    os.close(rules)


def _allow(system: ctypes.CDLL, rules: int, path: Path, kinds: int) -> None:
    place = os.open(path, getattr(os, "O_PATH", 0))
    system.syscall(_ADD_RULE, rules, _RULE_ON_A_PATH, struct.pack("=Qi", kinds, place), 0)
    os.close(place)
