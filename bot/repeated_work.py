"""Three things that Rasa 3.6 does anew in every turn, done once. Two of them were more than half of the bot's work.

Nothing is decided differently: the same schema is checked, the same event classes are found, the same requests are
sent.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any
from weakref import WeakKeyDictionary

import aiohttp
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

KEPT_SECONDS = 30.0
"""How long an idle connection to the actions is kept: less than they keep it (120 s), so that it is never theirs to
close while we write."""

_connectors: WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.TCPConnector] = WeakKeyDictionary()


def do_once() -> None:
    """Replace them in the running Rasa. Calling it again changes nothing."""
    if getattr(Event.resolve_by_type, "cache_info", None) is None:
        # Rasa walks through all classes of events for every event it reads.
        Event.resolve_by_type = staticmethod(functools.cache(Event.resolve_by_type))
    RemoteAction._validate_action_result = _validate_action_result
    EndpointConfig.session = _session


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


def _session(self: EndpointConfig) -> aiohttp.ClientSession:
    """As Rasa's own method, with connections that outlive the session: Rasa opens one of each for every request."""
    auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
    return aiohttp.ClientSession(
        headers=self.headers,
        auth=auth,
        timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
        connector=_connector(asyncio.get_running_loop()),
        connector_owner=False,
    )


def _connector(loop: asyncio.AbstractEventLoop) -> aiohttp.TCPConnector:
    if loop not in _connectors:
        _connectors[loop] = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS)
    return _connectors[loop]
