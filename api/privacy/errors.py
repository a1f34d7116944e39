"""What can be wrong with what a person says of themselves.

ApiError
 ├─ NameInvalid          422 name_invalid
 └─ ContactInvalid       422 contact_invalid
"""

from __future__ import annotations

from api.errors import ApiError


class NameInvalid(ApiError):
    code = "name_invalid"
    status = 422


class ContactInvalid(ApiError):
    code = "contact_invalid"
    status = 422
