"""From measured figures and assumptions to processes, cores, memory and disk. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

FILE = Path(__file__).with_name("measured.json")
ANSWERING = ("bot", "api", "actions")
"""The processes that work while somebody waits. One of each fills one core at most."""
PROCESSES = (*ANSWERING, "worker")
LEAST = 2
"""Of each process, so that one may go."""
MEGABYTE = 1_000_000.0


@dataclass(frozen=True)
class Measured:
    """What one run of the bench has found. Times are processor time in ms, sizes are bytes or MB."""

    date: str
    machine: str
    command: str
    turn_ms: Mapping[str, float]
    """A turn that asks something, by process."""
    booking_ms: Mapping[str, float]
    """A whole booking from the first word to its mails, by process."""
    booking_turns: float
    memory_mb: Mapping[str, float]
    """The most that a process has held."""
    conversation_bytes: float
    """Rows of a conversation of `Assumed.turns` turns, in the product's database and the bot's."""
    booking_bytes: float
    """Rows of a booking: its messages, the meeting and its mails."""
    mails_per_meeting: float
    mail_bytes: float

    @classmethod
    def load(cls, path: Path = FILE) -> Measured:
        """What was measured last."""
        return cls(**json.loads(path.read_text("utf-8")))

    def save(self, path: Path = FILE) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n", "utf-8")


@dataclass(frozen=True)
class Assumed:
    """What nobody can measure before there are people."""

    turns: int = 8
    """Questions in a conversation, a booking apart."""
    booked: float = 0.1
    """Share of the conversations that end with a booked meeting."""
    peak: float = 2.0
    """How much more the busiest minute has than the mean of its hour."""
    busy: float = 0.6
    """Share of a core that may be in use then: beyond it people wait for each other."""
    hours: int = 8
    """Hours of a day that are as busy as that one."""
    kept_days: int = 90
    """IV_RETENTION_CONVERSATION_DAYS."""
    on_disk: float = 2.0
    """Bytes on PostgreSQL's disk, with indexes, dead rows and its log, for each byte measured."""


@dataclass(frozen=True)
class Plan:
    """What `conversations` an hour need. Memory and disk in GB."""

    conversations: int
    turns_per_second: float
    """In the busiest minute."""
    processes: Mapping[str, int]
    cores: int
    """For all of these; the database not counted."""
    memory_gb: float
    mails_per_hour: float
    disk_gb_per_day: float
    disk_gb_kept: float


def core_ms(measured: Measured, assumed: Assumed, process: str) -> float:
    """Processor time that one conversation costs a process, in ms: its questions, and its share of a booking."""
    return assumed.turns * measured.turn_ms[process] + assumed.booked * measured.booking_ms[process]


def plan(conversations: int, measured: Measured, assumed: Assumed = Assumed()) -> Plan:
    """Size a service for so many conversations in its busiest hour."""
    in_peak = conversations / 3600 * assumed.peak
    processes = {
        name: max(LEAST, math.ceil(in_peak * core_ms(measured, assumed, name) / 1000 / assumed.busy))
        for name in PROCESSES
    }
    meetings = conversations * assumed.booked
    daily = assumed.hours * (conversations * measured.conversation_bytes + meetings * measured.booking_bytes)
    per_day = daily * assumed.on_disk / MEGABYTE / 1000
    used = sum(in_peak * core_ms(measured, assumed, name) / 1000 / assumed.busy for name in PROCESSES)
    return Plan(
        conversations,
        in_peak * (assumed.turns + assumed.booked * measured.booking_turns),
        processes,
        max(LEAST, math.ceil(used)),
        sum(count * measured.memory_mb[name] for name, count in processes.items()) / 1000,
        meetings * measured.mails_per_meeting,
        per_day,
        per_day * assumed.kept_days,
    )
