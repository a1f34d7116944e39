"""What can go wrong around events.

ApiError
 ├─ EventNotFound        404 event_not_found
 ├─ SignupNotFound       404 signup_not_found
 ├─ SignupClosed         409 signup_closed         too late, cancelled, or not published
 ├─ SignupLimit          429 signup_limit          enough have come from that network address today
 ├─ SignupPassed         409 signup_passed         the event has begun: nothing of a sign-up can be changed
 ├─ SignupConflict       422 signup_conflict       the key was used for another event
 ├─ OfferGone            409 offer_gone            the deadline has passed, or somebody else was first
 ├─ NeedsTooLong         422 needs_too_long
 ├─ EventPassed          409 event_passed          it has begun: it cannot be changed
 ├─ EventAhead           409 event_ahead           too early to say who came
 ├─ EventAttended        409 event_attended        people have signed up: it cannot become a draft
 ├─ EventIncomplete      409 event_incomplete      it has no place, or is over: it cannot be published
 └─ CapacityTaken        409 capacity_taken        more places are taken than that
"""

from __future__ import annotations

from api.errors import ApiError


class EventNotFound(ApiError):
    code = "event_not_found"
    status = 404


class SignupNotFound(ApiError):
    code = "signup_not_found"
    status = 404


class SignupClosed(ApiError):
    code = "signup_closed"
    status = 409


class SignupLimit(ApiError):
    code = "signup_limit"
    status = 429


class SignupPassed(ApiError):
    code = "signup_passed"
    status = 409


class SignupConflict(ApiError):
    code = "signup_conflict"
    status = 422


class OfferGone(ApiError):
    code = "offer_gone"
    status = 409


class NeedsTooLong(ApiError):
    code = "needs_too_long"
    status = 422


class EventPassed(ApiError):
    code = "event_passed"
    status = 409


class EventAhead(ApiError):
    code = "event_ahead"
    status = 409


class EventAttended(ApiError):
    code = "event_attended"
    status = 409


class EventIncomplete(ApiError):
    code = "event_incomplete"
    status = 409


class CapacityTaken(ApiError):
    code = "capacity_taken"
    status = 409
