"""`python -m actions`: serve the actions on loopback."""

from __future__ import annotations

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor

from actions import guidance
from actions.api_client import ApiClient
from actions.asking import form as asking
from actions.base import SafeAction
from actions.booking import form, meetings, questions
from actions.figures import Figures, add_metrics
from actions.logs import configure_logging
from actions.settings import load_settings

ACTIONS: tuple[type[SafeAction], ...] = (
    guidance.AnswerAction,
    guidance.SimplifyAction,
    form.ValidateBookingForm,
    questions.AskBookingErrand,
    questions.AskBookingNode,
    questions.AskBookingType,
    questions.AskBookingTime,
    questions.AskBookingName,
    questions.AskBookingContact,
    questions.AskBookingInterpreter,
    questions.AskBookingShare,
    questions.AskBookingConfirmed,
    meetings.BookingDone,
    meetings.RestartAction,
    meetings.MyMeetingAction,
    meetings.CancelMeetingAction,
    asking.ValidateAskingForm,
    asking.AskAskingReply,
    asking.AskingDone,
)


def build_executor(api: ApiClient, figures: Figures | None = None) -> ActionExecutor:
    """All actions over one client. `figures` are told how each run ended."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action(api, figures))
    return executor


def main() -> None:
    settings = load_settings()
    configure_logging()
    api = ApiClient(settings)
    figures = Figures(action(api).name() for action in ACTIONS)
    # CORS to nobody and loopback by default: only the bot talks to this server.
    app = create_app(build_executor(api, figures), cors_origins=[])
    add_metrics(app, figures)
    app.run(host=settings.host, port=settings.port, single_process=True, motd=False, access_log=False)


if __name__ == "__main__":
    main()
