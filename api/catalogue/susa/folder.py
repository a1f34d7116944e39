"""Saved pages of Susa-navet in a folder: what `python -m api.manage import-susa` reads.

A file is a page as the API gave it; which list it belongs to is seen inside, and the order by name. Names are free.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from pathlib import Path

from api.catalogue.susa.errors import SusaFailed
from api.catalogue.susa.paging import KINDS, MAX_BYTES, Kind, NotJson, Page, read_json, read_page
from api.catalogue.susa.reading import Resource
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_MOST_FILES = 10_000


class FolderSource:
    """The `*.json` files of a folder. Raises SusaFailed for a folder without pages, and for a file that is none."""

    def __init__(self, folder: Path) -> None:
        files = sorted(folder.glob("*.json"))[: _MOST_FILES + 1]
        if not files:
            raise SusaFailed(_TEXTS("reason_no_files", folder=folder))
        if len(files) > _MOST_FILES:
            raise SusaFailed(_TEXTS("reason_many_files", limit=_MOST_FILES))
        self._files: dict[Kind, list[Path]] = {kind: [] for kind in KINDS}
        for file in files:
            self._files[_kind(file)].append(file)

    async def pages(self, kind: Kind, first: int) -> AsyncIterator[Page]:
        """See Source."""
        for number, file in enumerate(self._files[kind]):
            if number >= first:
                yield await asyncio.to_thread(_page, file, kind, number)

    async def some(self, kind: Kind, ids: Collection[str]) -> list[Resource]:
        """See Source: looked for among all files."""
        wanted, found = set(ids), {}
        if wanted:
            async for page in self.pages(kind, 0):
                found.update({each.id: each for each in page.resources if each.id in wanted})
        return list(found.values())

    async def is_whole(self) -> bool:
        """Whether the files hold every event that the source said there was."""
        held, told = 0, None
        async for page in self.pages("educationEvents", 0):
            held, told = held + page.size, page.total if told is None else told
        return told is not None and held >= told


def _data(file: Path) -> bytes:
    if file.stat().st_size > MAX_BYTES:
        raise SusaFailed(_TEXTS("reason_file_large", file=file.name, megabytes=MAX_BYTES // 2**20))
    return file.read_bytes()


def _kind(file: Path) -> Kind:
    try:
        body = read_json(_data(file))
    except NotJson:
        raise SusaFailed(_TEXTS("reason_file_not_json", file=file.name)) from None
    for kind in KINDS:
        if isinstance(body, dict) and isinstance(body.get(kind), list):
            return kind
    raise SusaFailed(_TEXTS("reason_file_shape", file=file.name))


def _page(file: Path, kind: Kind, number: int) -> Page:
    try:
        return read_page(_data(file), kind, number)
    except ValueError:  # it was a page a moment ago
        raise SusaFailed(_TEXTS("reason_file_not_json", file=file.name)) from None
