"""The companies as a file that staff can open in Excel: everything, contacts included. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from api.contact.hosts.fields import FIELDS, LABELS, TEXTS
from api.contact.hosts.tables import ReceivingCompany
from api.csv_files import to_csv
from api.staff.kept import in_words


def companies_csv(companies: Iterable[ReceivingCompany]) -> bytes:
    """One row a company, in the order and words of the form."""
    return to_csv([LABELS[field.name] for field in FIELDS], map(_cells, companies))


def _cells(company: ReceivingCompany) -> list[str]:
    values = {field.name: getattr(company, field.name) for field in FIELDS}
    values |= {
        "municipality_id": company.municipality.name,
        "status": TEXTS(f"status_{company.status}"),
        "step_free": TEXTS(f"step_free_{company.step_free}"),
    }
    return [in_words(value) for value in values.values()]
