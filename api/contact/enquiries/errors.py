"""What can go wrong with enquiries.

ApiError
 ├─ EnquiryNotFound      404 enquiry_not_found
 ├─ EnquiryDone          409 enquiry_done          answered or closed: open it again first
 ├─ EnquiryLimit         429 enquiry_limit         too many from one contact within a day
 ├─ EnquiryIncomplete    422 enquiry_incomplete    what the matter asks for is missing or of the wrong kind
 └─ RouteNeeded          409 route_needed          the default route is always there
"""

from __future__ import annotations

from api.errors import ApiError


class EnquiryNotFound(ApiError):
    code = "enquiry_not_found"
    status = 404


class EnquiryDone(ApiError):
    code = "enquiry_done"
    status = 409


class EnquiryLimit(ApiError):
    code = "enquiry_limit"
    status = 429


class EnquiryIncomplete(ApiError):
    code = "enquiry_incomplete"
    status = 422


class RouteNeeded(ApiError):
    code = "route_needed"
    status = 409
