"""The sentences about catalogue files."""

from __future__ import annotations

from api.texts import Texts

TEXTS = Texts.beside(__file__)
