"""What a run brought, as Swedish sentences for the command line and staff's page. Pure."""

from __future__ import annotations

from api.catalogue.susa.tables import SusaRun
from api.texts import Texts

_TEXTS = Texts.beside(__file__)
_ALWAYS = ("read", "new", "changed", "gone", "created", "updated")
_IF_ANY = ("conflicts", "incomplete", "unreadable", "unknown")
"""What is only told when there is some: it asks for a look."""


def sentences(run: SusaRun) -> list[str]:
    """One line for each count."""
    told = [name for name in (*_ALWAYS, *_IF_ANY) if name in _ALWAYS or run.counts.get(name)]
    return [_TEXTS(f"count_{name}", count=run.counts.get(name, 0)) for name in told]


def render(run: SusaRun) -> str:
    """The report of a run that ended well."""
    return "\n".join([_TEXTS("report_done"), *sentences(run), _TEXTS("report_next")]) + "\n"


def phase(run: SusaRun) -> str:
    """What a run at work is doing."""
    return _TEXTS(f"phase_{run.phase or 'begin'}", page=run.page, pages=run.pages or "?")
