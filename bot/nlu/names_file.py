"""The file with the catalogue's names, read again when it has been replaced. Needs nothing of Rasa."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)


class NamesFile:
    """`path` is what the api's worker writes (`IV_GAZETTEER`), whole or not at all; empty for no file."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None
        self._seen: tuple[int, int, int] | None = None

    def read_if_new(self) -> dict[str, Any] | None:
        """What the file holds when it is another one than last time; None otherwise, and when it cannot be used."""
        if self._path is None:
            return None
        try:
            found = self._path.stat()
            stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
            if stamp == self._seen:
                return None
            self._seen = stamp
            data = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            if self._seen is not None:  # it was there before
                log.warning("names cannot be read, the old ones stay", extra={"error": type(error).__name__})
            return None
        return data if isinstance(data, dict) and {"occupations", "places"} <= data.keys() else None
