"""What every action keeps to: it never raises, never waits for ever, and repeats nothing of the request."""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.api_client import ApiClient, ApiDown, ApiRefused, Json
from actions.figures import Figures, Outcome
from actions.logs import REQUEST, request_id
from actions.understood import FALLBACK, Understood, understand

log = logging.getLogger(__name__)


class Speaker:
    """Says what api composed, in the form that the bot's channel carries on."""

    def __init__(self, dispatcher: CollectingDispatcher, topic: str) -> None:
        self._dispatcher, self._topic = dispatcher, topic

    def say(self, messages: Iterable[Json], *, topic: str | None = None, query: Json | None = None) -> None:
        """Utter ready messages. `topic` and `query` go along with each for the chat contract."""
        for message in messages:
            custom = {"kind": message["kind"], "data": message["data"], "source": message.get("source")}
            self._dispatcher.utter_message(
                text=message["text"],
                buttons=[{"title": c["title"], "payload": c["payload"]} for c in message["choices"]],
                json_message=custom | {"topic": topic or self._topic, "query": query or {}},
            )

    def utter(self, response: str, *, easy: bool = False) -> None:
        """Utter one of the domain's responses; with `easy` its version in easy Swedish."""
        self._dispatcher.utter_message(response=f"{response}_easy" if easy else response)

    def tell(self, sentence: str, *, topic: str | None = None) -> None:
        """Utter a sentence that api gave as the reason for a refusal."""
        self._dispatcher.utter_message(text=sentence, json_message={"kind": "text", "topic": topic or self._topic})


class SafeAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is untyped
    """An action over one api client. Subclasses implement `act`."""

    def __init__(self, api: ApiClient, figures: Figures | None = None) -> None:
        self.api = api
        self._figures = figures or Figures()

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # Any: Rasa's domain
    ) -> list[EventType]:
        """Carry out the action. Whatever fails, the person gets a sentence and the server's answer stays clean."""
        began, outcome, speaker = time.perf_counter(), Outcome.DONE, Speaker(dispatcher, FALLBACK)
        REQUEST.set(request_id(tracker.latest_message.get("message_id")))
        try:
            understood = understand(tracker)
            speaker = Speaker(dispatcher, understood.topic)
            return await self.act(understood, speaker, tracker)
        except ApiRefused as refusal:
            outcome = Outcome.REFUSED
            speaker.tell(refusal.detail)
        except ApiDown as error:
            outcome = Outcome.API_DOWN
            log.error("api cannot be used", extra={"action": self.name(), "reason": str(error)})
            speaker.utter("utter_service_down")
        except Exception as error:  # the last resort: an exception would be answered with the whole request
            outcome = Outcome.FAILED
            log.error("action failed", extra={"action": self.name(), "error": type(error).__name__})
            speaker.utter("utter_service_down")
        finally:
            seconds = self._figures.note(self.name(), outcome, began)
            ids = {"conversation": tracker.sender_id, "action": self.name(), "outcome": outcome.value}
            log.info("action", extra=ids | {"ms": round(seconds * 1000, 1)})
        return self.after_failure(tracker)

    @abstractmethod
    async def act(self, understood: Understood, speaker: Speaker, tracker: Tracker) -> list[EventType]:
        """Do it: call api, speak, return slot changes. May raise ApiDown and ApiRefused."""

    def after_failure(self, tracker: Tracker) -> list[EventType]:
        """Slot changes when `act` failed."""
        return []


def set_slots(**values: object) -> list[EventType]:
    """Slot changes."""
    return [SlotSet(name, value) for name, value in values.items()]
