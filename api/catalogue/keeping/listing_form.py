"""What staff chose above the list of occasions, read from the address and written back to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.catalogue.tables import OCCASION_STATUSES
from api.typed import typed

PATH = "/personal/utbildningar"
PHASES = ("kommande", "pagaende", "avslutade")
SOURCES = ("egen", "exempel", "susa")
WITHOUT_OCCASIONS = "utan-tillfallen"
ATTENTION = ("ansokan-gatt", "utkast-nara", "gamla-utkast", "utan-start", "utan-ansokan", WITHOUT_OCCASIONS)
"""What one should look at, by the word in the address; `attention.CONDITIONS` says what each means."""
ORDERS = ("andrad", "start", "sista-dag", "titel")
MAX_WORDS = 200
_SLUG = re.compile(r"[a-z0-9-]{1,60}")
_PAGE = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True)
class ListForm:
    """The choices; None or "" for any. `node` and `occupation` are slugs, the others words of the address."""

    words: str = ""
    node: str | None = None
    occupation: str | None = None
    status: str | None = None
    source: str | None = None
    phase: str | None = None
    attention: str | None = None
    order: str = ORDERS[0]
    page: int = 1

    @property
    def about_courses(self) -> bool:
        """Whether a course without occasions fits too: nothing is asked that only an occasion has."""
        return not (self.status or self.phase or self.source) and self.attention in (None, WITHOUT_OCCASIONS)

    @property
    def narrows(self) -> bool:
        """Whether anything is chosen that leaves something out."""
        return replace(self, page=1, order=ORDERS[0]) != ListForm()

    def address(self, **changed: object) -> str:
        """The list with these choices, some of them changed."""
        form = replace(self, **changed)  # type: ignore[arg-type]  # the callers name fields of the form
        values = {
            "q": form.words,
            "nod": form.node,
            "yrke": form.occupation,
            "status": form.status,
            "kalla": form.source,
            "lage": form.phase,
            "visa": form.attention,
            "ordning": form.order if form.order != ORDERS[0] else None,
            "sida": form.page if form.page > 1 else None,
        }
        chosen = {name: value for name, value in values.items() if value}
        return f"{PATH}?{urlencode(chosen)}" if chosen else PATH


def read_list_form(parameters: Mapping[str, str]) -> ListForm:
    """The choices in an address. What cannot be read is left out: the page shows what is chosen."""
    given = {name: typed(value) for name, value in parameters.items()}
    page = given.get("sida", "")
    return ListForm(
        words=given.get("q", "")[:MAX_WORDS],
        node=_slug(given.get("nod", "")),
        occupation=_slug(given.get("yrke", "")),
        status=_known(given.get("status"), OCCASION_STATUSES),
        source=_known(given.get("kalla"), SOURCES),
        phase=_known(given.get("lage"), PHASES),
        attention=_known(given.get("visa"), ATTENTION),
        order=_known(given.get("ordning"), ORDERS) or ORDERS[0],
        page=int(page) if _PAGE.fullmatch(page) else 1,
    )


def _known(value: str | None, choices: tuple[str, ...]) -> str | None:
    return value if value in choices else None


def _slug(value: str) -> str | None:
    return value if _SLUG.fullmatch(value) else None
