"""No text makes masking, understanding of times, search or cleaning take more than in proportion to its length.

A pattern that backtracks makes a text of a thousand letters take minutes. Work is counted as the processor's time for
a text and for one eight times as long, the least of several: not more than in proportion, with a wide margin. What is
quadratic would take 64 times as much. (docs/trust/attacks.md)
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date

import pytest

from api import cells, folding
from api.booking.times import reading as times
from api.catalogue.susa import plain_text
from api.chat import incoming
from api.chat.page import linked
from api.contact.enquiries import parsing
from api.privacy import masking, people, person_names
from api.privacy.errors import NameInvalid

SMALL, TIMES = 1_500, 8
"""Letters of the shorter text, and how many times longer the other one is."""
MOST = 3 * TIMES
LEAST_SECONDS = 0.0005
"""What is faster than this cannot be compared; the longer text may then take MOST times as much."""
DAY = date(2026, 11, 23)

TEXTS: dict[str, Callable[[int], str]] = {
    "one letter": lambda n: "a" * n,
    "digits": lambda n: "0" * n,
    "digits apart": lambda n: "0 " * (n // 2),
    "telephones without an end": lambda n: "0-" * (n // 2) + "x",
    "brackets and zeros": lambda n: "(0" * (n // 2),
    "plus signs": lambda n: "+" * n,
    "a mail address without an end": lambda n: "a." * (n // 2) + "@",
    "a mail address of many parts": lambda n: "a@" + "b." * (n // 2) + "!",
    "at signs": lambda n: "a@" * (n // 2),
    "identity numbers, almost": lambda n: "850101-" * (n // 7),
    "open tags": lambda n: "<a" * (n // 2),
    "one open tag": lambda n: "<a " + "x" * n,
    "open comments": lambda n: "<!--" * (n // 4),
    "declarations": lambda n: "<!" * (n // 2),
    "processing": lambda n: "<?" * (n // 2),
    "open data": lambda n: "<![CDATA[" * (n // 9),
    "ends of tags": lambda n: "</a" * (n // 3),
    "entities": lambda n: "&" * n,
    "addresses": lambda n: "http://" * (n // 7),
    "blanks": lambda n: " " * n + "x",
    "lines": lambda n: "\n " * (n // 2) + "x",
    "apostrophes": lambda n: "'" * n + "=",
    "names that end in s": lambda n: "S" + "s" * n,
    "days": lambda n: "mån-tis " * (n // 8),
    "slashes": lambda n: "/" * n,
    "accents": lambda n: "a" + "\u0301" * n,
    "hidden signs": lambda n: "\u200b" * n,
}


def _name(text: str) -> object:
    try:
        return person_names.clean_name(text)
    except NameInvalid:
        return None


def _cell(parse: Callable[..., object]) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return parse(text, len(text) + 1)
        except cells.BadCell:
            return None

    return read


def _contact(text: str) -> object:
    try:
        return parsing.contact(text)
    except cells.BadCell:
        return None


WORK: dict[str, Callable[[str], object]] = {
    "masking": masking.mask_all,
    "a typed contact": _contact,
    "a person's name": _name,
    "a name in what staff write": people.name_in,
    "a message, cleaned": incoming.tidy,
    "a command": incoming.looks_like_command,
    "links in a message": lambda text: linked.pieces(text, "https://example.org"),
    "folding": folding.fold,
    "a line of a form": _cell(cells.line_text),
    "a text of a form": _cell(cells.long_text),
    "an address of a form": _cell(cells.https_url),
    "a mail address of a form": _cell(cells.email),
    "a telephone number of a form": _cell(cells.phone),
    "words of a public form": _cell(parsing.words),
    "a message of a public form": _cell(parsing.message),
    "Susa-navet": lambda text: plain_text.paragraphs(text, 20_000),
    "a typed time": lambda text: times.read_time(text, DAY),
}


def _seconds(work: Callable[[str], object], text: str) -> float:
    """The processor's time for it, the less of two."""
    spent = []
    for _ in range(2):
        begun = time.thread_time()
        work(text)
        spent.append(time.thread_time() - begun)
    return min(spent)


@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_work_grows_with_the_text_and_no_faster(work: Callable[[str], object]) -> None:
    slow = {}
    for name, text_of in TEXTS.items():
        short = max(_seconds(work, text_of(SMALL)), LEAST_SECONDS)
        long = _seconds(work, text_of(SMALL * TIMES))
        if long > MOST * short:
            slow[name] = round(long / short)
    assert slow == {}


def test_a_pattern_that_backtracks_is_noticed() -> None:
    backtracks = re.compile(r"([\w.+-]+)@")
    short = max(_seconds(backtracks.search, "a" * SMALL), LEAST_SECONDS)
    assert _seconds(backtracks.search, "a" * SMALL * TIMES) > MOST * short
