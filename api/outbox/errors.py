"""What staff may run into when they look after mails.

ApiError
 ├─ MailNotFailed    409 mail_not_failed    it was sent, dropped, or is being sent right now
 ├─ AddressInvalid   422 address_invalid    no e-mail address
 ├─ AddressHasIt     409 address_has_it     that address gets this very mail already
 └─ MailFileUnknown  404 mail_file_unknown  no such file of a mail, or files are not shown here
"""

from __future__ import annotations

from api.errors import ApiError


class MailNotFailed(ApiError):
    code = "mail_not_failed"
    status = 409


class AddressInvalid(ApiError):
    code = "address_invalid"
    status = 422


class AddressHasIt(ApiError):
    code = "address_has_it"
    status = 409


class MailFileUnknown(ApiError):
    code = "mail_file_unknown"
    status = 404
