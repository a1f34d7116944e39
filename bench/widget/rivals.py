"""Other people's widgets, fetched from npm for the bench only: one script of each, checked against its integrity."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.talk import BenchError

_HERE = Path(__file__).parent
_KEPT = Path(__file__).resolve().parents[2] / ".venv" / "widget-rivals"
_FETCH_SECONDS = 300


@dataclass(frozen=True)
class Rival:
    """`script` is the bundle that its makers document for a page; `page` stands in pages/."""

    name: str
    page: str
    package: str
    version: str
    integrity: str
    script: str

    @property
    def tarball(self) -> Path:
        return _KEPT / f"{self.package}-{self.version}.tgz"

    def read(self) -> bytes:
        """The script's bytes. BenchError when npm is not here, or does not bring what was once measured."""
        if not self.tarball.exists():
            self._fetch()
        if integrity_of(self.tarball) != self.integrity:
            raise BenchError(f"{self.tarball} is not what it was: remove it and try again.")
        with tarfile.open(self.tarball) as archive:
            file = archive.extractfile(f"package/{self.script}")
            if file is None:
                raise BenchError(f"{self.package} {self.version} has no {self.script}.")
            return file.read()

    def _fetch(self) -> None:
        if not shutil.which("npm"):
            raise BenchError("npm is not here: apt-get install nodejs npm (.ci/run does)")
        _KEPT.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_KEPT) as folder:
            command = ["npm", "pack", "--json", f"{self.package}@{self.version}", "--pack-destination", folder]
            result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_FETCH_SECONDS)
            found = list(Path(folder).glob("*.tgz"))
            if result.returncode or not found:
                raise BenchError(f"npm did not bring {self.package}: {result.stderr[-400:]}")
            found[0].rename(self.tarball)


def rivals() -> list[Rival]:
    """Those in rivals.json."""
    return [Rival(**each) for each in json.loads((_HERE / "rivals.json").read_text("utf-8"))]


def integrity_of(path: Path) -> str:
    """As package locks write it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
