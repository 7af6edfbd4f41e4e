"""Find a Chromium to test with: a browser of this machine, else Playwright's own, else the distribution's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SETTING = "CUSTSEG_TEST_BROWSER"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
_PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
)
_SECONDS_TO_INSTALL = 900
WHAT_TO_DO = (
    "The browser tests need Chromium, Chrome or Edge, and none could be found or installed.\n"
    "Do one of these and run the tests again:\n"
    "  - install Chromium, Chrome or Edge as you install other programs (Debian: apt-get install chromium);\n"
    "  - run: python -m playwright install --with-deps chromium\n"
    f"  - set {SETTING} to the path of such a browser.\n"
    "What was tried:\n"
)


def find_browser(own: Callable[[], str]) -> str:
    """Return the path of a browser that starts; ``own`` gives the path where Playwright keeps its download.

    Raises RuntimeError, with what was tried and what to do, where there is none.
    """
    tried: list[str] = []
    chosen = os.environ.get(SETTING)
    for path in [chosen] if chosen else _on_this_machine():
        if _starts(path, tried):
            return path
    if not chosen:
        for install in (_install_playwrights, _install_the_distributions):
            if install(own, tried) and (
                path := next((p for p in (own(), *_on_this_machine()) if _starts(p, tried)), "")
            ):
                return path
    raise RuntimeError(WHAT_TO_DO + "\n".join(f"  - {line}" for line in tried or ["no browser on the path"]))


def is_root() -> bool:
    """Whether this process may install packages, and whether Chromium refuses to start in its sandbox."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _on_this_machine() -> Iterator[str]:
    yield from filter(None, map(shutil.which, _NAMES))
    yield from (path for path in map(os.path.expandvars, _PLACES) if Path(path).is_file())


def _starts(path: str, tried: list[str]) -> bool:
    """Whether it is a browser that runs here: a stub that only points to an app store is not."""
    if not Path(path).is_file():
        return False
    if sys.platform == "win32":
        # There ``--version`` opens a window.
        return True
    return _runs([path, "--version"], tried)


def _install_playwrights(own: Callable[[], str], tried: list[str]) -> bool:
    if Path(own()).is_file():
        return True
    # The libraries that it needs are packages, which only root may install; else they are hoped to be there.
    with_libraries = ["--with-deps"] if is_root() else []
    return _runs([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"], tried)


def _install_the_distributions(_own: Callable[[], str], tried: list[str]) -> bool:
    """Install what Debian packages: some networks have a mirror of its packages, but don't reach Playwright's host."""
    if shutil.which("apt-get") is None or not is_root():
        tried.append("the distribution's package: needs apt-get and the rights of root")
        return False
    update, install = ["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]
    return _runs(update, tried) and _runs(install, tried)


def _runs(command: list[str], tried: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS_TO_INSTALL, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        tried.append(f"{' '.join(command)}: {problem}")
        return False
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        tried.append(f"{' '.join(command)}: exit code {done.returncode} {' '.join(last)}")
    return done.returncode == 0
