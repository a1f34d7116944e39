"""Settings of the api and worker processes: environment variables with the prefix ``IV_``, checked at start."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from limits import parse
from pydantic import AnyHttpUrl, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

EXAMPLE_SECRET = "endast-for-utveckling-byt-mig-nu"  # noqa: S105 - refused in prod
"""Stands in `.env.example`; works in dev and is refused in prod."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?/?", re.IGNORECASE)

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(SystemExit):
    """A setting is missing or wrong; the message names the variable and says what to do."""


class Settings(BaseSettings):
    """Everything api and worker can be told from outside. Every field is described in `.env.example`."""

    model_config = SettingsConfigDict(env_prefix="IV_", frozen=True, extra="ignore")

    env: Literal["dev", "prod"] = "dev"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    data_dir: Path = Path("var")
    database_url: str = ""
    bot_urls: Annotated[tuple[str, ...], NoDecode] = ("http://127.0.0.1:5005",)
    bot_timeout_seconds: float = Field(default=4.0, gt=0, le=30)
    jobsearch_url: str = "https://jobsearch.api.jobtechdev.se"
    jobsearch_timeout_seconds: float = Field(default=2.5, gt=0, lt=3)
    outlook_url: str = ""
    service_token: str = EXAMPLE_SECRET
    secret_key: str = EXAMPLE_SECRET
    smtp_url: str = ""
    mail_from: str = "Industrivägledaren <boka@example.org>"
    publisher_name: str = Field(default="Exempelutgivare", min_length=1)
    publisher_url: str = ""
    open_data_email: str = "oppnadata@example.org"
    open_data_license: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    import_max_megabytes: int = Field(default=20, ge=1, le=200)
    allowed_sites: Annotated[tuple[str, ...], NoDecode] = ()
    rate_limit_enabled: bool = True
    rate_limit_messages: str = "30/minute"
    rate_limit_address: str = "300/minute"
    rate_limit_conversations: str = "20/minute"
    turn_cap: int = Field(default=1000, ge=10)
    retention_conversation_days: int = Field(default=90, ge=1)
    retention_contact_days: int = Field(default=30, ge=1)
    retention_interval_seconds: float = Field(default=3600, gt=0)
    session_idle_minutes: int = Field(default=60, ge=1)
    session_hours: int = Field(default=12, ge=1)
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_role_claim: str = ""
    oidc_roles: Annotated[tuple[str, ...], NoDecode] = ()
    oidc_only: bool = False
    oidc_timeout_seconds: float = Field(default=5.0, gt=0, le=30)

    @field_validator("bot_urls", "allowed_sites", "oidc_roles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("bot_urls")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            AnyHttpUrl(address)
        return tuple(address.rstrip("/") for address in value)

    @field_validator("jobsearch_url", "outlook_url", "publisher_url", "open_data_license", "oidc_issuer")
    @classmethod
    def _address_or_nothing(cls, value: str) -> str:
        if value:
            AnyHttpUrl(value)
        return value

    @field_validator("allowed_sites")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for site in value:
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f"{site!r} is no site: write https://www.example.org, without a path")
        return tuple(site.rstrip("/").lower() for site in value)

    @field_validator("rate_limit_messages", "rate_limit_address", "rate_limit_conversations")
    @classmethod
    def _rates(cls, value: str) -> str:
        parse(value)
        return value

    @field_validator("oidc_roles")
    @classmethod
    def _role_mapping(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for pair in value:
            role, separator, name = pair.partition("=")
            if role not in {"admin", "staff", "counsellor"} or not separator or not name:
                raise ValueError(f"{pair!r} is no mapping: write admin=name, staff=name or counsellor=name")
        return value

    @model_validator(mode="after")
    def _whole_oidc(self) -> Settings:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("IV_OIDC_CLIENT_ID is needed with IV_OIDC_ISSUER")
        if self.oidc_only and not self.oidc_issuer:
            raise ValueError("IV_OIDC_ONLY needs IV_OIDC_ISSUER: otherwise nobody could log in")
        if self.env == "prod" and self.oidc_issuer.startswith("http://"):
            raise ValueError("IV_OIDC_ISSUER must begin with https:// in prod")
        return self

    @model_validator(mode="after")
    def _no_example_secrets_where_others_can_reach(self) -> Settings:
        if self.host not in _LOOPBACK:
            for name in ("service_token", "secret_key"):
                if getattr(self, name) == EXAMPLE_SECRET:
                    raise ValueError(f"IV_{name.upper()} must be a secret of your own where IV_HOST is open to others")
        if self.env == "prod":
            for name in ("service_token", "secret_key"):
                if getattr(self, name) == EXAMPLE_SECRET or len(getattr(self, name)) < 32:
                    raise ValueError(f"IV_{name.upper()} must be a secret of your own, at least 32 characters, in prod")
        return self

    @property
    def resolved_database_url(self) -> str:
        """SQLAlchemy URL: `IV_DATABASE_URL`, or the SQLite file in `IV_DATA_DIR`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'industrivagledaren.db'}"

    @property
    def base_url(self) -> str:
        """Address people reach the service at, without a trailing slash; used in mails and links."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def mail_dir(self) -> Path:
        """Where mails are written as `.eml` files when no SMTP server is set."""
        return self.data_dir / "mail"


def load_settings() -> Settings:
    """Settings from the environment.

    Raises SettingsError, which ends the process with one sentence per wrong variable.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            name = "_".join(["IV", *(str(part).upper() for part in problem["loc"][:1])]) if problem["loc"] else ""
            lines.append(f"{name}: {problem['msg']}".strip(": "))
        raise SettingsError("Settings are wrong (see .env.example): " + "; ".join(lines)) from None
