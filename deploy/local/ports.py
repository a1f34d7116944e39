"""The four ports of the product, checked before anything is started."""

from __future__ import annotations

import contextlib
import errno
import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from deploy.local.progress import SetupError

VARIABLES = {
    "api": "IV_PORT",
    "bot": "IV_BOT_PORT",
    "actions": "IV_ACTIONS_PORT",
    "internal": "IV_INTERNAL_PORT",
}
_QUIET = range(20_000, 32_000)


@dataclass(frozen=True)
class Ports:
    """Where api, bot and actions listen; `internal` is the api's door for the other processes."""

    api: int = 8000
    bot: int = 5005
    actions: int = 5055
    internal: int = 8001

    @classmethod
    def from_settings(cls, settings: Mapping[str, str]) -> Ports:
        """Read the four variables; an empty `IV_INTERNAL_PORT` is the port after `IV_PORT`.

        Raises SetupError for anything but four ports.
        """
        given = {name: settings[variable] for name, variable in VARIABLES.items()}
        if not given["internal"]:
            del given["internal"]
        numbers = {name: _number(VARIABLES[name], text) for name, text in given.items()}
        numbers.setdefault("internal", numbers["api"] + (1 if numbers["api"] < 65535 else -1))
        seen: dict[int, str] = {}
        for name, number in numbers.items():
            if number in seen:
                raise SetupError(f"{seen[number]} and {VARIABLES[name]} are both {number}: choose different ports.")
            seen[number] = VARIABLES[name]
        return cls(**numbers)

    @classmethod
    def free(cls) -> Ports:
        """Four ports that nobody uses at this moment."""
        return cls(*free_ports(len(VARIABLES)))


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses at this moment, drawn by chance, so that two who ask seldom meet.

    They lie below those that systems lend to outgoing connections: one of these could be lent before it is listened on.
    """
    found: list[int] = []
    with contextlib.ExitStack() as held:
        for port in random.SystemRandom().sample(_QUIET, len(_QUIET)):
            each = held.enter_context(socket.socket())
            with contextlib.suppress(OSError):
                each.bind(("127.0.0.1", port))
                found.append(port)
            if len(found) == count:
                return found
    raise SetupError("No port of this machine is free.")


def check_free(ports: Ports, host: str = "127.0.0.1") -> None:
    """Raise SetupError, with a port to use instead, when one of the four cannot be listened on.

    `host` is the address the api will bind for people; the others are on loopback always.
    """
    for name, variable in VARIABLES.items():
        port: int = getattr(ports, name)
        problem = _problem(host if name == "api" else "127.0.0.1", port)
        if problem:
            other = next(
                candidate for candidate in (*range(port + 10, 65536, 10), 8000) if not _problem("127.0.0.1", candidate)
            )
            raise SetupError(f"Port {port} {problem}, or choose another: make run {variable}={other}")


def _number(variable: str, value: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SetupError(f"{variable} is {value!r}: it must be a whole number from 1 to 65535.")
    return int(value)


def _problem(host: str, port: int) -> str:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError as error:
            if error.errno == errno.EACCES:
                return "is reserved for the administrator. Start with the rights it needs"
            if error.errno == errno.EADDRINUSE:
                return "is taken by another program. Stop it"
            raise SetupError(f"Cannot listen on {host}: {error.strerror}. Check IV_HOST.") from None
    # "localhost" is the IPv6 loopback first in most browsers: another program there would answer in our place.
    with socket.socket(socket.AF_INET6 if socket.has_ipv6 else socket.AF_INET) as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("::1" if socket.has_ipv6 else host, port)) == 0:
            return "is taken by another program. Stop it"
    return ""
