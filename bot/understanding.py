"""What the bot understood of one text, in the form that api reads. Nothing is decided here."""

from __future__ import annotations

from typing import Any

from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier


def as_understood(parsed: dict[str, Any]) -> dict[str, Any]:  # Any: Rasa's own JSON
    """The topic, all that is left of the ranking, and the entities with their places in the text. Not the text."""
    ranking = parsed.get("intent_ranking") or []
    return {
        "topic": (parsed.get("intent") or {}).get("name"),
        "ranking": [{"topic": row["name"], "confidence": float(row["confidence"])} for row in ranking],
        "entities": [
            {
                "entity": entity["entity"],
                "value": str(entity["value"]),
                "start": int(entity["start"]),
                "end": int(entity["end"]),
                "confidence": float(entity.get("confidence", 1.0)),
            }
            for entity in parsed.get("entities") or []
        ],
    }


def limits_of(agent: Any) -> dict[str, float]:  # Any: Rasa's Agent, which is untyped
    """When the running model would rather ask than answer: below `least` confidence, or with less than `apart` between.

    Read from the model itself, because `config.yml` may have changed since it was trained.
    """
    nodes = agent.processor.model_metadata.predict_schema.nodes.values()
    written: dict[str, Any] = next((node.config for node in nodes if issubclass(node.uses, FallbackClassifier)), {})
    config = FallbackClassifier.get_default_config() | written
    return {"least": float(config["threshold"]), "apart": float(config["ambiguity_threshold"])}
