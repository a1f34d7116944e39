"""Rows of the tables that the seed data leaves empty, linked to each other, for the planting test to overwrite."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from api import tables as t
from api.booking.tables import MeetingLink
from api.catalogue.susa.reading import Event, details
from api.chat import service as chat
from api.contact.enquiries.tables import MATTERS
from api.outbox.office import Office
from api.privacy.secret_links import hash_token
from tests.browser.widget_kinds import KINDS

OFFICE = Office("Vägledningen <vagledning@example.org>", "https://vagledaren.example.org")
TEXT = "x"
"""Overwritten later."""


@dataclass
class Maker:
    """What was made: the secret of each page, and the account of each role."""

    secrets: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)
    conversation: str = ""
    """Its id and token, as the cookie of the plain page holds them."""


def make_rows(session: Session, maker: Maker, now: datetime) -> None:
    """At least one row of every table that had none."""
    for make in (_staff, _talk, _meetings, _events, _enquiries, _insight, _imports, _susa, _rest):
        make(session, maker, now)
        session.flush()


def _first(session: Session, model: type[Any]) -> Any:
    return session.scalars(select(model).order_by(*model.__table__.primary_key)).first()


def _token(maker: Maker, name: str) -> str:
    """The hash of a new secret; the secret itself is noted under `name`."""
    maker.secrets[name] = f"{name}-secret"
    return hash_token(maker.secrets[name])


def _staff(session: Session, maker: Maker, now: datetime) -> None:
    for role in ("admin", "staff", "counsellor"):
        account = t.Account(login=f"{role}@example.org", title=TEXT, role=role, created_at=now, oidc_issuer=TEXT)
        account.oidc_subject, account.active, account.oidc_role = role, True, False
        account.link_hash, account.link_expires_at = _token(maker, f"link-{role}"), now + timedelta(hours=1)
        session.add(account)
        session.flush()
        maker.accounts[role] = account.id
    for counsellor in session.scalars(select(t.Counsellor)):
        counsellor.video_url, counsellor.asks_for_answer = TEXT, True
    owner = _first(session, t.Counsellor)
    owner.account_id = maker.accounts["counsellor"]
    feeds = {"counsellor": {"counsellor_id": owner.id}, "node": {"node_id": owner.node_id}}
    for name, whose in feeds.items():
        session.add(t.CalendarFeed(token_hash=_token(maker, f"feed-{name}"), created_at=now, **whose))
    for node in session.scalars(select(t.Node)):
        session.add(t.NodeDay(node_id=node.id, day=now.date() + timedelta(days=9), title=TEXT))
    session.add(t.LoginFailure(key=TEXT, failures=1, last_at=now, blocked_until=now))
    session.add(
        t.StaffSession(token_hash=TEXT, account_id=maker.accounts["staff"], created_at=now, seen_at=now, expires_at=now)
    )


def _talk(session: Session, maker: Maker, now: datetime) -> None:
    conversation, token = chat.start_conversation(session, now)
    maker.conversation = f"{conversation.id}.{token}"
    for turn, (kind, said) in enumerate(KINDS.items(), start=1):
        conversation.turns = turn
        person = chat.user_message(TEXT, None)
        bot = t.Message(sender="bot", kind=said["kind"], text=TEXT, data={**said["data"], "lang": TEXT, "dir": TEXT})
        bot.topic, bot.source = "cost", {"title": TEXT, "url": TEXT, "checked_on": "2026-11-01"}
        bot.choices = [{"id": str(uuid4()), "title": TEXT, "payload": TEXT}]
        bot.feedback, bot.feedback_comment = "down", TEXT
        for position, message in enumerate((person, bot)):
            message.conversation_id, message.turn, message.position = conversation.id, turn, position
            message.created_at = now
            session.add(message)
        if kind in ("text", "courses"):
            session.add(
                t.Phrase(
                    conversation_id=conversation.id, turn=turn, said_at=now, text=TEXT, plain=TEXT, topic="cost",
                    answered=TEXT, comment=TEXT, municipality=TEXT, not_understood=True, thumbs_down=True,
                    dead_end=True,
                )
            )  # fmt: skip
    session.add(
        t.ContactToken(token="kontakt-" + "0" * 24, conversation_id=conversation.id, kind="email", value=TEXT,
                       created_at=now)
    )  # fmt: skip


def _meetings(session: Session, maker: Maker, now: datetime) -> None:
    """One of each way to meet, ahead; one that is over, and one that was cancelled."""
    owner = _first(session, t.Counsellor)
    ways = (
        ("phone", 1, "confirmed"),
        ("video", 2, "confirmed"),
        ("on_site", 3, "cancelled"),
        ("phone", 0, "confirmed"),
    )
    for number, (way, days, status) in enumerate((*ways, ("on_site", -3, "confirmed"))):
        start = now + timedelta(days=days, hours=4 - number % 2)
        meeting = t.Meeting(
            id=uuid4(), reference=f"IV-AAA{number}X", counsellor_id=owner.id, meeting_type=way, starts_at=start,
            ends_at=start + timedelta(minutes=30), block_from=start, block_to=start + timedelta(minutes=40),
            status=status, person_name=TEXT, contact_kind="email", contact_value=TEXT, sequence=1, created_at=now,
            ical_uid=f"meeting-{number}@example.org", confirmed_at=now, interpreter_language=TEXT, spoken_language=TEXT,
            asked_about=TEXT, counsellor_note=TEXT, wants_easy=bool(number % 2),
        )  # fmt: skip
        meeting.cancelled_at = now if status == "cancelled" else None
        session.add(meeting)
        session.flush()
        token = _token(maker, f"meeting-{number}")
        session.add(MeetingLink(token_hash=token, meeting_id=meeting.id, created_at=now))
        writer = f"counsellor:{maker.accounts['counsellor']}"
        session.add(t.Audit(at=now, actor=writer, action="meeting.note", subject=f"meeting:{meeting.id}", details={}))
        for end in ({"dead_at": now}, {}):
            session.add(
                t.Outbox(
                    meeting_id=meeting.id, thread=meeting.id, reference=meeting.reference, kind=f"K{len(end)}",
                    recipient=TEXT, message_id=TEXT, created_at=now, not_before=now, next_try=now, notify=TEXT,
                    redirected_to=TEXT, last_error=TEXT,
                    payload={"from": TEXT, "subject": TEXT, "text": TEXT, "html": TEXT, "reply_to": TEXT, "ics": TEXT,
                             "ics_method": "REQUEST"},
                    **end,
                )
            )  # fmt: skip


def _events(session: Session, maker: Maker, now: datetime) -> None:
    """The seed's, so that each has something of everything; and links to the pages of those who signed up."""
    events = list(session.scalars(select(t.Event).order_by(t.Event.starts_at)))
    for number, event in enumerate(events):
        event.online_url = event.place_name = event.street = event.cancel_reason = event.for_whom = TEXT
        event.contact_phone, event.interpreter = TEXT, ["ar", TEXT]
        event.status = "cancelled" if number == 1 else "published"
        event.signup_until, event.capacity = None, 5
    online = events[2]
    online.place_name = online.street = ""
    for number, signup in enumerate(session.scalars(select(t.EventSignup).order_by(t.EventSignup.id))):
        signup.name = signup.email = signup.phone = signup.needs = signup.language = TEXT
        session.add(
            t.EventSignupLink(token_hash=_token(maker, f"signup-{number}"), signup_id=signup.id, created_at=now)
        )


