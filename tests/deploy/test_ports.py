from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace

import pytest

from deploy.local.ports import Ports, check_free
from deploy.local.progress import SetupError

DEFAULTS = {"IV_PORT": "8000", "IV_BOT_PORT": "5005", "IV_ACTIONS_PORT": "5055", "IV_INTERNAL_PORT": ""}


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_free_ports_pass() -> None:
    check_free(Ports.free())


@pytest.mark.parametrize(
    ("name", "variable"),
    [("api", "IV_PORT"), ("bot", "IV_BOT_PORT"), ("actions", "IV_ACTIONS_PORT"), ("internal", "IV_INTERNAL_PORT")],
)
def test_a_taken_port_is_named_with_the_command_that_uses_another(taken: int, name: str, variable: str) -> None:
    with pytest.raises(SetupError) as refused:
        check_free(replace(Ports.free(), **{name: taken}))
    sentence = str(refused.value)
    assert sentence.startswith(f"Port {taken} is taken by another program. Stop it, or choose another: make run ")
    other = int(sentence.rpartition(f"{variable}=")[2])
    assert other != taken
    with socket.create_server(("127.0.0.1", other)):
        pass


def test_a_port_taken_on_every_address_is_found() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server, pytest.raises(SetupError, match="is taken"):
        check_free(replace(Ports.free(), api=server.getsockname()[1]))


def test_the_ports_come_from_the_settings() -> None:
    assert Ports.from_settings({**DEFAULTS, "IV_PORT": "8010"}) == Ports(8010, 5005, 5055, 8011)
    assert Ports.from_settings({**DEFAULTS, "IV_INTERNAL_PORT": "9000"}) == Ports(8000, 5005, 5055, 9000)
    assert Ports.from_settings({**DEFAULTS, "IV_PORT": "65535"}).internal == 65534


@pytest.mark.parametrize("value", ["", "0", "65536", "80.5", "åtta", "-1", "²"])
def test_a_port_that_is_no_port_is_refused_by_name(value: str) -> None:
    with pytest.raises(SetupError, match=r"^IV_PORT is"):
        Ports.from_settings({**DEFAULTS, "IV_PORT": value})


def test_two_processes_cannot_share_a_port() -> None:
    with pytest.raises(SetupError, match="IV_PORT and IV_BOT_PORT are both 5005"):
        Ports.from_settings({**DEFAULTS, "IV_PORT": "5005"})
