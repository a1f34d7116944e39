"""What this capability holds of people: nothing but files on their way in. Its rows are about places and courses."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from api.catalogue.import_jobs import service
from api.catalogue.keeping import bulk
from api.holdings import Columns, Holding
from api.settings import Settings


def _retire(session: Session, settings: Settings, now: datetime) -> None:
    service.erase_expired(session, now)
    bulk.erase_expired(session, now)


HOLDINGS = (
    Holding(
        "import",
        (
            Columns.of(
                "import_job",
                personal="actor file_name",
                plain="id account_id size digest created_at expires_at work state queued_at attempt lease_until step"
                " progress reason plan_digest summary changed_since batch_id",
            ),
            Columns.of("import_piece", personal="data", plain="job_id number"),
            Columns.of("import_finding", personal="items", plain="job_id part page"),
            Columns.of(
                "bulk_plan", personal="account_id", plain="id created_at change shown refused unchanged back batch"
            ),
        ),
        retire=_retire,
    ),
)

NOTHING = (
    Columns.of("region", plain="id code name concept_id"),
    Columns.of("municipality", plain="id code name concept_id lat lon aliases misspellings"),
    Columns.of(
        "node",
        plain="id slug town name municipality_id lat lon street phone email opening_hours profile equipment example"
        " updated_at",
    ),
    Columns.of(
        "course",
        plain="id node_id occupation_id title credits apprenticeship sfi_combined language_level eligibility"
        " description kind company updated_at",
    ),
    Columns.of(
        "occasion",
        plain="id external_id course_id start_date end_date apply_from apply_to continuous pace distance places"
        " apply_url contact_email status example source source_url updated_at",
    ),
    Columns.of("import_batch", plain="id created_at undone_at file_name summary undo"),
    Columns.of(
        "susa_provider",
        plain="id source_id name municipality_code details digest decision node_id created_at updated_at",
    ),
    Columns.of("susa_info", plain="id source_id title details digest occupation_id created_at updated_at"),
    Columns.of(
        "susa_event",
        plain="id source_id provider_id info_id title start_date expires_at details digest state gone problem dirty"
        " seen_run occasion_id mirrored conflicts differs created_at updated_at",
    ),
    Columns.of("susa_course", plain="id info_id node_id occupation_id course_id mirrored conflicts differs"),
    Columns.of(
        "susa_run",
        plain="id kind state actor created_at started_at ended_at owner lease_until since fingerprint phase page pages"
        " counts error",
    ),
)
"""Functions, places and what is taught. A contact in them belongs to a function; names are asked about when staff
write them (`people.py`)."""
