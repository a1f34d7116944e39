"""Who may know whom. The direction is bot → actions → api over HTTP, and inside api from the chat downwards."""

from __future__ import annotations

import sys

import pytest

from tests.house.sources import Module, imports, modules

FORBIDDEN = {
    "api": {"rasa", "rasa_sdk", "actions", "bot", "deploy", "tests"},
    "bot": {"api", "actions", "deploy", "tests"},
}
ACTIONS_MAY_IMPORT = {"rasa_sdk", "aiohttp", "httpx", "httpx_aiohttp", "yaml", "prometheus_client", "sanic", "actions"}
"""sanic: rasa_sdk's server, to which the figures' page is added."""

TOP = {
    "api.main",
    "api.parts",
    "api.front",
    "api.health",
    "api.manage",
    "api.tables",
    "api.worker",
    "api.personal",
    "api.__main__",
}
"""The modules that put the capabilities together: they may import all of them."""

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"insight"}),
    frozenset({"chat"}),
    frozenset({"catalogue", "booking", "events", "contact"}),
    frozenset({"asking"}),
    frozenset({"guidance"}),
    frozenset({"outbox", "staff", "privacy"}),
    frozenset({"observing"}),
)
"""A capability may import those further down."""

ALSO = {
    ("booking", "catalogue"),
    ("contact", "catalogue"),
    ("contact", "events"),
    ("events", "catalogue"),
    ("privacy", "staff"),
    ("privacy", "outbox"),
}
"""Beside the layers: what is stored about a person is shown on a page for staff, and mails lie as files; meetings are
held at the catalogue's nodes, companies and events lie so and so far away from a town, and networks meet at events."""

OUTSIDE_LAYERS = {"seed", "migrations"}
"""Tools of the command line above all capabilities; nobody but `manage` may need them."""


def root_of(name: str) -> str:
    return name.split(".")[0]


def capability(name: str) -> str | None:
    """The capability a dotted name belongs to; None for the core modules straight under api."""
    parts = name.split(".")
    known = frozenset().union(*LAYERS) | OUTSIDE_LAYERS
    return parts[1] if len(parts) > 1 and parts[0] == "api" and parts[1] in known else None


def layer(name: str) -> int:
    return next(number for number, members in enumerate(LAYERS) if name in members)


def is_tables(name: str) -> bool:
    return name.startswith("api.") and name.endswith(".tables")


def may_import(importer: str, imported: str) -> bool:
    """Whether the api module `importer` may import the api module `imported`."""
    above, below = capability(importer), capability(imported)
    if importer in TOP or is_tables(imported) or above in OUTSIDE_LAYERS or above == below:
        return True
    if imported in TOP or below in OUTSIDE_LAYERS:
        return False
    if below is None:
        return True
    if above is None:
        return False
    return layer(above) < layer(below) or (above, below) in ALSO


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_packages_do_not_know_what_lies_above_or_beside_them(package: str) -> None:
    found = [
        f"{module.where(node)} imports {name}"
        for module in modules(package)
        for node, name in imports(module)
        if root_of(name) in FORBIDDEN[package]
    ]
    assert found == []


def test_actions_import_only_what_is_named_the_standard_library_and_themselves() -> None:
    found = [
        f"{module.where(node)} imports {name}"
        for module in modules("actions")
        for node, name in imports(module)
        if root_of(name) not in ACTIONS_MAY_IMPORT | sys.stdlib_module_names
    ]
    assert found == []


def test_every_folder_of_api_has_its_place_in_the_order() -> None:
    folders = {module.name.split(".")[1] for module in modules("api") if len(module.path.parts) > 2}
    assert folders - frozenset().union(*LAYERS) == OUTSIDE_LAYERS


@pytest.mark.parametrize("module", modules("api"), ids=lambda module: module.name)
def test_imports_inside_api_go_one_way(module: Module) -> None:
    found = [
        f"{module.where(node)} imports {name}"
        for node, name in imports(module)
        if root_of(name) == "api" and not may_import(module.name, name)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("importer", "imported", "allowed"),
    [
        ("api.chat.topics", "api.catalogue.search", True),
        ("api.insight.report.rolling", "api.booking.waiting", True),
        ("api.booking.service", "api.insight.chain.clicks", False),
        ("api.catalogue.search", "api.chat.topics", False),
        ("api.guidance.turn", "api.catalogue.search", False),
        ("api.booking.router", "api.catalogue.search", True),
        ("api.catalogue.search", "api.booking.service", False),
        ("api.privacy.retention", "api.chat.tables", True),
        ("api.privacy.retention", "api.chat.service", False),
        ("api.errors", "api.booking.errors", False),
        ("api.main", "api.chat.router", True),
        ("api.chat.router", "api.main", False),
        ("api.booking.service", "api.seed.load", False),
    ],
)
def test_the_rule_itself(importer: str, imported: str, allowed: bool) -> None:
    assert may_import(importer, imported) is allowed
