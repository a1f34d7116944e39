"""Which free times to show for a wish, and what to say about them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.booking.openings import Offer, choose
from api.booking.times.windows import Wish
from api.clock import STOCKHOLM, stockholm_date

SHOWN = 3
DAYS_SHOWN = 5
"""Days with free times on one list: a working week."""
_ABOUT_AS_LATE = 120
"""Minutes: a day whose last time is that much earlier than another's has no late times."""


@dataclass(frozen=True)
class Selection:
    """`shown` in time order, whether there are `more` after them, and the key of the sentence that leads them in."""

    shown: list[Offer]
    more: bool
    lead: str


def select_offers(offers: Sequence[Offer], wish: Wish | None, after: datetime | None) -> Selection:
    """A few free times. `offers` are all there are, earliest first; `after` leaves out what was shown before.

    Inside the wish when there are any; otherwise the nearest outside, and `lead` says so.
    """
    left = [offer for offer in offers if after is None or offer.start > after]
    if wish is None:
        return _selection(choose(left), left, "times")
    inside = [offer for offer in left if wish.holds(offer.start)]
    if inside:
        return _selection(_inside(inside, wish), left, _lead_inside(wish, after))
    if after is not None:  # everything that was wished for has been shown
        return _selection(choose(left), left, "times_after_wish")
    if not left:
        return Selection([], more=False, lead="times")
    if stockholm_date(left[-1].start) < wish.first:
        return _selection(list(left[-SHOWN:]), left, "times_far")
    if wish.order == "latest":
        days = [
            offer for offer in left if any(one.first <= stockholm_date(offer.start) <= one.last for one in wish.windows)
        ]
        return _selection(_latest(days or left), left, "times_evening")
    near = sorted(left, key=lambda offer: (wish.distance(offer.start), offer.start))[:SHOWN]
    return _selection(near, left, "times_near")


def days_with_times(offers: Sequence[Offer], beginning: date | None) -> tuple[list[tuple[date, int]], bool]:
    """Up to `DAYS_SHOWN` days with their number of free times, from `beginning` on, and whether there are more."""
    counts: dict[date, int] = {}
    for offer in offers:
        day = stockholm_date(offer.start)
        if beginning is None or day >= beginning:
            counts[day] = counts.get(day, 0) + 1
    days = sorted(counts.items())
    return days[:DAYS_SHOWN], len(days) > DAYS_SHOWN


def _selection(shown: list[Offer], left: Sequence[Offer], lead: str) -> Selection:
    ordered = sorted(shown, key=lambda offer: offer.start)
    return Selection(ordered, bool(ordered) and left[-1].start > ordered[-1].start, lead)


def _inside(inside: Sequence[Offer], wish: Wish) -> list[Offer]:
    if wish.order == "earliest":
        return list(inside[:SHOWN])
    if wish.order == "latest":
        return _latest(inside)
    if wish.doubtful:  # something of every reading, so that both dates are seen
        firsts = [next((offer for offer in inside if window.holds(offer.start)), None) for window in wish.windows]
        picked = list(dict.fromkeys(offer for offer in firsts if offer))
        return (picked + [offer for offer in choose(inside) if offer not in picked])[:SHOWN]
    return choose(inside)


def _latest(offers: Sequence[Offer]) -> list[Offer]:
    """The last time of the first few days that have late ones; one that ends before noon does not answer "evening"."""
    by_day: dict[date, Offer] = {}
    for offer in offers:
        by_day[stockholm_date(offer.start)] = offer
    last = max(_minutes(offer) for offer in by_day.values())
    return [offer for offer in by_day.values() if _minutes(offer) > last - _ABOUT_AS_LATE][:SHOWN]


def _minutes(offer: Offer) -> int:
    local = offer.start.astimezone(STOCKHOLM)
    return local.hour * 60 + local.minute


def _lead_inside(wish: Wish, after: datetime | None) -> str:
    if wish.doubtful and after is None:
        return "times_both"
    if wish.order == "earliest":
        return "times_soon"
    return "times_wish"
