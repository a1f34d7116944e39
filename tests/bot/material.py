"""The bot's data files, read as Rasa and api read them, but strictly: a key that stands twice is an error."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = sorted((ROOT / "bot/domain").glob("*.yml"))
NLU = sorted((ROOT / "data/nlu").rglob("*.yml"))
RULES = sorted([*(ROOT / "data/rules").glob("*.yml"), *(ROOT / "data/stories").glob("*.yml")])
FALLBACK = "nlu_fallback"
NO_TOPICS = {"crisis", "welcome"}
"""Answers that stand for no topic."""
"""An answer of its own, told before that of any topic."""


class StrictLoader(yaml.SafeLoader):
    """YAML where a repeated key is refused instead of silently winning."""


def _mapping(loader: StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    pairs = loader.construct_pairs(node, deep=True)
    seen: set[Any] = set()
    for key, _ in pairs:
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        seen.add(key)
    return dict(pairs)


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), StrictLoader)


@cache
def domain() -> dict[str, Any]:
    """The domain files as one: lists joined, mappings merged."""
    whole: dict[str, Any] = {"intents": [], "entities": [], "actions": [], "slots": {}, "forms": {}, "responses": {}}
    for path in DOMAIN:
        for key, value in load(path).items():
            if isinstance(value, list):
                whole[key] = [*whole[key], *value]
            elif key in {"slots", "forms", "responses"}:
                assert not whole[key].keys() & value.keys(), f"{path.name} repeats {whole[key].keys() & value.keys()}"
                whole[key] = {**whole[key], **value}
    return whole


@cache
def phrases() -> dict[str, tuple[str, ...]]:
    """Topic → its training phrases."""
    found: dict[str, list[str]] = {}
    for path in NLU:
        for block in load(path)["nlu"]:
            lines = [line for line in block["examples"].splitlines() if line.strip()]
            assert all(line.startswith("- ") for line in lines), (path.name, block["intent"])
            found.setdefault(block["intent"], []).extend(line[2:] for line in lines)
    return {topic: tuple(lines) for topic, lines in found.items()}


@cache
def topics() -> frozenset[str]:
    return frozenset(phrases())


@cache
def answers() -> dict[str, dict[str, Any]]:
    entries: dict[str, dict[str, Any]] = load(ROOT / "api/seed/answers.yml")
    return entries


@cache
def rule_steps() -> tuple[dict[str, Any], ...]:
    return tuple(
        step
        for path in RULES
        for item in [*load(path).get("rules", []), *load(path).get("stories", [])]
        for step in item["steps"]
    )
