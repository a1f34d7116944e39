"""What can go wrong with a calendar feed.

ApiError
 └─ FeedUnknown  404 feed_unknown  no such address, or it was ended: told apart from nothing
"""

from __future__ import annotations

from api.errors import ApiError


class FeedUnknown(ApiError):
    code = "feed_unknown"
    status = 404