def _enquiries(session: Session, maker: Maker, now: datetime) -> None:
    details: dict[str, dict[str, Any]] = {
        "staffing": {"work": TEXT, "people": 3, "when": TEXT}, "training": {"skill": TEXT, "when": TEXT},
        "receive": {"receives": ["prao"], "when": TEXT}, "council": {"trade": TEXT},
        "school_prao": {"grade": TEXT, "pupils": 3, "weeks": TEXT}, "accessibility": {"page": TEXT, "aid": TEXT},
    }  # fmt: skip
    network = _first(session, t.Network)
    place = _first(session, t.Municipality)
    for number, matter in enumerate(MATTERS):
        enquiry = t.Enquiry(
            id=uuid4(), reference=f"IV-BBB{number}X", matter=matter, organisation=TEXT, name=TEXT,
            email=TEXT * (number % 2), phone=TEXT, message=TEXT, details=details.get(matter, {}), status="new",
            function=TEXT, function_email=TEXT, created_at=now, due_at=now - timedelta(hours=1),
            remind_at=now - timedelta(hours=1),
            network_id=network.id if matter == "network_interest" else None, municipality_id=place.id,
            taken_by=None,
        )  # fmt: skip
        session.add(enquiry)
        session.flush()
        session.add(t.EnquiryLink(token_hash=_token(maker, matter), enquiry_id=enquiry.id, created_at=now))
        actor = f"staff:{maker.accounts['staff']}"
        session.add_all(
            t.EnquiryNote(enquiry_id=enquiry.id, kind=kind, at=now, actor=actor, text=TEXT)
            for kind in ("answer", "note")
        )


