"""`/integritet`: what is stored about people, why, for how long, and how to have it erased.

What it must say: GDPR, articles 13 and 14. What only the controller can know stands in settings, and the page says
openly what is still to be filled in.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.holdings import Holding
from api.pages import absolute, render
from api.settings import Settings

router = APIRouter(include_in_schema=False)
PATH = "/integritet"


@cache
def descriptions() -> dict[str, dict[str, str]]:
    """What `holdings.yml` says of each kind of data, with the names of settings in braces."""
    read: dict[str, dict[str, str]] = yaml.safe_load(Path(__file__).with_name("holdings.yml").read_text("utf-8"))
    return read


def described(holding: Holding, settings: Settings) -> dict[str, str]:
    """The same with the settings of this installation put in."""
    values = settings.model_dump()
    return {name: text.format_map(values) for name, text in descriptions()[holding.name].items()}


@router.api_route(PATH, methods=["GET", "HEAD"])
def show(request: Request) -> HTMLResponse:
    """The page. Its days are those of the running settings."""
    settings: Settings = request.app.state.settings
    held = [described(holding, settings) for holding in request.app.state.holdings]
    return render(
        request,
        "privacy.html",
        canonical=absolute(request, PATH),
        settings=settings,
        visitors=[one for one in held if one["group"] == "visitors"],
        staff=[one for one in held if one["group"] == "staff"],
    )
