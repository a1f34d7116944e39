"""Examples: proposed by one person, put right, approved by another, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.errors import NotFound
from api.insight.asked.likeness import plain
from api.insight.asked.tables import Phrase
from api.insight.examples.checking import doubtful_name, wrong_with
from api.insight.examples.errors import ExampleChanged, OwnExample
from api.insight.examples.known_phrases import Known, known
from api.insight.examples.tables import LONGEST, TrainingExample
from api.staff import audit
from api.staff.sessions import SignedIn
from api.staff.tables import Account

MOST_AT_ONCE = 10
"""Different texts of one group that become examples: more of the same teach nothing."""


@dataclass(frozen=True)
class Judged:
    """An example that waits: who proposed it, why it cannot be approved, and what to think about first."""

    row: TrainingExample
    author: str
    wrong: str
    name: str
    near: str
    near_topic: str


def propose(
    session: Session, phrases: Sequence[Phrase], topic: str, new_topic: str, *, account: SignedIn, at: datetime
) -> int:
    """Make examples of these messages, one of each text, and mark them as handled. How many examples wait now."""
    texts: dict[str, Phrase] = {}
    for phrase in phrases:
        phrase.state = "handled"
        texts.setdefault(phrase.plain, phrase)
    there = set(
        session.scalars(
            select(TrainingExample.plain).where(
                TrainingExample.plain.in_([plain(p.text)[:LONGEST] for p in texts.values()]),
                TrainingExample.topic == topic,
            )
        )
    )
    made = 0
    for phrase in texts.values():
        text = _shortened(" ".join(phrase.text.split()))
        if plain(text) in there or made == MOST_AT_ONCE:
            continue
        example = TrainingExample(
            conversation_id=phrase.conversation_id, said_at=phrase.said_at, topic=topic, new_topic=new_topic
        )
        _write(example, text, account, at)
        session.add(example)
        made += 1
    session.flush()
    audit.record(session, at=at, actor=account.actor, action="example.propose", subject=f"topic:{topic}", rows=made)
    return made


def change(
    session: Session,
    example_id: int,
    text: str,
    about: tuple[str, str],
    titles: Mapping[str, str],
    *,
    account: SignedIn,
    at: datetime,
) -> str:
    """Put right what waits; `about` is the topic and the new topic, one of them empty. Whoever does it is its author
    from then on.

    Returns why not, as a sentence; empty when it is done. Raises NotFound, ExampleChanged.
    """
    example = _locked(session, example_id, "waiting")
    topic, new_topic = about
    if wrong := wrong_with(text, topic, _topics(session, known()), titles):
        return wrong
    example.topic, example.new_topic = topic, new_topic
    _write(example, text, account, at)
    session.flush()
    audit.record(session, at=at, actor=account.actor, action="example.change", subject=f"example:{example_id}")
    return ""


def approve(
    session: Session, example_id: int, shown: str, titles: Mapping[str, str], *, account: SignedIn, at: datetime
) -> str:
    """Take it into the next training; nothing leads back to who said it from then on.

    Returns why not, as a sentence; empty when it is done. Raises NotFound, ExampleChanged when it is not what was
    `shown`, OwnExample for its author.
    """
    example = _locked(session, example_id, "waiting")
    if example.text != shown:
        raise ExampleChanged
    if example.author_id == account.id:
        raise OwnExample
    if wrong := wrong_with(example.text, example.topic, _topics(session, known()), titles):
        return wrong
    example.state, example.approver_id, example.decided_at = "approved", account.id, at
    example.conversation_id = example.said_at = None
    session.flush()
    audit.record(session, at=at, actor=account.actor, action="example.approve", subject=f"example:{example_id}")
    return ""


def remove(session: Session, example_id: int, state: str, *, account: SignedIn, at: datetime) -> None:
    """Reject what waits, or withdraw what was approved: its text is gone. Raises NotFound, ExampleChanged."""
    session.delete(_locked(session, example_id, state))
    action = "example.reject" if state == "waiting" else "example.withdraw"
    audit.record(session, at=at, actor=account.actor, action=action, subject=f"example:{example_id}")


def waiting(session: Session, titles: Mapping[str, str], *, most: int) -> list[Judged]:
    """What waits to be approved, the oldest first."""
    rows = session.execute(
        select(TrainingExample, Account.title)
        .join(Account, Account.id == TrainingExample.author_id)
        .where(TrainingExample.state == "waiting")
        .order_by(TrainingExample.proposed_at, TrainingExample.id)
        .limit(most)
    ).all()
    phrases = known() if rows else Known({}, ())
    topics = _topics(session, phrases)
    return [judged(row, author, phrases, topics, titles) for row, author in rows]


def judged(
    row: TrainingExample, author: str, phrases: Known, topics: Mapping[str, str], titles: Mapping[str, str]
) -> Judged:
    """An example with everything that is said about it."""
    wrong = wrong_with(row.text, row.topic, topics, titles)
    near, near_topic = ("", "") if wrong else phrases.nearly(row.text) or ("", "")
    return Judged(row, author, wrong, doubtful_name(row.text), near, titles.get(near_topic, near_topic))


def one(session: Session, example_id: int, titles: Mapping[str, str]) -> Judged:
    """One that waits. Raises NotFound."""
    row = session.get(TrainingExample, example_id)
    if row is None or row.state != "waiting":
        raise NotFound
    phrases = known()
    author = session.get_one(Account, row.author_id).title
    return judged(row, author, phrases, _topics(session, phrases), titles)


def approved(session: Session, *, new: bool) -> Sequence[TrainingExample]:
    """Approved examples, or with `new` approved proposals of topics, the latest first."""
    kind = TrainingExample.new_topic != "" if new else TrainingExample.topic != ""
    rows = select(TrainingExample).where(TrainingExample.state == "approved", kind)
    return session.scalars(rows.order_by(TrainingExample.decided_at.desc(), TrainingExample.id)).all()


def count_waiting(session: Session, *, for_account: int | None = None) -> int:
    """How many wait; with `for_account` those that this account may approve."""
    rows = select(func.count()).where(TrainingExample.state == "waiting")
    if for_account is not None:
        rows = rows.where(TrainingExample.author_id != for_account)
    return session.scalar(rows) or 0


def _topics(session: Session, phrases: Known) -> dict[str, str]:
    rows = select(TrainingExample.plain, TrainingExample.topic).where(
        TrainingExample.state == "approved", TrainingExample.topic != ""
    )
    found = {row.plain: row.topic for row in session.execute(rows)}
    return {**phrases.topics, **found}


def _write(example: TrainingExample, text: str, account: SignedIn, at: datetime) -> None:
    example.text, example.plain, example.author_id, example.proposed_at = text, plain(text), account.id, at


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]


def _locked(session: Session, example_id: int, state: str) -> TrainingExample:
    example = session.get(TrainingExample, example_id, with_for_update=True)
    if example is None:
        raise NotFound
    if example.state != state:
        raise ExampleChanged
    return example
