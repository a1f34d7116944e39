"""Settings of the api and worker processes: environment variables with the prefix ``IV_``, checked at start."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal

from limits import parse
from pydantic import AnyHttpUrl, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

EXAMPLE_SECRET = "endast-for-utveckling-byt-mig-nu"  # noqa: S105 - refused in prod
"""Stands in `.env.example`; works in dev and is refused in prod."""

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?/?", re.IGNORECASE)

SUSA_DIRECTIONS = ("metall", "underhall", "el", "automation", "process", "produktion", "lager")
"""What `IV_SUSA_DIRECTIONS` may name; api/catalogue/susa/words.yml says what each of them is."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(SystemExit):
    """A setting is missing or wrong; the message names the variable and says what to do."""


class Settings(BaseSettings):
    """Everything api and worker can be told from outside. Every field is described in `.env.example`."""

    model_config = SettingsConfigDict(env_prefix="IV_", frozen=True, extra="ignore")

    env: Literal["dev", "prod"] = "dev"
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    internal_host: str = "127.0.0.1"
    internal_port: Annotated[int | None, Field(ge=1, le=65535)] = None
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    public_url: str = ""
    data_dir: Path = Path("var")
    gazetteer: str = ""
    database_url: str = ""
    bot_urls: Annotated[tuple[str, ...], NoDecode] = ("http://127.0.0.1:5005",)
    bot_timeout_seconds: float = Field(default=4.0, gt=0, le=30)
    jobsearch_url: str = "https://jobsearch.api.jobtechdev.se"
    jobsearch_timeout_seconds: float = Field(default=2.5, gt=0, lt=3)
    outlook_url: str = ""
    susa_url: str = ""
    susa_municipalities: Annotated[tuple[str, ...], NoDecode] = ()
    susa_school_types: Annotated[tuple[str, ...], NoDecode] = ("VUXGY", "VUX", "VUXSFI")
    susa_directions: Annotated[tuple[str, ...], NoDecode] = SUSA_DIRECTIONS[:-1]
    susa_hour: int = Field(default=3, ge=0, le=23)
    susa_full_days: int = Field(default=7, ge=1)
    service_token: str = EXAMPLE_SECRET
    secret_key: str = EXAMPLE_SECRET
    metrics_token: str = ""
    smtp_url: str = ""
    mail_from: str = "Industrivägledaren <boka@example.org>"
    mail_failed_to: str = ""
    sms_provider: str = ""
    publisher_name: str = Field(default="Exempelutgivare", min_length=1)
    publisher_url: str = ""
    open_data_email: str = "oppnadata@example.org"
    open_data_license: str = "https://creativecommons.org/publicdomain/zero/1.0/"
    request_seconds: float = Field(default=30, gt=0, le=300)
    import_max_megabytes: int = Field(default=20, ge=1, le=200)
    allowed_sites: Annotated[tuple[str, ...], NoDecode] = ()
    rate_limit_enabled: bool = True
    rate_limit_messages: str = "30/minute"
    rate_limit_address: str = "300/minute"
    rate_limit_conversations: str = "20/minute"
    rate_limit_links: str = "120/minute"
    rate_limit_forms: str = "20/minute"
    turn_cap: int = Field(default=1000, ge=10)
    controller_name: str = ""
    controller_contact: str = ""
    data_protection_email: str = ""
    legal_basis: str = ""
    retention_conversation_days: int = Field(default=90, ge=1)
    retention_contact_days: int = Field(default=30, ge=1)
    retention_events_days: int = Field(default=30, ge=1)
    retention_phrases_days: int = Field(default=90, ge=1)
    retention_enquiries_days: int = Field(default=180, ge=1)
    enquiry_answer_days: int = Field(default=5, ge=1, le=30)
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

    @field_validator(
        "bot_urls",
        "allowed_sites",
        "trusted_proxies",
        "oidc_roles",
        "susa_municipalities",
        "susa_school_types",
        "susa_directions",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("internal_port", mode="before")
    @classmethod
    def _no_port(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network)
        return value

    @field_validator("bot_urls")
    @classmethod
    def _addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            AnyHttpUrl(address)
        return tuple(address.rstrip("/") for address in value)

    @field_validator("jobsearch_url", "outlook_url", "susa_url", "publisher_url", "open_data_license", "oidc_issuer")
    @classmethod
    def _address_or_nothing(cls, value: str) -> str:
        if value:
            AnyHttpUrl(value)
        return value

    @field_validator("susa_municipalities", "susa_school_types", "susa_directions")
    @classmethod
    def _susa(cls, value: tuple[str, ...], field: ValidationInfo) -> tuple[str, ...]:
        for name in value:
            if field.field_name == "susa_municipalities" and not re.fullmatch("[0-9]{4}", name):
                raise ValueError(f"{name!r} is no municipality: write its code of four digits, such as 1780")
            if field.field_name == "susa_school_types" and not re.fullmatch("[A-Z]{2,10}", name):
                raise ValueError(f"{name!r} is no school type: write codes such as VUXGY,VUX")
            if field.field_name == "susa_directions" and name not in SUSA_DIRECTIONS:
                raise ValueError(f"{name!r} is no direction: choose among {', '.join(SUSA_DIRECTIONS)}")
        return value

    @field_validator("allowed_sites")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for site in value:
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f"{site!r} is no site: write https://www.example.org, without a path")
        return tuple(site.rstrip("/").lower() for site in value)

    @field_validator(
        "rate_limit_messages",
        "rate_limit_address",
        "rate_limit_conversations",
        "rate_limit_links",
        "rate_limit_forms",
    )
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
    def _two_doors(self) -> Settings:
        if self.internal_port == self.port:
            raise ValueError("IV_INTERNAL_PORT must be another port than IV_PORT")
        return self

    @model_validator(mode="after")
    def _no_example_secrets_where_others_can_reach(self) -> Settings:
        if self.host not in _LOOPBACK or (self.internal_port and self.internal_host not in _LOOPBACK):
            for name in ("service_token", "secret_key"):
                if getattr(self, name) == EXAMPLE_SECRET:
                    raise ValueError(f"IV_{name.upper()} must be a secret of your own where IV_HOST is open to others")
        if self.env == "prod":
            for name in ("service_token", "secret_key"):
                if getattr(self, name) == EXAMPLE_SECRET or len(getattr(self, name)) < 32:
                    raise ValueError(f"IV_{name.upper()} must be a secret of your own, at least 32 characters, in prod")
            if self.metrics_token and len(self.metrics_token) < 32:
                raise ValueError("IV_METRICS_TOKEN must be at least 32 characters, or empty, in prod")
            if not self.smtp_url:  # mails would become files that nobody reads
                raise ValueError("IV_SMTP_URL must name a mail server in prod")
            if ":PASSWORD@" in self.database_url:
                raise ValueError("IV_DATABASE_URL must have the database's real password in prod")
        return self

    @model_validator(mode="after")
    def _encrypted_where_people_depend_on_it(self) -> Settings:
        if self.env == "prod" and not self.public_url.startswith("https://"):
            # Cookies are for https only, and forms are ours, by this address.
            raise ValueError("IV_PUBLIC_URL must begin with https:// in prod")
        return self

    @property
    def controller_gaps(self) -> tuple[str, ...]:
        """Variables that /integritet needs and that nobody has filled in."""
        names = ("controller_name", "controller_contact", "data_protection_email", "legal_basis")
        return tuple(f"IV_{name.upper()}" for name in names if not getattr(self, name).strip())

    @property
    def resolved_database_url(self) -> str:
        """SQLAlchemy URL: `IV_DATABASE_URL`, or the SQLite file in `IV_DATA_DIR`."""
        return self.database_url or f"sqlite:///{self.data_dir / 'industrivagledaren.db'}"

    @property
    def gazetteer_path(self) -> Path:
        """The file with the names that the bot knows: `IV_GAZETTEER`, or one in `IV_DATA_DIR`."""
        return Path(self.gazetteer) if self.gazetteer else self.data_dir / "gazetteer.json"

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
