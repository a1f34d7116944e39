"""Why a whole file, or an undo, is refused. A single bad row never is an error: it is listed in the plan."""

from __future__ import annotations

from collections.abc import Iterable

from api.errors import ApiError


class FileRefused(ApiError):
    """The file as a whole cannot be read. `reason` is the Swedish sentence that says why and what to do."""

    code = "import_file_refused"
    status = 422

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason=reason)


class NothingToUndo(ApiError):
    """There is no applied import that has not been undone already."""

    code = "import_nothing_to_undo"
    status = 404


class NotTheLastImport(ApiError):
    """Another import has been made or undone since the person looked: only the last one that stands can be undone."""

    code = "import_not_the_last"
    status = 409


class ChangedSinceImport(ApiError):
    """Rows of the import were changed afterwards; undoing it would destroy that work.

    `count` says how many, `rows` which the first of them are: table and id.
    """

    code = "import_changed_since"
    status = 409

    def __init__(self, count: int, rows: Iterable[tuple[str, int]] = ()) -> None:
        self.rows = list(rows)
        super().__init__(count=count)
