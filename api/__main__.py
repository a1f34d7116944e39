"""`python -m api`: serve HTTP on `IV_HOST`:`IV_PORT`, and what is for inside on `IV_INTERNAL_PORT`."""

from __future__ import annotations

import logging

import uvicorn

from api.doors import open_doors
from api.logs import configure_logging
from api.main import create_app
from api.patience import patient
from api.settings import load_settings

log = logging.getLogger(__name__)


def main() -> None:
    settings = load_settings()
    configure_logging()
    if settings.env == "prod" and settings.controller_gaps:
        log.warning("/integritet does not say who is responsible", extra={"unset": list(settings.controller_gaps)})
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(settings),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=5,
            http=patient(settings.request_seconds),
            ws="none",
        )
    )
    server.run(open_doors(settings))


if __name__ == "__main__":
    main()
