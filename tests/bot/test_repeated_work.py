"""What the bot does once instead of in every turn, in its own Python."""

from __future__ import annotations

import subprocess

import pytest

from deploy.local.config import ROOT

pytestmark = pytest.mark.model

BOT = ROOT / ".venv/bot/bin/python"
SCRIPT = """
import asyncio
from aiohttp import web
from rasa.utils.endpoints import EndpointConfig
from bot.repeated_work import do_once

seen = set()


async def answer(request):
    seen.add(request.transport.get_extra_info("peername"))
    return web.json_response(await request.json())


async def main():
    app = web.Application()
    app.router.add_post("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    endpoint = EndpointConfig(f"http://127.0.0.1:{port}")
    print([await endpoint.request(json={"turn": turn}) for turn in range(3)], len(seen))
    await runner.cleanup()  # the actions are started again
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    print(await endpoint.request(json={"turn": 3}), len(seen))
    await runner.cleanup()


do_once()
asyncio.run(main())
"""


def test_turns_share_a_connection_to_the_actions_and_survive_their_restart() -> None:
    said = subprocess.run([BOT, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said == ["[{'turn': 0}, {'turn': 1}, {'turn': 2}] 1", "{'turn': 3} 2"]
