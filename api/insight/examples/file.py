"""The approved examples as a file, for the training: the bot has no database."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.insight.examples.tables import TrainingExample
from api.whole_files import write_whole

NAME = "examples.json"
"""Beside the names that the bot knows."""


def write_examples(session: Session, path: Path) -> bool:
    """Write `{"examples": [{"text", "topic"}]}`, always in the same order. Whether the content is new.

    Proposals of new topics are left out: there is nothing to train them for.
    """
    rows = session.execute(
        select(TrainingExample.topic, TrainingExample.text).where(
            TrainingExample.state == "approved", TrainingExample.topic != ""
        )
    )
    examples = [{"text": text, "topic": topic} for topic, text in sorted({(topic, text) for topic, text in rows})]
    return write_whole(path, json.dumps({"examples": examples}, ensure_ascii=False, indent=1) + "\n")
