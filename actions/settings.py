"""Settings of the action server, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

EXAMPLE_TOKEN = "endast-for-utveckling-byt-mig-nu"  # noqa: S105 - refused by api in prod


@dataclass(frozen=True)
class Settings:
    """`timeout_seconds` bounds each phase of a call to api; the person waits for it."""

    api_url: str
    service_token: str
    host: str
    port: int
    timeout_seconds: float


def load_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `IV_*` variables. Ends the process with a sentence when one is wrong."""
    try:
        return Settings(
            api_url=environment.get("IV_API_URL", "http://127.0.0.1:8000").rstrip("/"),
            service_token=environment.get("IV_SERVICE_TOKEN", EXAMPLE_TOKEN),
            host=environment.get("IV_ACTIONS_HOST", "127.0.0.1"),
            port=int(environment.get("IV_ACTIONS_PORT", "5055")),
            timeout_seconds=float(environment.get("IV_ACTIONS_TIMEOUT_SECONDS", "3")),
        )
    except ValueError as error:
        raise SystemExit(f"IV_ACTIONS_PORT and IV_ACTIONS_TIMEOUT_SECONDS must be numbers ({error})") from None
