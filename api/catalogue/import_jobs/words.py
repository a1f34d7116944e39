"""How the pages put a job into words. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api.catalogue.exporting.files import to_csv
from api.catalogue.import_jobs import findings
from api.catalogue.import_jobs.findings import Item
from api.catalogue.import_jobs.service import Standing, standing
from api.catalogue.import_jobs.tables import ImportJob
from api.swedish_dates import day
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_LONG_WAIT = timedelta(seconds=30)
SLUGS = {
    "underkanda": "rejected",
    "andrade": "changed",
    "nya": "new",
    "ocksa": "also",
    "saknas": "missing",
    "lika": "unchanged",
}
"""What the lists are called in an address."""


@dataclass(frozen=True)
class Part:
    """One list of the dry run."""

    slug: str
    key: str
    label: str
    count: int


def state(job: ImportJob, now: datetime) -> str:
    """The state of a job in a list."""
    return _TEXTS(f"state_{standing(job, now)}")


def going_on(job: ImportJob, now: datetime, before: int) -> str:
    """What is done with a job that is not ready; `before` is how many come first."""
    at: Standing = standing(job, now)
    if at == "waiting":
        if before:
            return _TEXTS("step_queue", count=before)
        return _TEXTS("step_alone" if now - job.queued_at > _LONG_WAIT else "step_next")
    if at != "running":
        return _TEXTS("step_done", result=result(job)) if at in {"ready", "applied"} else _TEXTS("step_stopped")
    step = job.step or "read"
    return _TEXTS(f"step_{step}") if job.work == "check" else _TEXTS(f"step_apply_{step}")


def result(job: ImportJob) -> str:
    """What the dry run found, or the import did, in one sentence."""
    counts = {key: count(int(number)) for key, number in job.summary["counts"].items()}
    return _TEXTS("result", new=counts["new"], changed=counts["changed"], rejected=counts["rejected"])


def said(key: str) -> str:
    """The sentence about what was just done, named in the address; empty for none."""
    return _TEXTS(f"said_{key}") if f"said_{key}" in _TEXTS.keys() else ""  # noqa: SIM118 - not a dict


def parts(job: ImportJob) -> list[Part]:
    """The lists that are not empty."""
    slugs = {key: slug for slug, key in SLUGS.items()}
    applied = job.state == "applied"
    found = []
    for key in findings.PARTS:
        if count := int(job.summary.get("counts", {}).get(key, 0)):
            done = applied and key in {"changed", "new", "also"}
            found.append(Part(slugs[key], key, _TEXTS(f"applied_{key}" if done else f"part_{key}"), count))
    return found


def about(part: Part) -> str:
    """What the list is."""
    return _TEXTS(f"about_{part.key}")


def column(name: str | None) -> str:
    """A column in words, with its heading in the file."""
    if name is None:
        return _TEXTS("whole_row")
    return f"{_TEXTS(f'column_{name}')} ({name})"


def start(item: Item) -> str:
    """When the occasion starts."""
    if item["start"] in ("", "continuous"):
        return _TEXTS("start_continuous" if item["start"] else "start_none")
    return day(date.fromisoformat(item["start"]))


def count(number: int) -> str:
    """A number as it is written in Swedish: with a blank between thousands."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def size(number: int) -> str:
    """Bytes in kB or MB."""
    kilobytes = number / 1024
    if kilobytes < 1024:
        return f"{max(1, round(kilobytes))} kB"
    return f"{kilobytes / 1024:.1f} MB".replace(".", ",")


def file_name(key: str, kind: str) -> str:
    """What a download is called."""
    return f"{_TEXTS(f'file_{key}')}.{kind}"


def unnamed() -> str:
    """In place of a name that the browser did not give."""
    return _TEXTS("file_unnamed")


def rejected_csv(items: Iterable[Item]) -> bytes:
    """The rejected rows as a file, every problem on a line of its own. No text can be run as a formula."""
    headings = [_TEXTS(f"rejected_{key}") for key in ("line", "id", "column", "value", "reason")]
    return to_csv(headings, _rejected(items))


def _rejected(items: Iterable[Item]) -> Iterator[list[str | int]]:
    for item in items:
        for problem in item["problems"]:
            column_ = problem["column"] or _TEXTS("whole_row")
            texts = (item["id"], column_, problem["value"], problem["reason"])
            yield [item["line"], *(_one_line(text) for text in texts)]


def _one_line(text: str) -> str:
    """Without tabs and line breaks: some programs look for a formula behind them."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
