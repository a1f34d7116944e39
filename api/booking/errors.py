"""What can go wrong when somebody books.

ApiError
 ├─ SlotTaken            409 slot_taken            somebody else has the time; `extra["messages"]` offers others
 ├─ SlotUnknown          422 slot_unknown          no such time is bookable
 ├─ HoldExpired          409 hold_expired          the ten minutes are over; `extra["messages"]` offers times
 ├─ HoldExtended         409 hold_extended         a hold is made longer once
 ├─ HoldLimit            429 hold_limit            too many times held: by the conversation, or from one address
 ├─ SlotTooShort         409 slot_too_short        no room for an interpreter then; `extra["messages"]` offers times
 ├─ MeetingNotFound      404 meeting_not_found
 ├─ MeetingBooked        409 meeting_booked        what should be a hold is booked; `extra["messages"]` shows it
 ├─ MeetingPassed        409 meeting_passed        it has begun: nothing can be changed
 ├─ MeetingLimit         409 meeting_limit         too many open bookings in the conversation or for the contact
 ├─ MoveLimit            409 move_limit            moved too many times by the person
 ├─ MeetingAhead         409 meeting_ahead         it has not begun: nobody has failed to come
 ├─ CounsellorUnknown    404 counsellor_unknown    not somebody at that node
 ├─ DayInvalid           422 day_invalid           an exception that says nothing, or is over
 ├─ IdempotencyConflict  422 idempotency_conflict  the key was used for another request
 └─ NodeUnknown          404 node_unknown
"""

from __future__ import annotations

from api.errors import ApiError


class SlotTaken(ApiError):
    code = "slot_taken"
    status = 409


class SlotUnknown(ApiError):
    code = "slot_unknown"
    status = 422


class HoldExpired(ApiError):
    code = "hold_expired"
    status = 409


class HoldExtended(ApiError):
    code = "hold_extended"
    status = 409


class HoldLimit(ApiError):
    code = "hold_limit"
    status = 429


class SlotTooShort(ApiError):
    code = "slot_too_short"
    status = 409


class MeetingNotFound(ApiError):
    code = "meeting_not_found"
    status = 404


class MeetingBooked(ApiError):
    code = "meeting_booked"
    status = 409


class MeetingPassed(ApiError):
    code = "meeting_passed"
    status = 409


class MeetingLimit(ApiError):
    code = "meeting_limit"
    status = 409


class MoveLimit(ApiError):
    code = "move_limit"
    status = 409


class MeetingAhead(ApiError):
    code = "meeting_ahead"
    status = 409


class CounsellorUnknown(ApiError):
    code = "counsellor_unknown"
    status = 404


class DayInvalid(ApiError):
    code = "day_invalid"
    status = 422


class IdempotencyConflict(ApiError):
    code = "idempotency_conflict"
    status = 422


class NodeUnknown(ApiError):
    code = "node_unknown"
    status = 404
