"""The api alone, with a seeded database and the demo accounts that `make run` makes; what walks through it share."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, expect

from deploy.local.ports import free_ports
from tests.browser.visitor import Visitor

EXPECTED = ("401", "404", "409", "422")
"""Browsers complain of every refused form; these refusals are part of the walks."""
_FOLDER = TemporaryDirectory(prefix="site-")  # goes with the process
_PREPARED = Path(_FOLDER.name) / "prepared"


@contextmanager
def staff_site(data_dir: Path, *, worker: bool = False, settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of an api of its own; with `worker` its worker runs too. `settings` are variables of both."""
    (port,) = free_ports(1)
    env = _environment(data_dir) | {"IV_PORT": str(port)} | dict(settings or {})
    shutil.copytree(_prepared(), data_dir, dirs_exist_ok=True)
    processes = [
        subprocess.Popen([sys.executable, "-m", module], env=env, stdout=subprocess.DEVNULL)
        for module in ("api", *(["api.worker"] if worker else []))
    ]
    url = f"http://localhost:{port}"
    try:
        for _ in range(900):
            assert processes[0].poll() is None, "the api has ended"
            try:
                urlopen(f"{url}/health", timeout=1).close()
                break
            except (URLError, OSError):
                time.sleep(0.1)
        else:
            raise AssertionError("the api does not answer")
        yield url
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(60)


@cache
def _prepared() -> Path:
    """What `make run` makes in a new folder of data, made once; each site starts with a copy."""
    _PREPARED.mkdir()
    prepare = [sys.executable, "-m", "api.manage", "prepare", _PREPARED / "names.json"]
    subprocess.run(prepare, env=_environment(_PREPARED), check=True)
    return _PREPARED


def _environment(data_dir: Path) -> dict[str, str]:
    """The variables of a process of the site; nothing of the tests' own settings."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("IV_")}
    return outside | {"IV_DATA_DIR": str(data_dir), "IV_DATABASE_URL": ""}


def passwords_of(data_dir: Path) -> dict[str, str]:
    """The demo accounts' passwords, by log-in."""
    noted: dict[str, str] = json.loads((data_dir / "demo-accounts.json").read_text("utf-8"))
    return noted


@contextmanager
def visiting(browser: Browser, site: str, width: int) -> Iterator[Visitor]:
    """Somebody whose walk may meet refused forms, and nothing else that is objectionable."""
    with Visitor.new(browser, site, width=width) as visitor:
        yield visitor
        visitor.complaints = [text for text in visitor.complaints if not any(code in text for code in EXPECTED)]
        visitor.assert_nothing_objectionable()


@contextmanager
def at_the_desk(browser: Browser, site: str, width: int, data_dir: Path) -> Iterator[Visitor]:
    """Somebody of the staff who has just logged in."""
    with visiting(browser, site, width) as visitor:
        visitor.go("/personal")
        log_in(visitor, "staff", passwords_of(data_dir)["staff"])
        expect(visitor.page).to_have_title("Personalens sidor – Industrivägledaren")
        yield visitor


def judge(visitor: Visitor, title: str) -> None:
    """The page that has come is the one that was meant, accessible, and no wider than the window."""
    expect(visitor.page).to_have_title(f"{title} – Industrivägledaren")
    visitor.assert_accessible()
    visitor.assert_fits()


def fill(visitor: Visitor, field: str, text: str) -> None:
    """Reach a field by Tab and type; what stood there is replaced."""
    for _ in range(120):
        visitor.page.keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.id") == field:
            break
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(text)


def log_in(visitor: Visitor, login: str, password: str) -> None:
    fill(visitor, "login", login)
    fill(visitor, "password", password)
    visitor.page.keyboard.press("Enter")