def _insight(session: Session, maker: Maker, now: datetime) -> None:
    day = now.date() - timedelta(days=3)
    session.add(t.InsightDay(day=day, closed=True))
    session.add(t.PlaceDay(day=day, municipality=TEXT, talks=40))
    many = {"turns": 40, "talks": 40, "not_understood": 20, "thumbs_up": 20, "thumbs_down": 20, "dead_ends": 20}
    session.add(t.TopicDay(day=day, topic="cost", municipality=TEXT, **many))
    session.add(t.BackgroundCount(month=day.replace(day=1), step="chat", question="gender", answer="woman", count=40))
    session.add(t.ChainCount(day=day, step="chat", node="", count=40))
    session.add_all(t.ReportCount(day=day, measure=one, value=f"{one} 1", count=40) for one in ("language", "enquiry"))
    session.add(t.FreeWait(day=day, node="karlstad", days=3))
    staff, admin = maker.accounts["staff"], maker.accounts["admin"]
    known = {"author_id": staff, "proposed_at": now, "said_at": now}
    session.add_all(
        [
            t.TrainingExample(text=TEXT, plain="ett", topic="cost", new_topic="", state="waiting", **known),
            t.TrainingExample(text=TEXT, plain="två", topic="", new_topic=TEXT, state="waiting", **known),
            t.TrainingExample(
                text=TEXT, plain="tre", topic="cost", state="approved", approver_id=admin, decided_at=now, **known
            ),
        ]
    )


def _imports(session: Session, maker: Maker, now: datetime) -> None:
    batch = _first(session, t.ImportBatch)
    counts = dict.fromkeys(("new", "changed", "also", "unchanged", "missing", "rejected"), 1)
    for state in ("ready", "applied", "refused", "failed", "running", "waiting"):
        job = t.ImportJob(
            id=uuid4(), account_id=maker.accounts["staff"], actor=f"staff:{maker.accounts['staff']}", file_name=TEXT,
            size=99, digest=TEXT, created_at=now, expires_at=now + timedelta(days=1), queued_at=now, state=state,
            reason=TEXT, summary={"counts": counts, "unknown_columns": [TEXT], "absent_columns": ["places"]},
            plan_digest=TEXT, batch_id=batch.id if state == "applied" else None,
            lease_until=now + timedelta(hours=1), work="apply" if state == "applied" else "check", step="",
        )  # fmt: skip
        session.add(job)
        session.flush()
        session.add(t.ImportPiece(job_id=job.id, number=0, data=b"x"))
        item = {"line": 2, "id": TEXT, "title": TEXT, "town": TEXT, "start": "2027-01-11"}
        changed = {"changes": [{"column": "title", "old": TEXT, "new": TEXT}]}
        wrong = {"problems": [{"column": "title", "value": TEXT, "reason": TEXT}]}
        for part in counts:
            more = {"changed": changed, "rejected": wrong}.get(part, {})
            session.add(t.ImportFinding(job_id=job.id, part=part, page=1, items=[item | more]))
    session.add(
        t.BulkPlan(
            id=uuid4(), account_id=maker.accounts["staff"], created_at=now, change={"status": "full"}, shown=[],
            refused=[], back=TEXT,
        )
    )  # fmt: skip


