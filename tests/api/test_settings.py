"""Settings that must not start a service: examples where others can reach, wrong values, each with one sentence."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from api.settings import EXAMPLE_SECRET, Settings, SettingsError, load_settings

OWN = "a" * 32
PROD = {"env": "prod", "public_url": "https://vagledaren.example.org", "smtp_url": "smtp://mail.example.org"}


def settings(**values: object) -> Settings:
    return Settings(**{"service_token": OWN, "secret_key": OWN, **values})


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"env": "prod", "service_token": EXAMPLE_SECRET}, "IV_SERVICE_TOKEN"),
        ({"env": "prod", "secret_key": EXAMPLE_SECRET}, "IV_SECRET_KEY"),
        ({"env": "prod", "service_token": "short"}, "IV_SERVICE_TOKEN"),
        (PROD | {"service_token": EXAMPLE_SECRET}, "IV_SERVICE_TOKEN"),
        (PROD | {"secret_key": "k" * 31}, "IV_SECRET_KEY"),
        (PROD | {"metrics_token": "m" * 31}, "IV_METRICS_TOKEN"),
        (PROD | {"database_url": "postgresql+psycopg://iv:PASSWORD@db/iv"}, "IV_DATABASE_URL"),
        (PROD | {"public_url": "http://vagledaren.example.org"}, "IV_PUBLIC_URL"),
        (PROD | {"public_url": ""}, "IV_PUBLIC_URL"),
        (PROD | {"smtp_url": ""}, "IV_SMTP_URL"),
        ({"host": "0.0.0.0", "service_token": EXAMPLE_SECRET}, "IV_SERVICE_TOKEN"),
        ({"host": "0.0.0.0", "secret_key": EXAMPLE_SECRET}, "IV_SECRET_KEY"),
        ({"oidc_issuer": "https://login.example.org"}, "IV_OIDC_CLIENT_ID"),
        ({"oidc_only": True}, "IV_OIDC_ISSUER"),
        ({"env": "prod", "oidc_issuer": "http://login.example.org", "oidc_client_id": "x"}, "https"),
        ({"oidc_roles": "chef=x"}, "mapping"),
        ({"allowed_sites": "*"}, "is no site"),
        ({"bot_urls": "not an address"}, "URL"),
        ({"port": 0}, "greater"),
        ({"rate_limit_messages": "many"}, "rate"),
    ],
)
def test_a_wrong_setting_is_refused(values: dict[str, object], name: str) -> None:
    with pytest.raises(ValidationError, match=f"(?i){name}"):
        settings(**values)


def test_secrets_of_ones_own_are_taken_in_prod() -> None:
    assert settings(**PROD, metrics_token=OWN).env == "prod"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_the_example_token_works_where_nobody_else_can_reach(host: str) -> None:
    assert settings(host=host, service_token=EXAMPLE_SECRET).service_token == EXAMPLE_SECRET


def test_a_failure_at_start_is_one_sentence_that_names_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IV_PORT", "ninety")
    with pytest.raises(SettingsError, match="IV_PORT"):
        load_settings()
