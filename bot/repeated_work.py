"""Two things that Rasa 3.6 does anew in every turn, done once. Together they were more than half of the bot's work.

Nothing is decided differently: the same schema is checked, the same event classes are found.
"""

from __future__ import annotations

import functools
from typing import Any

from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event


def do_once() -> None:
    """Replace both in the running Rasa. Calling it again changes nothing."""
    if getattr(Event.resolve_by_type, "cache_info", None) is None:
        # Rasa walks through all classes of events for every event it reads.
        Event.resolve_by_type = staticmethod(functools.cache(Event.resolve_by_type))
    RemoteAction._validate_action_result = _validate_action_result


@functools.cache
def _validator() -> Any:  # Any: a class that jsonschema makes at run time
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


def _validate_action_result(_: RemoteAction, result: dict[str, Any]) -> bool:
    """As Rasa's own method, which also checks the (constant) schema itself each time it is called.

    Raises jsonschema's ValidationError.
    """
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += ". The action server's answer does not have the form that Rasa expects."
        raise error
    return True