def _susa(session: Session, maker: Maker, now: datetime) -> None:
    """An event that waits, one that is unclear, one that differs from what staff wrote."""
    times = {"created_at": now, "updated_at": now}
    course = _first(session, t.Course)
    occasion = session.scalars(select(t.Occasion).where(t.Occasion.course_id == course.id)).first()
    assert occasion
    provider = t.SusaProvider(source_id="p", name=TEXT, details={"url": TEXT, "name": TEXT}, digest=TEXT, **times)
    info = t.SusaInfo(source_id="i", title=TEXT, details={"description": TEXT, "url": TEXT}, digest=TEXT, **times)
    session.add_all([provider, info])
    session.flush()
    twice = {"apply_url": [TEXT, TEXT], "contact_email": [TEXT, TEXT]}
    for number, state in enumerate(("waiting", "approved", "approved")):
        event = Event(
            id=TEXT, info=TEXT, provider=TEXT, title=TEXT, areas=(TEXT,), start=None, end=None, apply_from=None,
            apply_to=None, continuous=False, pace=50, distance=True, places=3, apprenticeship=False, cancelled=False,
            contractor=TEXT, url=TEXT, apply_url=TEXT, contact_email=TEXT, expires=None,
        )  # fmt: skip
        session.add(
            t.SusaEvent(
                source_id=f"e{number}", provider_id=provider.id, info_id=info.id, title=TEXT, details=details(event),
                state=state, problem="occupation" if number == 1 else "", differs=number == 2, digest=TEXT,
                occasion_id=occasion.id if number == 2 else None, conflicts=twice if number == 2 else {},
                mirrored={"apply_url": TEXT}, **times,
            )
        )  # fmt: skip
    course_twice = {"description": [TEXT, TEXT]}
    session.add(
        t.SusaCourse(info_id=info.id, node_id=course.node_id, occupation_id=course.occupation_id, course_id=course.id,
                     mirrored={"description": TEXT}, conflicts=course_twice, differs=True)
    )  # fmt: skip
    session.add(t.SusaRun(kind="full", state="failed", actor="system", created_at=now, ended_at=now, error=TEXT))


def _rest(session: Session, maker: Maker, now: datetime) -> None:
    session.add(
        t.Outlook(
            concept_id="c1", name=TEXT, region="17", ssyk=["7212"], ssyk_title=TEXT, coverage=TEXT, period="2026-1",
            possibilities=TEXT, situation=TEXT, forecast=TEXT, possibilities_text=TEXT, situation_text=TEXT,
            taxonomy_version="1", imported_at=now,
        )
    )  # fmt: skip
    session.add(t.Audit(at=now, actor="staff:1", action="x", subject="x", details={"columns": [TEXT]}))
    for occasion in session.scalars(select(t.Occasion)):
        occasion.source_url, occasion.source = TEXT, "susa"
    for course in session.scalars(select(t.Course)):
        course.company, course.language_level = TEXT, TEXT
    for node in session.scalars(select(t.Node)):
        node.example, node.street = False, TEXT
    for answer in session.scalars(select(t.Answer)):
        answer.source_title = answer.source_url = TEXT
        answer.checked_on = answer.review_on = now.date()
    for company in session.scalars(select(t.ReceivingCompany)):
        company.status = "published"
    for network in session.scalars(select(t.Network)):
        network.status = "published"
    for occupation in session.scalars(select(t.Occupation)):
        occupation.easy_parts = dict.fromkeys(("society", "demands", "environment", "hours", "paths"), TEXT)
