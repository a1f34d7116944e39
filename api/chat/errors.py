"""What can be wrong with a request to the chat."""

from __future__ import annotations

from api.errors import ApiError


class MessageEmpty(ApiError):
    code = "message_empty"
    status = 422


class MessageTooLong(ApiError):
    code = "message_too_long"
    status = 422


class ChoiceUnknown(ApiError):
    code = "choice_unknown"
    status = 422


class TurnCapReached(ApiError):
    code = "turn_cap_reached"
    status = 409


class AnswerLate(ApiError):
    """What was said is still being worked at, or too many speak at once; said again with the same `client_id` it gets
    the answer."""

    code = "answer_late"
    status = 503


class AssistantDown(ApiError):
    """The bot gives no answer, so that a question cannot be tried out now."""

    code = "assistant_down"
    status = 503
