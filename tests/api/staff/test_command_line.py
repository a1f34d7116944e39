"""The first account, a way in again, and the demo accounts of a dev installation."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from api.database import Database
from api.manage import main
from api.staff import accounts
from api.staff.passwords import verify
from api.staff.tables import Account

PASSWORD = "kastrull moln 73 trappa"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A folder with a migrated SQLite database that the settings point at."""
    monkeypatch.delenv("IV_DATABASE_URL", raising=False)
    monkeypatch.setenv("IV_DATA_DIR", str(tmp_path))
    assert main(["migrate"]) == 0
    capsys.readouterr()
    return tmp_path


def account(folder: Path, login: str) -> Account | None:
    database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
    with database.transaction(read_only=True) as session:
        found = accounts.by_login(session, login)
    database.dispose()
    return found


def typed(*answers: str) -> tuple[int, str]:
    """Run `create-account` in a terminal of its own and type the answers; exit code and all that was on screen."""
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-m", "api.manage", "create-account", "chefen@example.org", "--title", "Ledningen"]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    screen, waiting = b"", list(answers)
    while select.select([terminal], [], [], 60)[0]:
        try:
            shown = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        screen += shown
        if shown.rstrip().endswith(b":") and waiting:
            os.write(terminal, waiting.pop(0).encode() + b"\n")
    os.close(terminal)
    return process.wait(60), screen.decode()


def test_a_password_is_asked_for_twice_and_never_shown(folder: Path) -> None:
    code, screen = typed(PASSWORD, PASSWORD)
    assert code == 0
    assert PASSWORD not in screen
    assert "Kontot chefen@example.org är upplagt." in screen
    made = account(folder, "chefen@example.org")
    assert made is not None
    assert (made.role, verify(made.password_hash, PASSWORD)) == ("admin", True)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [(("kort",), "Använd minst 12 tecken"), ((PASSWORD, PASSWORD + "x"), "på två olika sätt")],
)
def test_a_refused_password_makes_no_account(folder: Path, answers: tuple[str, ...], sentence: str) -> None:
    code, screen = typed(*answers)
    assert code == 2
    assert sentence in screen
    assert account(folder, "chefen@example.org") is None


def test_without_a_terminal_a_link_is_made_instead(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["create-account", "chefen@example.org", "--title", "Ledningen", "--role", "staff"]
    result = subprocess.run(
        [sys.executable, "-m", "api.manage", *wanted], stdin=subprocess.DEVNULL, capture_output=True
    )
    assert result.returncode == 2
    assert "--link" in result.stderr.decode()
    assert main([*wanted, "--link"]) == 0
    assert re.search(r"http://localhost:8000/personal/lank/[\w-]{43}\n$", capsys.readouterr().out)
    made = account(folder, "chefen@example.org")
    assert made is not None
    assert (made.role, made.password_hash) == ("staff", None)


def test_who_is_locked_out_gets_a_new_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["create-account", "chefen@example.org", "--title", "Ledningen", "--link"]) == 0
    first = capsys.readouterr().out
    assert main(["account-link", "Chefen@example.org"]) == 0
    assert capsys.readouterr().out not in {first, ""}
    assert main(["account-link", "finns-inte@example.org"]) == 2
    assert "Kontot finns inte." in capsys.readouterr().err


def test_the_same_account_is_not_made_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = ["create-account", "chefen@example.org", "--title", "Ledningen", "--link"]
    assert (main(wanted), main(wanted)) == (0, 2)
    assert "Det finns redan ett konto" in capsys.readouterr().err


class TestDemoAccounts:
    def test_each_role_gets_a_random_password_that_only_the_owner_can_read(self, folder: Path) -> None:
        assert main(["prepare", str(folder / "names.json")]) == 0
        file = folder / "demo-accounts.json"
        noted = json.loads(file.read_text("utf-8"))
        assert file.stat().st_mode & 0o777 == 0o600
        assert noted.keys() == {"admin", "staff", "counsellor"}
        assert len(set(noted.values())) == 3
        for login, password in noted.items():
            made = account(folder, login)
            assert made is not None
            assert made.role == login
            assert verify(made.password_hash, password)
            assert len(password) >= 19

    def test_are_made_once_and_only_where_there_are_no_accounts(self, folder: Path) -> None:
        assert main(["demo-accounts"]) == 0
        noted = (folder / "demo-accounts.json").read_text("utf-8")
        assert main(["demo-accounts"]) == 0
        assert (folder / "demo-accounts.json").read_text("utf-8") == noted
        (folder / "demo-accounts.json").unlink()
        assert main(["demo-accounts"]) == 0
        assert not (folder / "demo-accounts.json").exists()

    def test_a_password_that_was_changed_is_not_shown_any_more(self, folder: Path) -> None:
        assert main(["demo-accounts"]) == 0
        database = Database(f"sqlite:///{folder / 'industrivagledaren.db'}")
        with database.transaction() as session:
            changed = accounts.by_login(session, "admin")
            assert changed is not None
            changed.password_hash = None
        database.dispose()
        assert main(["demo-accounts"]) == 0
        assert json.loads((folder / "demo-accounts.json").read_text("utf-8")).keys() == {"staff", "counsellor"}

    def test_do_not_exist_in_prod(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("IV_ENV", "prod")
        monkeypatch.setenv("IV_PUBLIC_URL", "https://vagledaren.example.org")
        monkeypatch.setenv("IV_SMTP_URL", "smtp://mail.example.org")
        monkeypatch.setenv("IV_SERVICE_TOKEN", "t" * 40)
        monkeypatch.setenv("IV_SECRET_KEY", "k" * 40)
        assert main(["prepare", str(folder / "names.json")]) == 0
        assert main(["demo-accounts"]) == 2
        assert "IV_ENV=dev" in capsys.readouterr().err
        assert account(folder, "admin") is None
        assert not (folder / "demo-accounts.json").exists()
