from __future__ import annotations

import base64
import functools
import hashlib
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from deploy.local.environments import Environment
from deploy.local.progress import Progress
from deploy.local.spacy_wheel import WheelUnavailable, check_wheel, ensure_wheel, fetch, installed_variant

NAME = "sv_core_news_sm-3.4.0-py3-none-any.whl"
SENTENCE = "using the built-in fallback (same answers, simpler lemmas)."
DAY = 24 * 3600.0
NOW = 1_795_000_000.0


def make_wheel(path: Path, *, name: str = "sv_core_news_sm", version: str = "3.4.0", damaged: bool = False) -> Path:
    files = {
        "sv_core_news_sm/__init__.py": b"",
        f"{name}-{version}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode(),
    }
    record = "".join(
        f"{entry},sha256={base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}\n"
        for entry, data in files.items()
    )
    if damaged:
        files["sv_core_news_sm/__init__.py"] = b"changed"
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in {**files, f"{name}-{version}.dist-info/RECORD": record.encode()}.items():
            archive.writestr(entry, data)
    return path


class Bot:
    """An environment whose installer unpacks, as uv does."""

    def __init__(self, root: Path) -> None:
        self.environment = Environment("bot", root)
        self.packages = self.environment.folder / "lib" / "python3.10" / "site-packages"
        self.packages.mkdir(parents=True)
        self.installed: list[Path] = []
        self.said = io.StringIO()

    def install(self, wheel: Path) -> None:
        self.installed.append(wheel)
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(self.packages)

    def uninstall(self) -> None:
        for folder in self.packages.glob("*.dist-info"):
            folder.rename(folder.with_suffix(".gone"))

    def ensure(self, wanted: str | Path, *, now: float = NOW) -> str:
        return ensure_wheel(
            self.environment,
            str(wanted),
            install=self.install,
            uninstall=self.uninstall,
            progress=Progress(self.said),
            now=now,
        )


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return Bot(tmp_path / "checkout")


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server and the folder it serves."""

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    folder = tmp_path / "site"
    folder.mkdir()
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def test_an_address_that_cannot_be_reached_is_one_line_and_the_fallback(bot: Bot, closed_port: int) -> None:
    assert bot.ensure(f"http://127.0.0.1:{closed_port}/{NAME}") == "fallback"
    last = bot.said.getvalue().splitlines()[-1]
    assert "spaCy's Swedish model could not be had from IV_SPACY_WHEEL (the connection was refused); " in last
    assert last.endswith(SENTENCE)


def test_it_is_said_at_every_start_but_tried_once_a_day(bot: Bot, site: tuple[str, Path]) -> None:
    address, folder = site
    assert bot.ensure(f"{address}/{NAME}") == "fallback"
    make_wheel(folder / NAME)
    bot.said.truncate(0)
    assert bot.ensure(f"{address}/{NAME}", now=NOW + DAY - 1) == "fallback"
    assert bot.said.getvalue().count(SENTENCE) == 1
    assert bot.ensure(f"{address}/{NAME}", now=NOW + DAY) != "fallback"


def test_another_wheel_is_tried_at_once(bot: Bot, tmp_path: Path, closed_port: int) -> None:
    bot.ensure(f"http://127.0.0.1:{closed_port}/{NAME}")
    assert bot.ensure(make_wheel(tmp_path / NAME)).startswith("sv_core_news_sm-3.4.0 ")


def test_a_wheel_that_appears_at_the_same_path_is_taken(bot: Bot, tmp_path: Path) -> None:
    assert bot.ensure(tmp_path / NAME) == "fallback"
    assert bot.ensure(make_wheel(tmp_path / NAME)) != "fallback"


def test_an_installed_wheel_is_not_installed_again(bot: Bot, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / NAME)
    variant = bot.ensure(wheel)
    assert bot.ensure(wheel) == variant == installed_variant(bot.environment)
    assert len(bot.installed) == 1


def test_a_wheel_that_a_sync_of_the_environment_removed_is_put_back(bot: Bot, tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / NAME)
    bot.ensure(wheel)
    bot.uninstall()
    assert bot.ensure(wheel) != "fallback"


def test_a_former_wheel_does_not_stay_when_the_wanted_one_cannot_be_had(bot: Bot, tmp_path: Path) -> None:
    bot.ensure(make_wheel(tmp_path / NAME))
    assert bot.ensure(tmp_path / "missing.whl") == "fallback"


def test_a_downloaded_file_must_have_the_official_sum(site: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = site
    wheel = make_wheel(folder / NAME)
    right, quiet = hashlib.sha256(wheel.read_bytes()).hexdigest(), Progress(quiet=True)
    with pytest.raises(WheelUnavailable, match="SHA-256 differs"):
        fetch(f"{address}/{NAME}", tmp_path / "wheels", sha256="0" * 64, progress=quiet)
    assert list((tmp_path / "wheels").iterdir()) == []
    assert fetch(f"{address}/{NAME}", tmp_path / "wheels", sha256=right, progress=quiet).read_bytes() == (
        wheel.read_bytes()
    )


def test_the_official_wheel_is_kept_and_not_fetched_twice(site: tuple[str, Path], tmp_path: Path) -> None:
    address, folder = site
    wheel = make_wheel(folder / NAME)
    right, quiet = hashlib.sha256(wheel.read_bytes()).hexdigest(), Progress(quiet=True)
    first = fetch(f"{address}/{NAME}", tmp_path / "wheels", sha256=right, progress=quiet)
    wheel.unlink()
    assert fetch(f"{address}/{NAME}", tmp_path / "wheels", sha256=right, progress=quiet) == first


def test_a_damaged_wheel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WheelUnavailable, match="damaged"):
        check_wheel(make_wheel(tmp_path / NAME, damaged=True))


@pytest.mark.parametrize(("name", "version"), [("sv_core_news_lg", "3.4.0"), ("sv_core_news_sm", "3.7.0")])
def test_another_package_is_refused(tmp_path: Path, name: str, version: str) -> None:
    with pytest.raises(WheelUnavailable, match="it holds"):
        check_wheel(make_wheel(tmp_path / NAME, name=name, version=version))


def test_a_page_that_is_no_wheel_is_refused(tmp_path: Path) -> None:
    page = tmp_path / NAME
    page.write_text("<html>Log in to the network</html>", encoding="utf-8")
    with pytest.raises(WheelUnavailable, match="not a wheel"):
        check_wheel(page)
