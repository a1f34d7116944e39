"""What can go wrong when staff log in or change accounts."""

from __future__ import annotations

from api.errors import ApiError


class NotSignedIn(ApiError):
    """Nobody is logged in, or the session has ended."""

    code = "not_signed_in"
    status = 401


class RoleForbidden(ApiError):
    """Logged in, but in a role that may not do this."""

    code = "role_forbidden"
    status = 403


class FormNotOurs(ApiError):
    """A change without the token that our own pages put into their forms."""

    code = "form_not_ours"
    status = 403


class LinkLimit(ApiError):
    """Pages behind secret links were opened too often from one address."""

    code = "link_limit"
    status = 429


class LoginRefused(ApiError):
    """Unknown account, wrong password, closed account: the same answer for all of them."""

    code = "login_refused"
    status = 401


class LoginLocked(ApiError):
    """Too many failures in a row. `minutes` is how long to wait, at least 1."""

    code = "login_locked"
    status = 429


class LocalLoginOff(ApiError):
    """This installation logs in by OpenID Connect only."""

    code = "local_login_off"
    status = 403


class PasswordWrong(ApiError):
    """The old password that was given to change it."""

    code = "password_wrong"
    status = 422


class PasswordsDiffer(ApiError):
    code = "passwords_differ"
    status = 422


class PasswordTooShort(ApiError):
    code = "password_too_short"
    status = 422


class PasswordTooLong(ApiError):
    code = "password_too_long"
    status = 422


class PasswordGuessable(ApiError):
    code = "password_guessable"
    status = 422


class LoginInvalid(ApiError):
    """What was given as e-mail address or user name of a new account."""

    code = "login_invalid"
    status = 422


class LoginTaken(ApiError):
    code = "login_taken"
    status = 409


class TitleInvalid(ApiError):
    code = "title_invalid"
    status = 422


class RoleUnknown(ApiError):
    code = "role_unknown"
    status = 422


class RoleFromProvider(ApiError):
    """The log-in service says this account's role at each log-in."""

    code = "role_from_provider"
    status = 409


class AccountUnknown(ApiError):
    code = "account_unknown"
    status = 404


class AccountClosed(ApiError):
    code = "account_closed"
    status = 409


class OwnAccount(ApiError):
    """An administrator may not close or demote the account in use: somebody else must remain in charge."""

    code = "own_account"
    status = 409


class LinkUnknown(ApiError):
    """Wrong, used or old one-time link."""

    code = "link_unknown"
    status = 404


class OidcUnavailable(ApiError):
    """The log-in service does not answer, or answers something else."""

    code = "oidc_unavailable"
    status = 503


class OidcFailed(ApiError):
    """The log-in was broken off, took too long, or the answer is not to a question of ours."""

    code = "oidc_failed"
    status = 400


class OidcNoAccount(ApiError):
    """The person is known to the log-in service but has no account or role here."""

    code = "oidc_no_account"
    status = 403


class DemoOnlyInDev(ApiError):
    """Demo accounts are asked for outside the dev environment."""

    code = "demo_only_in_dev"
    status = 409


class NoTerminal(ApiError):
    """A password cannot be asked for without showing it."""

    code = "no_terminal"
    status = 422


class ChangedSince(ApiError):
    """A change cannot be taken back: its rows have been changed since, or it was taken back already."""

    code = "changed_since"
    status = 409


class RestoreRefused(ApiError):
    """Old values that no longer fit: what they point at is gone, or another row is in the way."""

    code = "restore_refused"
    status = 409


class RowUnknown(ApiError):
    """No row with that number, or a kind of row that staff do not keep."""

    code = "row_unknown"
    status = 404


class BelongedToRemoved(ApiError):
    """A removed row cannot come back: what it belonged to is gone too. `noun` and `title` name that."""

    code = "belonged_to_removed"
    status = 409


class PlaceTaken(ApiError):
    """A removed row cannot come back: another one has its number, its name or its id by now."""

    code = "place_taken"
    status = 409
