"""The generated parts of docs/capacity.md: what was measured, what is assumed, and the table that follows from both."""

from __future__ import annotations

import re
from pathlib import Path

from bench.capacity.plan import PROCESSES, Assumed, Measured, core_ms, plan
from deploy.local.config import ROOT

DOCUMENT = ROOT / "docs" / "capacity.md"
SIZES = (50, 500, 2_000, 10_000, 50_000)
"""Conversations in the busiest hour."""
_PART = re.compile(r"(<!-- (\w+): `[^`]+` writes this -->\n).*?(<!-- end -->)", re.DOTALL)


def written(document: str, measured: Measured, assumed: Assumed = Assumed()) -> str:  # noqa: B008 - frozen
    """The document with its generated parts as they follow from these figures."""
    parts = {"measured": _measured(measured), "assumed": _assumed(assumed), "machines": _machines(measured, assumed)}
    return _PART.sub(lambda found: f"{found[1]}{parts[found[2]]}\n{found[3]}", document)


def write(measured: Measured, path: Path = DOCUMENT) -> None:
    """Bring the document up to date."""
    path.write_text(written(path.read_text("utf-8"), measured), "utf-8")


def _measured(measured: Measured) -> str:
    rows = [["figure", *PROCESSES]]
    rows += [["processor time of a question, ms", *(f"{measured.turn_ms[name]:.1f}" for name in PROCESSES)]]
    rows += [["questions a second and core", *(_rate(measured.turn_ms[name]) for name in PROCESSES)]]
    rows += [["processor time of a whole booking, ms", *(f"{measured.booking_ms[name]:.0f}" for name in PROCESSES)]]
    rows += [["memory at most, MB", *(f"{measured.memory_mb[name]:.0f}" for name in PROCESSES)]]
    sizes = [
        ["figure", "measured"],
        ["a conversation in the databases, bytes", f"{measured.conversation_bytes:,.0f}"],
        ["a booking in the databases, its messages and mails among it, bytes", f"{measured.booking_bytes:,.0f}"],
        ["messages of a booking", f"{measured.booking_turns:.0f}"],
        ["mails of a meeting, reminders apart", f"{measured.mails_per_meeting:.0f}"],
        ["a mail, bytes", f"{measured.mail_bytes:,.0f}"],
    ]
    return f"{measured.date}, {measured.machine}, by `{measured.command}`.\n\n{_table(rows)}\n\n{_table(sizes)}"


def _assumed(assumed: Assumed) -> str:
    return _table(
        [
            ["name", "assumed", "what"],
            ["`turns`", f"{assumed.turns}", "questions in a conversation, a booking apart"],
            ["`booked`", f"{assumed.booked}", "share of the conversations that end with a booked meeting"],
            ["`peak`", f"{assumed.peak}", "how much more the busiest minute has than the mean of its hour"],
            ["`busy`", f"{assumed.busy}", "share of a core that may be in use then"],
            ["`hours`", f"{assumed.hours}", "hours of a day that are as busy as that one"],
            ["`kept_days`", f"{assumed.kept_days}", "days that conversations are kept"],
            ["`on_disk`", f"{assumed.on_disk}", "bytes on PostgreSQL's disk for each byte measured"],
        ]
    )


def _machines(measured: Measured, assumed: Assumed) -> str:
    head = ["conversations an hour", "messages a second", *(f"{name}" for name in PROCESSES)]
    rows = [[*head, "cores", "memory, GB", "mails an hour", "disk a day, GB", "disk kept, GB"]]
    for size in SIZES:
        need = plan(size, measured, assumed)
        sizes = (f"{need.cores}", f"{need.memory_gb:.1f}", f"{need.mails_per_hour:,.0f}")
        disk = (f"{need.disk_gb_per_day:.2f}", f"{need.disk_gb_kept:.1f}")
        counts = (str(need.processes[name]) for name in PROCESSES)
        rows.append([f"{size:,}", f"{need.turns_per_second:.1f}", *counts, *sizes, *disk])
    each = ", ".join(f"{core_ms(measured, assumed, name):.0f} ms of {name}" for name in PROCESSES)
    return f"A conversation costs {each}.\n\n{_table(rows)}"


def _rate(milliseconds: float) -> str:
    return f"{1000 / milliseconds:.0f}" if milliseconds >= 0.05 else "–"


def _table(rows: list[list[str]]) -> str:
    head, *body = rows
    line = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, line, *body))
