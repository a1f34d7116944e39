"""The catalogue as the bytes of a file. Reads only."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import dataclass
from threading import Lock
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.catalogue.exporting.files import header, lines, to_csv, to_xlsx
from api.catalogue.exporting.template import TEMPLATE
from api.catalogue.importing.stored import load_stored
from api.catalogue.search_stamp import Stamp, read_stamp
from api.catalogue.tables import Course, Node, Occasion

FileKind = Literal["csv", "xlsx"]


def export(session: Session, kind: FileKind, *, drafts: bool) -> bytes:
    """Every occasion, in order of `external_id`; with `drafts` also those that nobody outside may see."""
    rows = [row for row in load_stored(session).occasions.values() if drafts or row.status != "draft"]
    examples = _examples(session) & {row.external_id for row in rows}
    sources = _sources(session, {row.external_id for row in rows})
    columns = header(with_examples=bool(examples), with_sources=bool(sources))
    cells = lines(rows, examples, sources)
    return to_csv(columns, cells) if kind == "csv" else to_xlsx(TEMPLATE.tab, columns, cells)


def _examples(session: Session) -> frozenset[str]:
    query = select(Occasion.external_id).join(Occasion.course).join(Course.node)
    return frozenset(session.scalars(query.where(or_(Occasion.example, Node.example))))


def _sources(session: Session, ids: Set[str]) -> dict[str, str]:
    """Where mirrored occasions come from: the source, and the address there when it is known."""
    query = select(Occasion.external_id, Occasion.source, Occasion.source_url).where(Occasion.source != "")
    return {name: f"{source} {url}".strip() for name, source, url in session.execute(query) if name in ids}


@dataclass(frozen=True)
class PublishedFile:
    """A file for everyone. `tag` is the same as long as the content is: the bytes of a workbook never are."""

    stamp: Stamp
    tag: str
    data: bytes


class PublishedFiles:
    """The newest file of each kind, made once for every state of the catalogue: a large workbook takes seconds.

    One for each api process; its memory is two files.
    """

    def __init__(self) -> None:
        self._made: dict[FileKind, PublishedFile] = {}
        self._locks: dict[FileKind, Lock] = {"csv": Lock(), "xlsx": Lock()}

    def newest(self, session: Session, kind: FileKind) -> PublishedFile:
        """The file as the session's transaction sees the catalogue."""
        stamp = read_stamp(session)
        with self._locks[kind]:
            made = self._made.get(kind)
            if made is None or made.stamp != stamp:
                text = export(session, "csv", drafts=False)
                data = text if kind == "csv" else export(session, kind, drafts=False)
                made = PublishedFile(stamp, f"{kind} {hashlib.sha256(text).hexdigest()}", data)
                self._made[kind] = made
            return made
