"""OpenID Connect, the protocol's side: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, 3.1).

Authlib checks tokens and makes the challenge; the calls go through httpx, with a time-out on each. Everything a log-in
needs to remember meanwhile is in a sealed cookie of that browser, so any api process can take the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from api.settings import Settings
from api.staff.errors import OidcFailed, OidcUnavailable
from api.staff.secrets import new_token

CALLBACK = "/personal/oidc/svar"
_SCOPE = "openid email profile"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with the provider's key only: never `none`, and none with a shared secret."""
_LEEWAY_SECONDS = 120


@dataclass(frozen=True)
class Started:
    """A log-in on its way: where to send the browser, and what to remember until it comes back."""

    address: str
    memory: dict[str, str]


@dataclass(frozen=True)
class Identity:
    """Who the provider says has logged in."""

    issuer: str
    subject: str
    email: str | None
    """Only when the provider has verified it."""
    claims: Mapping[str, Any]  # Any: JSON, whatever the provider adds


class Provider:
    """The log-in service of the settings. Asks for its addresses at first use, and again after a failure."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._metadata: dict[str, Any] | None = None  # Any: the provider's JSON

    def begin(self) -> Started:
        """Where the browser goes to log in. Raises OidcUnavailable."""
        memory = {"state": new_token(), "nonce": new_token(), "verifier": generate_token(64)}
        parameters = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._redirect_uri,
            "scope": _SCOPE,
            "state": memory["state"],
            "nonce": memory["nonce"],
            "code_challenge": create_s256_code_challenge(memory["verifier"]),
            "code_challenge_method": "S256",
        }
        endpoint = self._metadata_now()["authorization_endpoint"]
        return Started(add_params_to_uri(endpoint, list(parameters.items())), memory)

    def finish(self, memory: Mapping[str, str], answer: Mapping[str, str], now: float) -> Identity:
        """Turn the answer that the browser brought back into who it is. `now` is in seconds since 1970.

        Raises OidcFailed for an answer that is not to this log-in, and OidcUnavailable.
        """
        metadata = self._metadata_now()
        if answer.get("state") != memory["state"] or answer.get("iss", metadata["issuer"]) != metadata["issuer"]:
            raise OidcFailed
        if "error" in answer or not answer.get("code"):
            raise OidcFailed
        with self._client() as client:
            tokens = self._tokens(client, metadata, answer["code"], memory["verifier"])
            claims = self._checked(client, metadata, tokens, memory["nonce"], now)
            claims |= self._user_info(client, metadata, tokens, claims["sub"])
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(metadata["issuer"], claims["sub"], email if isinstance(email, str) else None, claims)

    @property
    def _redirect_uri(self) -> str:
        return self._settings.base_url + CALLBACK

    def _client(self) -> httpx.Client:
        return httpx.Client(timeout=self._settings.oidc_timeout_seconds, headers={"Accept": "application/json"})

    def _metadata_now(self) -> dict[str, Any]:  # Any: the provider's JSON
        with self._lock:
            if self._metadata is None:
                issuer = self._settings.oidc_issuer
                with self._client() as client:
                    found = _json(client, "GET", get_well_known_url(issuer, external=True))
                wanted = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
                if not all(isinstance(found.get(name), str) for name in wanted) or found["issuer"] != issuer:
                    raise OidcUnavailable
                self._metadata = found
            return self._metadata

    def _tokens(
        self, client: httpx.Client, metadata: Mapping[str, Any], code: str, verifier: str
    ) -> dict[str, Any]:  # Any: JSON
        settings = self._settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": verifier,
            "client_id": settings.oidc_client_id,
        }
        auth = None
        if settings.oidc_client_secret:
            known = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
            if "client_secret_basic" in known:
                auth = httpx.BasicAuth(settings.oidc_client_id, settings.oidc_client_secret)
            else:
                form["client_secret"] = settings.oidc_client_secret
        return _json(client, "POST", metadata["token_endpoint"], data=form, auth=auth)

    def _checked(
        self, client: httpx.Client, metadata: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str, now: float
    ) -> dict[str, Any]:  # Any: JSON
        options: Any = {  # Any: Authlib has no types
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._settings.oidc_client_id},
            "nonce": {"essential": True, "value": nonce},
        }
        parameters = {
            "nonce": nonce,
            "client_id": self._settings.oidc_client_id,
            "access_token": tokens.get("access_token"),
        }
        try:
            keys = KeySet.import_key_set(_json(client, "GET", metadata["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
            token = jwt.decode(
                str(tokens.get("id_token", "")),
                keys,
                registry=JWSRegistry(algorithms=list(_ALGORITHMS), strict_check_header=False),
            )
            claims = CodeIDToken(token.claims, token.header, options, parameters)
            claims.validate(now=int(now), leeway=_LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError):
            raise OidcFailed from None  # its message may hold the token
        if not isinstance(claims.get("sub"), str):
            raise OidcFailed
        return dict(claims)

    def _user_info(
        self, client: httpx.Client, metadata: Mapping[str, Any], tokens: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:  # Any: JSON
        """What the provider tells beside the token: many give e-mail and groups only here."""
        if not metadata.get("userinfo_endpoint") or not tokens.get("access_token"):
            return {}
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        told = _json(client, "GET", metadata["userinfo_endpoint"], headers=headers)
        if told.get("sub") != subject:  # OpenID Connect Core 1.0, 5.3.2
            raise OidcFailed
        return told


def _json(client: httpx.Client, method: str, address: str, **options: Any) -> dict[str, Any]:  # Any: httpx's, JSON
    """The JSON object that the provider answers. Raises OidcFailed when it refuses, OidcUnavailable otherwise."""
    try:
        response = client.request(method, address, **options)
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        raise OidcUnavailable from None
    if response.status_code in {400, 401}:
        raise OidcFailed
    if response.status_code != 200 or not isinstance(answer, dict):
        raise OidcUnavailable
    return answer
