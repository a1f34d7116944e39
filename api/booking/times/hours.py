"""Times of the day: "halv tre", "efter lunch", "mellan 10 och 12". Pure.

An hour from one to six without a leading zero is meant as the afternoon: nobody meets a counsellor at three at night.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time

from api.booking.times.scanner import NUMBER, Scanner, number
from api.booking.times.windows import DAY_BEGINS, DAY_ENDS

EVENING_BEGINS = time(17)
PARTS: dict[str, tuple[time, time]] = {
    "MORNING": (time(8), time(10)),
    "FORENOON": (time(8), time(12)),
    "NOON": (time(11), time(13)),
    "AFTERNOON": (time(12), time(17)),
    "AFTERLUNCH": (time(13), time(17)),
    "LATEDAY": (time(15), time(18)),
    "EVENING": (EVENING_BEGINS, time(22)),
    "NIGHT": (EVENING_BEGINS, DAY_ENDS),
    "DAYTIME": (time(8), time(17)),
}
_EXACT_MINUTES = 30
"""How long after a named hour a meeting may begin and still be what was meant: free times are seldom on the hour."""
_LATEST_SPOKEN, _FIRST_NIGHT = 6, 1
_CLOCK = r"T\d{4}"
_TIME = rf"(?:{_CLOCK}|{NUMBER})"
_PART = rf"(?:{'|'.join(PARTS)})"

Hours = tuple[time, time]


@dataclass
class Times:
    """`wanted` hours (none: any), hours to keep out of, and whether a clock time was named.

    `exact`: the named time is when to meet ("kl. 14"), not a bound of it ("efter 14").
    """

    wanted: list[Hours] = field(default_factory=list)
    unwanted: list[Hours] = field(default_factory=list)
    by_clock: bool = False
    exact: bool = False


def mark_clock(scan: Scanner) -> None:
    """Put `T1430` in the place of every time that can be nothing else."""
    scan.change(rf"({NUMBER}) (PAST|i) HALF ({NUMBER})", lambda m: _spoken(m[3], (-30 + _sign(m[2]) * number(m[1]))))
    scan.change(rf"HALF ({NUMBER})", lambda m: _spoken(m[1], -30))
    scan.change(rf"QUARTER (PAST|i) ({NUMBER})", lambda m: _spoken(m[2], _sign(m[1]) * 15))
    scan.change(rf"({NUMBER}) (?:minuter )?PAST ({NUMBER})", lambda m: _spoken(m[2], number(m[1])))
    scan.change(r"(5|10|20|25) (?:minuter )?i ([1-9]|1[0-2])", lambda m: _spoken(m[2], -number(m[1])))
    scan.change(rf"({NUMBER}) (?:EVENING|PM)", lambda m: _token(number(m[1]) % 12 + 12, 0))
    scan.change(rf"({NUMBER}) AM", lambda m: _token(number(m[1]), 0))
    scan.change(r"(\d{1,2})[.:](\d\d)", lambda m: _token(_office(m[1]), int(m[2])))
    scan.change(r"(?:CLOCK )(?:runt |ungefar |cirka |ca )?(\d{1,2})(\d\d)", lambda m: _token(_office(m[1]), int(m[2])))
    scan.change(r"(0[6-9]|1\d)([0-5]\d)", lambda m: _token(int(m[1]), int(m[2])))
    scan.change(rf"CLOCK (?:runt |ungefar |cirka |ca |AFTER )?({NUMBER})", lambda m: _token(_office(m[1]), 0))
    scan.change(rf"CLOCK ({_CLOCK})", lambda m: m[1])
    scan.change(rf"({NUMBER}) (?=(?:pa )?(?:{_PART}) )", lambda m: _token(_office(m[1]), 0))


def read_hours(scan: Scanner) -> Times:
    """What the line says about hours, taken out of it."""
    times = Times()
    for match in scan.take(rf"NOT (?:BEFORE|FROM) ({_TIME})"):
        times.wanted.append((_time(match[1]), DAY_ENDS))
    for match in scan.take(rf"NOT AFTER ({_TIME})"):
        times.wanted.append((DAY_BEGINS, _later(_time(match[1]), 1)))
    for match in scan.take(rf"(?:BETWEEN |FROM )?({_TIME}) (?:-|UNTIL|AND) ({_CLOCK})"):
        times.wanted.append(_between(match[1], match[2]))
    for match in scan.take(rf"(?:BETWEEN |FROM )({_TIME}) (?:-|UNTIL|AND) ({_TIME})"):
        times.wanted.append(_between(match[1], match[2]))
    for match in scan.take(rf"({_TIME}) (?:-|UNTIL) ({_TIME})"):
        times.wanted.append(_between(match[1], match[2]))
    for match in scan.take(rf"(?:AFTER|FROM) (?:vid )?({_TIME})"):
        times.wanted.append((_time(match[1]), DAY_ENDS))
    for match in scan.take(rf"({_CLOCK}) (?:AND |OR )?(?:framat|senare)"):
        times.wanted.append((_time(match[1]), DAY_ENDS))
    for match in scan.take(rf"BEFORE ({_TIME})"):
        times.wanted.append((DAY_BEGINS, _time(match[1])))
    for match in scan.take(rf"LATEST ({_TIME})"):
        times.wanted.append((DAY_BEGINS, _later(_time(match[1]), 1)))
    bounded = bool(times.wanted)
    for match in scan.take(_CLOCK):
        times.wanted.append(exactly(_time(match[0])))
    times.exact = bool(times.wanted) and not bounded
    times.by_clock = bool(times.wanted)
    _read_parts(scan, times)
    return times


def exactly(begins: time) -> Hours:
    """The hours that a single clock time stands for."""
    return begins, _later(begins, _EXACT_MINUTES)


def office_hour(value: int) -> time | None:
    """The clock time that a bare number stands for; None when no hour is called that."""
    return time(_office(str(value))) if 1 <= value <= 23 else None


def _read_parts(scan: Scanner, times: Times) -> None:
    for match in scan.take(rf"(?:NOT|CANNOT) (?:pa |i |sa |LATEST )?({_PART})((?: (?:OR|AND) {_PART})*)"):
        times.unwanted += [PARTS[part] for part in f"{match[1]}{match[2]}".split() if part in PARTS]
    for match in scan.take(rf"({_PART}) CANNOT"):
        times.unwanted.append(PARTS[match[1]])
    parts = [PARTS[match[0]] for match in scan.take(_PART)]
    if not times.by_clock:
        times.wanted += parts


def _sign(word: str) -> int:
    return 1 if word == "PAST" else -1


def _office(hour: str) -> int:
    """The hour meant: "2" is 14, "02" is 2, "ett" is 13."""
    value = number(hour)
    said_as_night = hour.startswith("0")
    return value + 12 if _FIRST_NIGHT <= value <= _LATEST_SPOKEN and not said_as_night else value


def _spoken(hour: str, minutes: int) -> str | None:
    total = number(hour) * 60 + minutes
    if number(hour) > 12 or not 0 < total < 13 * 60:
        return None
    # "halv ett" is half past twelve, "kvart i sju" a quarter to seven in the morning.
    if total < 60 or total < _LATEST_SPOKEN * 60 + 30:
        total += 12 * 60
    return _token(*divmod(total, 60))


def _token(hour: int, minute: int) -> str | None:
    return f"T{hour:02}{minute:02}" if hour < 24 and minute < 60 else None


def _time(word: str) -> time:
    if word.startswith("T"):
        return time(int(word[1:3]), int(word[3:]))
    return time(min(_office(word), 23))


def _later(begins: time, minutes: int) -> time:
    total = begins.hour * 60 + begins.minute + minutes
    return time(*divmod(total, 60)) if total < 24 * 60 else DAY_ENDS


def _between(first: str, last: str) -> Hours:
    begins, ends = _time(first), _time(last)
    return (begins, ends) if begins < ends else (begins, DAY_ENDS)


def joined(hours: list[Hours]) -> list[Hours]:
    """Bounds from both sides as one stretch: after ten and before noon is ten to noon."""
    begins = [one for one in hours if one[1] == DAY_ENDS]
    ends = [one for one in hours if one[0] == DAY_BEGINS]
    if len(begins) == len(ends) == 1 and len(hours) == 2 and begins[0][0] < ends[0][1]:
        return [(begins[0][0], ends[0][1])]
    return hours
