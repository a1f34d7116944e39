"""What the service holds of people, put together: whoever adds a table or a column says here what it is.

`HOLDINGS` is read by the worker (what is due is erased), by the page `/integritet`, and by the staff page that looks
up, exports and erases what there is about one person.
"""

from __future__ import annotations

from api.booking import forgetting as booking
from api.catalogue import personal as catalogue
from api.chat import erasing as chat
from api.contact.enquiries import forgetting as enquiries
from api.events import forgetting as events
from api.holdings import Columns, Holding
from api.insight import personal as insight
from api.outbox import personal as outbox
from api.privacy import personal as privacy
from api.staff import personal as staff

HOLDINGS: tuple[Holding, ...] = (
    *chat.HOLDINGS,
    *privacy.HOLDINGS,
    *insight.HOLDINGS,
    *booking.HOLDINGS,
    *events.HOLDINGS,
    *enquiries.HOLDINGS,
    *outbox.HOLDINGS,
    *privacy.ELSEWHERE,
    *staff.HOLDINGS,
    *catalogue.HOLDINGS,
)
"""In the order in which the page tells of them, and in which the worker erases: mails after what they are about."""

NOTHING: tuple[Columns, ...] = (
    *catalogue.NOTHING,
    *insight.NOTHING,
    Columns.of(
        "occupation",
        plain="id slug title area ssyk ssyk_title group_concept_id concept_ids related summary workday easy society"
        " demands environment hours paths easy_parts guide traits aliases phrases misspellings"
        " updated_at",
    ),
    Columns.of("seed_planted", plain="kind key planted_at"),
    Columns.of("answer", plain="topic title text easy choices source_title source_url checked_on review_on updated_at"),
    Columns.of(
        "outlook",
        plain="id concept_id name region ssyk ssyk_title coverage period possibilities situation forecast"
        " possibilities_text situation_text taxonomy_version imported_at",
    ),
    Columns.of(
        "counsellor",
        plain="id slug node_id title email phone meeting_types languages active example meeting_minutes buffer_minutes"
        " slot_step_minutes notice_hours horizon_days account_id daily_maximum interpreter_minutes video_url"
        " asks_for_answer",
    ),
    Columns.of("availability", plain="id counsellor_id weekday start_time end_time"),
    Columns.of("availability_exception", plain="id counsellor_id day start_time end_time opens"),
    Columns.of("node_day", plain="id node_id day opens title"),
    Columns.of("calendar_feed", hidden="token_hash", plain="id counsellor_id node_id created_at revoked_at"),
    Columns.of(
        "event",
        plain="id kind title description host node_id network_id municipality_id place_name street online_url starts_at"
        " ends_at signup_until capacity step_free hearing_loop interpreter women_only for_whom contact contact_email"
        " contact_phone status cancel_reason example created_at updated_at",
    ),
    Columns.of("enquiry_route", plain="id matter municipality_id function email example updated_at"),
    Columns.of(
        "receiving_company",
        plain="id name municipality_id does prao apl study_visit places periods pupils_do step_free access_note contact"
        " email phone status example updated_at",
    ),
    Columns.of(
        "network",
        plain="id slug name about for_whom region behind how_often next_meeting source_title source_url source_year"
        " checked_on status example updated_at",
    ),
)
"""Tables about nobody: counsellors, contacts and hosts are functions, never a person's name."""
