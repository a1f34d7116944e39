"""spaCy's Swedish model: where it comes from, how it is checked, and what happens when it cannot be had."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from email.parser import HeaderParser
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any

from deploy.local.environments import Environment
from deploy.local.progress import Progress, SetupError

OFFICIAL_URL = (
    "https://github.com/explosion/spacy-models/releases/download/"
    "sv_core_news_sm-3.4.0/sv_core_news_sm-3.4.0-py3-none-any.whl"
)
OFFICIAL_SHA256 = "733b58f6c27dfc056069c90266bfb1ad38d75c732a567c45c15a7242f3fe0eb8"
"""`checksum_whl` in explosion/spacy-models, meta/sv_core_news_sm-3.4.0.json."""

PACKAGE = "sv_core_news_sm"
VERSION = "3.4."
CONNECT_SECONDS = 5.0
DOWNLOAD_SECONDS = 180.0
RETRY_SECONDS = 24 * 3600.0
STAMP = ".iv-spacy.json"
FALLBACK = "using the built-in fallback (same answers, simpler lemmas)."


class WheelUnavailable(Exception):
    """The wheel cannot be had, or is not what it should be; the message says why in a few words."""


def installed_variant(bot: Environment) -> str:
    """Which Swedish pipeline the bot runs with: name, version and a short hash of the package, or `fallback`."""
    packages = bot.site_packages
    found = next(packages.glob(f"{PACKAGE}-*.dist-info"), None) if packages else None
    if found is None:
        return "fallback"
    digest = hashlib.sha256((found / "RECORD").read_bytes()).hexdigest()[:12]
    return f"{found.name.removesuffix('.dist-info')} {digest}"


def ensure_wheel(
    bot: Environment,
    wanted: str,
    *,
    install: Callable[[Path], None],
    uninstall: Callable[[], None],
    progress: Progress,
    now: float | None = None,
) -> str:
    """Bring the environment to the wheel that is wanted, or to the fallback. Returns the variant installed.

    `wanted` is `IV_SPACY_WHEEL`: a path, a URL, or empty for the official address. A wheel that could not be had
    is not tried again for a day unless another one is wanted. Never raises for a wheel that is missing or wrong.
    """
    now = time.time() if now is None else now
    source = wanted or OFFICIAL_URL
    stamp_file = bot.folder / STAMP
    state = {"source": source, "file": _file_state(source)}
    stamp = _read_stamp(stamp_file)
    variant = installed_variant(bot)
    if stamp.get("wanted") == state:
        if stamp.get("variant") == variant != "fallback":
            return variant
        if variant == "fallback" and 0 <= now - float(stamp.get("failed_at", 0)) < RETRY_SECONDS:
            progress.say(f"{stamp.get('why', 'spaCy has no Swedish model here')}; {FALLBACK}")
            return variant
    try:
        wheel = fetch(source, bot.folder.parent / "wheels", sha256="" if wanted else OFFICIAL_SHA256, progress=progress)
        check_wheel(wheel)
        install(wheel)
    except (WheelUnavailable, SetupError) as error:
        subject = f"spaCy's Swedish model could not be {'had from IV_SPACY_WHEEL' if wanted else 'fetched'}"
        why = f"{subject} ({error})" if isinstance(error, WheelUnavailable) else f"{subject} (it cannot be installed)"
        if variant != "fallback":
            uninstall()
        _write_stamp(stamp_file, {"wanted": state, "failed_at": now, "why": why})
        progress.say(f"{why}; {FALLBACK}")
        return installed_variant(bot)
    variant = installed_variant(bot)
    _write_stamp(stamp_file, {"wanted": state, "variant": variant})
    progress.say(f"spaCy's Swedish model is installed: {variant.split()[0]}.")
    return variant


def fetch(source: str, folder: Path, *, sha256: str, progress: Progress) -> Path:
    """A local file of the wheel: the path itself, a copy fetched before, or a new download into `folder`.

    `sha256` (hexadecimal) must fit when given. Raises WheelUnavailable.
    """
    address = urllib.parse.urlsplit(source)
    if address.scheme not in {"http", "https"}:
        path = Path(urllib.parse.unquote(address.path) if address.scheme == "file" else source).expanduser()
        if not path.is_file():
            raise WheelUnavailable("there is no such file")
        return path
    target = folder / Path(urllib.parse.unquote(address.path)).name
    if sha256 and target.is_file() and _sha256(target) == sha256:
        return target
    progress.say("Fetching spaCy's Swedish model (about 12 MB) …")
    folder.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        with _open(source) as response, part.open("wb") as file:
            _copy(response, file)
        if sha256 and _sha256(part) != sha256:
            raise WheelUnavailable("the file fetched is not the official one: its SHA-256 differs")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target


def check_wheel(wheel: Path) -> None:
    """Raise WheelUnavailable unless this is an undamaged wheel of the package in a version for spaCy 3.4."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            info = next((name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA")), "")
            metadata = HeaderParser().parsestr(archive.read(f"{info}/METADATA").decode("utf-8"))
            name, version = str(metadata["Name"]).replace("-", "_"), str(metadata["Version"])
            if name != PACKAGE or not version.startswith(VERSION):
                raise WheelUnavailable(f"it holds {name} {version}, not {PACKAGE} {VERSION}x")
            recorded = {}
            for row in csv.reader(io.StringIO(archive.read(f"{info}/RECORD").decode("utf-8"))):
                recorded[row[0]] = row[1]
            for entry in names:
                if entry.endswith("/") or entry == f"{info}/RECORD":
                    continue
                digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(entry)).digest()).rstrip(b"=").decode()
                if recorded.get(entry) != f"sha256={digest}":
                    raise WheelUnavailable("the file is damaged: its contents differ from its own list of hashes")
    except (zipfile.BadZipFile, KeyError, IndexError, UnicodeDecodeError, OSError):
        raise WheelUnavailable("the file is not a wheel") from None


def _open(source: str) -> IO[bytes]:
    """Open a connection within a few seconds, name look-up included: that one knows no time-out of its own."""
    opened: list[IO[bytes]] = []
    failed: list[Exception] = []

    def connect() -> None:
        try:
            # Only http and https get here: `fetch` has looked.
            opened.append(urllib.request.urlopen(source, timeout=CONNECT_SECONDS))  # noqa: S310
        except (OSError, ValueError, HTTPException) as error:
            failed.append(error)

    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(2 * CONNECT_SECONDS)
    if opened:
        return opened[0]
    raise WheelUnavailable(_reason(failed[0]) if failed else "no answer in time")


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"the server answered {error.code}"
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    if isinstance(cause, socket.gaierror):
        return "no connection: the server's name cannot be resolved"
    if isinstance(cause, ConnectionRefusedError):
        return "the connection was refused"
    return "no connection"


def _copy(response: IO[bytes], file: IO[bytes]) -> None:
    deadline = time.monotonic() + DOWNLOAD_SECONDS
    try:
        while block := response.read(1 << 16):
            file.write(block)
            if time.monotonic() > deadline:
                raise WheelUnavailable("the download takes too long")
    except (TimeoutError, ConnectionError, HTTPException):
        raise WheelUnavailable("the connection broke off") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _file_state(source: str) -> str:
    """Changes when another file lies at the same path."""
    path = Path(source).expanduser()
    if "://" in source or not path.is_file():
        return ""
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns}"


def _read_stamp(path: Path) -> Mapping[str, Any]:  # Any: what the file holds is compared, never trusted
    try:
        stamp = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(path: Path, stamp: Mapping[str, object]) -> None:
    path.write_text(json.dumps(stamp), encoding="utf-8")
