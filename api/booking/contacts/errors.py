"""What can go wrong when counsellors are kept.

ApiError
 ├─ CounsellorInUse   409 counsellor_in_use  has meetings that are kept, or a time that somebody is booking
 └─ CounsellorBooked  409 counsellor_booked  has coming meetings, so the node stays
"""

from __future__ import annotations

from api.errors import ApiError


class CounsellorInUse(ApiError):
    code = "counsellor_in_use"
    status = 409


class CounsellorBooked(ApiError):
    code = "counsellor_booked"
    status = 409
