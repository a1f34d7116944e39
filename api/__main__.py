"""`python -m api`: serve HTTP on `IV_HOST`:`IV_PORT`."""

from __future__ import annotations

import uvicorn

from api.logs import configure_logging
from api.main import create_app
from api.settings import load_settings


def main() -> None:
    settings = load_settings()
    configure_logging()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()
