"""`python -m actions`: serve the actions on loopback."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions import guidance
from actions.api_client import ApiClient
from actions.base import SafeAction
from actions.booking import form, meetings, questions
from actions.settings import load_settings

ACTIONS: tuple[type[SafeAction], ...] = (
    guidance.AnswerAction,
    guidance.SimplifyAction,
    form.ValidateBookingForm,
    questions.AskBookingNode,
    questions.AskBookingType,
    questions.AskBookingTime,
    questions.AskBookingConfirmed,
    meetings.BookingDone,
    meetings.RestartAction,
    meetings.MyMeetingAction,
    meetings.CancelMeetingAction,
)


def build_executor(api: ApiClient) -> ActionExecutor:
    """All actions over one client."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(api))
    return executor


def main() -> None:
    settings = load_settings()
    logging.basicConfig(level=logging.WARNING)
    # CORS to nobody and loopback by default: only the bot talks to this server.
    app = create_app(build_executor(ApiClient(settings)), cors_origins=[])
    app.run(host=settings.host, port=settings.port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
