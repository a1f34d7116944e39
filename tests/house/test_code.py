"""House rules that a syntax tree can show."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.sources import PACKAGES, ROOT, Module, docstrings, modules

LONGEST_MODULE = 400

THE_ONLY_COMMIT = {"api/database.py"}
THE_ONLY_CLOCK = {"api/clock.py"}
CLOCKS_OF_THE_BOT = {
    "bot/nlu/wish_extractor.py": "a component made by Rasa cannot be handed a clock; the grammar it calls gets `today`",
    "bot/tracker_store.py": "made by Rasa too; only stamps rows so that old ones can be erased",
}
CLOCK_CALLS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("func", "now"),
    ("func", "current_timestamp"),
}

SWEDISH = re.compile("[åäöÅÄÖ]")
SWEDISH_IN_PYTHON = {
    ("api/main.py", "Industrivägledaren"): "the product's name, title of the OpenAPI document",
    (
        "api/settings.py",
        "Industrivägledaren <boka@example.org>",
    ): "a default of the configuration, kept in .env.example",
    ("api/swedish_dates.py", "måndag"): "weekdays are locale data, like strftime's; the module exists for them",
    ("api/swedish_dates.py", "lördag"): "as måndag",
    ("api/swedish_dates.py", "söndag"): "as måndag",
    ("bot/nlu/wishes.py", "kväll"): "a value of the chat contract (`data.query.pace`), never shown",
    ("api/catalogue/course_replies.py", "kväll"): "the same value of the contract, compared with",
    ("deploy/local/commands.py", "Industrivägledaren on one machine"): "the product's name in an English sentence",
}


def every_module(*packages: str) -> list[object]:
    return [pytest.param(module, id=str(module.path)) for module in modules(*packages)]


def attributes(module: Module) -> list[tuple[ast.Attribute, str, str]]:
    """`owner.name` wherever it stands; of a longer chain the last two parts."""
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            owner = node.value
            base = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            found.append((node, base, node.attr))
    return found


def asks_the_clock(module: Module) -> list[str]:
    found = [module.where(node) for node, owner, name in attributes(module) if (owner, name) in CLOCK_CALLS]
    found += [
        module.where(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "time"
        and {a.name for a in node.names} & {"time", "time_ns"}
    ]
    return found


@pytest.mark.parametrize("module", every_module("api", "actions", "bot"))
def test_nothing_is_committed_outside_the_database_module(module: Module) -> None:
    commits = [module.where(node) for node, _, name in attributes(module) if name == "commit"]
    assert bool(commits) == (str(module.path) in THE_ONLY_COMMIT), commits


@pytest.mark.parametrize("module", every_module("api", "actions", "bot"))
def test_only_the_clock_asks_what_time_it_is(module: Module) -> None:
    allowed = str(module.path) in THE_ONLY_CLOCK | CLOCKS_OF_THE_BOT.keys()
    assert bool(asks_the_clock(module)) == allowed, asks_the_clock(module)


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now(tz)",
        "import datetime\nx = datetime.datetime.now",
        "import datetime\nx = datetime.date.today()",
        "import time\nx = time.time()",
        "from time import time\nx = time()",
        "from sqlalchemy import func\nx = func.now()",
    ],
)
def test_every_way_of_asking_the_clock_is_noticed(source: str) -> None:
    assert asks_the_clock(Module(ROOT, "x", ast.parse(source)))


def swedish_strings() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for module in modules(*PACKAGES):
        described = docstrings(module.tree)
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) and id(node) not in described else None
            if isinstance(text, str) and SWEDISH.search(text):
                found[str(module.path), text] = module.where(node)
    return found


def test_texts_for_people_are_not_in_python() -> None:
    assert {key: where for key, where in swedish_strings().items() if key not in SWEDISH_IN_PYTHON} == {}


def test_no_exception_for_swedish_has_become_unnecessary() -> None:
    assert SWEDISH_IN_PYTHON.keys() - swedish_strings().keys() == set()


@pytest.mark.parametrize("module", every_module(*PACKAGES))
def test_modules_are_short(module: Module) -> None:
    assert len((ROOT / module.path).read_text("utf-8").splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("module", every_module(*PACKAGES))
def test_every_module_and_package_says_what_it_is(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def test_every_folder_with_code_is_a_package() -> None:
    # Alembic loads its versions by file name; as a package they would have to be importable names.
    bare = {module.path.parent for module in modules(*PACKAGES)} - {
        m.path.parent for m in modules(*PACKAGES) if m.is_package
    }
    assert {str(path) for path in bare} <= {"api/migrations/versions"}
