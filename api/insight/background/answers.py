"""From a form to counts, so that no count tells when one answer came.

A count that goes up by one right after somebody has booked would tell who answered what, to anybody who compares two
copies of the database. So answers wait in the memory of the process, nowhere else, until there are `BATCH` forms; then
they are added up and stored together, by month. They are also stored when the process stops. A process that is killed
loses the at most `BATCH - 1` forms that waited: they are voluntary, and a lost answer harms nobody.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import date
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from api.database import Database
from api.insight.background.tables import BackgroundCount
from api.insight.counting import store

log = logging.getLogger(__name__)

BATCH = 10
"""As many as the smallest group that is shown."""

Key = tuple[date, str, str, str]


class Answers:
    """The forms that wait in this process."""

    def __init__(self, database: Database) -> None:
        self._database, self._lock = database, Lock()
        self._waiting: Counter[Key] = Counter()
        self._forms = 0

    def take(self, day: date, step: str, given: Mapping[str, str]) -> None:
        """Keep one form's answers, each on its own; of the day only the month is kept."""
        month = day.replace(day=1)
        with self._lock:
            self._waiting.update((month, step, question, answer) for question, answer in given.items())
            self._forms += 1
            full = self._forms >= BATCH
        if full:
            try:
                self.store()
            except SQLAlchemyError as error:  # nothing is lost: the next form tries again
                log.warning("answers not stored", extra={"error": type(error).__name__})

    def store(self) -> None:
        """Add what waits to the stored counts. What could not be stored goes on waiting."""
        with self._lock:
            waiting, forms = self._waiting, self._forms
            self._waiting, self._forms = Counter(), 0
        if not waiting:
            return
        rows = [
            {"month": month, "step": step, "question": question, "answer": answer, "count": count}
            for (month, step, question, answer), count in waiting.items()
        ]
        try:
            with self._database.transaction() as session:
                store(session, BackgroundCount, rows, "add")
        except BaseException:
            with self._lock:
                self._waiting.update(waiting)
                self._forms += forms
            raise
