"""What this capability holds of people: copies of messages, and examples made of them. Figures are about nobody."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.holdings import Columns, Holding, Record, Who, record
from api.insight.asked.rolling import erase_old_phrases
from api.insight.asked.tables import Phrase
from api.insight.examples.tables import TrainingExample

_PHRASE = Columns.of(
    "insight_phrase",
    personal="text plain answered comment",
    plain="id conversation_id turn said_at municipality topic not_understood thumbs_down dead_end state",
)
_EXAMPLE = Columns.of(
    "training_example",
    personal="text plain",
    plain="id topic new_topic state conversation_id said_at author_id proposed_at approver_id decided_at",
)


def _find(session: Session, who: Who, now: datetime) -> list[Record]:
    """Both go when their conversation is erased."""
    phrases = session.scalars(select(Phrase).where(Phrase.conversation_id.in_(who.conversations)).order_by(Phrase.id))
    waiting = select(TrainingExample).where(TrainingExample.conversation_id.in_(who.conversations))
    examples = session.scalars(waiting.order_by(TrainingExample.id))
    return [*(record(row, _PHRASE) for row in phrases), *(record(row, _EXAMPLE) for row in examples)]


HOLDINGS = (Holding("phrase", (_PHRASE, _EXAMPLE), retire=erase_old_phrases, find=_find),)

NOTHING = (
    Columns.of("insight_day", plain="day closed"),
    Columns.of("insight_place_day", plain="day municipality talks"),
    Columns.of(
        "insight_topic_day",
        plain="day topic municipality turns talks not_understood thumbs_up thumbs_down dead_ends",
    ),
    Columns.of("background_count", plain="month step question answer count"),
    Columns.of("chain_count", plain="day step node count"),
    Columns.of("report_count", plain="day measure value count"),
    Columns.of("free_wait", plain="day node days"),
    Columns.of(
        "accessibility_statement", plain="id compliance instead method assessed_on reviewed_on example updated_at"
    ),
    Columns.of("accessibility_gap", plain="id title about reason why instead fixed_by example updated_at"),
)
"""Sums of days and months, and what the organisation says of itself."""
