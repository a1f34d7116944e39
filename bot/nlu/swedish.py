"""The Swedish spaCy pipeline: the official model where it is installed, otherwise our own with the same interface."""

from __future__ import annotations

import logging

import simplemma
import spacy
from spacy.language import Language
from spacy.tokens import Doc

log = logging.getLogger(__name__)

OFFICIAL = "sv_core_news_sm"
FALLBACK = "sv_simplemma"


@Language.component("simplemma_lemmatizer")
def _lemmatize(doc: Doc) -> Doc:
    for token in doc:
        token.lemma_ = simplemma.lemmatize(token.text, lang="sv")
    return doc


def load_swedish() -> tuple[Language, str]:
    """A pipeline that sets lemmas (and, with the official model, names of people as PRS), and which one it is."""
    if spacy.util.is_package(OFFICIAL):
        return spacy.load(OFFICIAL, exclude=["parser", "senter", "morphologizer"]), OFFICIAL
    nlp = spacy.blank("sv")
    nlp.add_pipe("simplemma_lemmatizer")
    return nlp, FALLBACK
