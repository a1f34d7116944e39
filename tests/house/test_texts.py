"""Every Swedish sentence that the code asks for exists with its placeholders, and none is left over."""

from __future__ import annotations

import ast
import importlib
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from api.errors import _STATUS_CODES, ApiError, error_texts
from tests.house.sources import ROOT, Module, modules

OF_THE_FRAMEWORK = {*_STATUS_CODES.values(), "invalid", "internal"}
"""Codes that `add_error_handlers` and the middleware give without an error class of their own."""


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# --- Errors -------------------------------------------------------------------------------------------------------


def error_classes() -> dict[str, type[ApiError]]:
    """Every subclass of ApiError in api, by class name."""
    for module in modules("api"):
        if "migrations" not in module.path.parts and module.path.name != "__main__.py":
            importlib.import_module(module.name)
    found: dict[str, type[ApiError]] = {}
    waiting = [ApiError]
    while waiting:
        error = waiting.pop()
        found[error.__name__] = error
        waiting += [child for child in error.__subclasses__() if child.__module__.startswith("api.")]
    return found


def raised(name: str) -> Iterator[tuple[str, set[str] | None]]:
    """Where an error is made, and with which keywords; None when its class has a constructor that says them."""
    own_constructor = "__init__" in vars(error_classes()[name])
    for module in modules("api"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield module.where(node), None if own_constructor else {k.arg for k in node.keywords if k.arg}
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id == name:
                yield module.where(node), set()


@pytest.mark.parametrize("name", sorted(error_classes()))
def test_every_error_has_a_code_of_its_own_and_a_sentence(name: str) -> None:
    error = error_classes()[name]
    assert error.code in error_texts()
    assert 400 <= error.status < 600
    assert [other for other in error_classes().values() if other.code == error.code] == [error]


@pytest.mark.parametrize("name", sorted(error_classes()))
def test_the_placeholders_of_an_errors_sentence_are_filled_wherever_it_is_raised(name: str) -> None:
    needed = placeholders(error_texts()[error_classes()[name].code])
    if not needed:
        return
    places = list(raised(name))
    assert places, "nobody raises it"
    assert [where for where, given in places if given is not None and not needed <= given] == []


def test_a_constructor_of_an_error_fills_its_own_sentence() -> None:
    for error in error_classes().values():
        if "__init__" in vars(error) and error is not ApiError:
            assert "Orsak" in error("Orsak").detail  # type: ignore[call-arg]  # each names its one value itself


def test_no_sentence_belongs_to_an_error_that_is_gone() -> None:
    used = {error.code for error in error_classes().values()} | OF_THE_FRAMEWORK
    assert set(error_texts()) - used == set()


# --- Texts --------------------------------------------------------------------------------------------------------


@dataclass
class Use:
    """One call of a Texts object: the keys it may ask for (None: seen only when it runs) and what it fills in.

    `given` is None where that cannot be seen: values passed on with **, or a key made of parts.
    """

    where: str
    keys: list[re.Pattern[str]] | None
    given: set[str] | None


@dataclass
class Sentences:
    """A file of sentences, who calls it, and every string in the modules of its folder."""

    path: Path
    uses: list[Use] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    made: list[re.Pattern[str]] = field(default_factory=list)
    worded: bool = False
    """Whether a key that is seen only when it runs is asked for in both wordings."""

    @property
    def texts(self) -> dict[str, str]:
        return yaml.safe_load((ROOT / self.path).read_text("utf-8"))


def patterns(node: ast.expr) -> list[re.Pattern[str]] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [re.compile(re.escape(node.value))]
    if isinstance(node, ast.IfExp):
        both = [patterns(node.body), patterns(node.orelse)]
        return None if None in both else [pattern for some in both for pattern in some or ()]
    if isinstance(node, ast.JoinedStr):
        return [made_of(node)]
    return None


def made_of(node: ast.JoinedStr) -> re.Pattern[str]:
    """What an f-string can become."""
    return re.compile("".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w*" for p in node.values))


def is_key_like(node: ast.JoinedStr) -> bool:
    """Whether an f-string can be meant as a key: a word of its own in it, and nothing that no key has."""
    fixed = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
    return any(re.search("[a-z]{3}", part) for part in fixed) and all(re.fullmatch(r"\w+", part) for part in fixed)


def file_of(module: Module, call: ast.expr) -> Path | None:
    """The YAML file that a `Texts(…)` or `Texts.beside(…)` expression reads."""
    if not isinstance(call, ast.Call):
        return None
    if isinstance(call.func, ast.Attribute) and call.func.attr == "beside":
        return module.path.with_name("texts.yml")
    if isinstance(call.func, ast.Name) and call.func.id == "Texts":
        names = [n.value for n in ast.walk(call) if isinstance(n, ast.Constant) and str(n.value).endswith(".yml")]
        return module.path.with_name(names[0]) if names else None
    return None


def holders() -> dict[tuple[str, str], Path]:
    """(module, name of the variable) → the file it reads, for those that import the variable as well."""
    found: dict[tuple[str, str], Path] = {}
    for module in modules("api"):
        for node in module.tree.body:
            path = file_of(module, node.value) if isinstance(node, ast.Assign) else None
            if path:
                found[module.name, node.targets[0].id] = path
    for module in modules("api"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if (node.module or "", alias.name) in found:
                        found[module.name, alias.asname or alias.name] = found[node.module or "", alias.name]
    return found


def in_both_wordings(pattern: re.Pattern[str]) -> list[re.Pattern[str]]:
    return [pattern, re.compile(f"{pattern.pattern}_easy")]


def holder_of(call: ast.Call) -> tuple[str | None, bool]:
    """The variable that `_texts(…)` or `_texts.worded(…)` is called on, and whether it is the latter."""
    worded = isinstance(call.func, ast.Attribute) and call.func.attr == "worded"
    holder = call.func.value if worded else call.func
    return (holder.id if isinstance(holder, ast.Name) else None), worded


def collect_strings(module: Module, into: Sentences) -> None:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            into.strings.add(node.value)
        elif isinstance(node, ast.JoinedStr) and is_key_like(node):
            into.made.append(made_of(node))


EVERYWHERE = Path("api/cells.yml")
"""Any capability may give one of its reasons, by the key: `bad(\"cell_…\")`."""


def sentences() -> dict[Path, Sentences]:
    found: dict[Path, Sentences] = {}
    held = holders()
    for module in modules("api"):
        mine = {name: path for (owner, name), path in held.items() if owner == module.name}
        for node in ast.walk(module.tree):
            holder, worded = holder_of(node) if isinstance(node, ast.Call) else (None, False)
            if holder not in mine:
                continue
            given = {k.arg for k in node.keywords if k.arg}
            opened = any(k.arg is None for k in node.keywords) or isinstance(node.args[0], ast.JoinedStr)
            keys = patterns(node.args[0])
            one = found.setdefault(mine[holder], Sentences(mine[holder]))
            one.worded |= worded and keys is None
            if worded and keys:
                keys = [wording for pattern in keys for wording in in_both_wordings(pattern)]
            one.uses.append(Use(module.where(node), keys, None if opened else given))
    for one in found.values():
        folder = one.path.parent
        for module in modules("api"):
            if folder == module.path.parent or one.path == EVERYWHERE:
                collect_strings(module, one)
    pages = Path("api/pages.yml")  # `site` in the templates: api/pages.py
    found[pages] = Sentences(pages)
    for template in sorted([*ROOT.glob("api/**/*.html"), *ROOT.glob("api/**/*.txt")]):
        for match in re.finditer(r"""\bsite\(["'](\w+)["']""", template.read_text("utf-8")):
            found[pages].uses.append(Use(str(template.relative_to(ROOT)), [re.compile(match[1])], set()))
    return found


ALL = sentences()


def test_every_file_of_sentences_has_somebody_who_reads_it() -> None:
    files = {
        path.relative_to(ROOT)
        for path in [
            *ROOT.glob("api/**/texts.yml"),
            ROOT / "api/manage.yml",
            ROOT / "api/cells.yml",
            *ROOT.glob("api/**/mails.yml"),
        ]
    }
    assert files | {Path("api/pages.yml")} == ALL.keys()


@pytest.mark.parametrize("path", sorted(ALL), ids=str)
def test_every_sentence_that_is_asked_for_exists(path: Path) -> None:
    texts = ALL[path].texts
    missing = [
        (use.where, pattern.pattern)
        for use in ALL[path].uses
        for pattern in use.keys or ()
        if not any(pattern.fullmatch(key) for key in texts)
    ]
    assert missing == []


@pytest.mark.parametrize("path", sorted(ALL), ids=str)
def test_every_placeholder_is_filled(path: Path) -> None:
    texts = ALL[path].texts
    wrong = [
        (use.where, key, placeholders(text) - use.given)
        for use in ALL[path].uses
        if use.given is not None
        for key, text in texts.items()
        if any(pattern.fullmatch(key) for pattern in use.keys or ()) and not placeholders(text) <= use.given
    ]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(ALL), ids=str)
def test_no_sentence_is_left_over(path: Path) -> None:
    """A key counts as used when a call can reach it or, where a call's key is a variable, stands in the code."""
    found = ALL[path]
    reachable = [pattern for use in found.uses for pattern in use.keys or ()]
    hidden = any(use.keys is None for use in found.uses)
    reachable += found.made if hidden else []
    spoken = found.strings if hidden else set()
    if found.worded:
        reachable += [wording for pattern in found.made for wording in in_both_wordings(pattern)]
        spoken |= {f"{key}_easy" for key in spoken}
    left = {key for key in found.texts if key not in spoken and not any(p.fullmatch(key) for p in reachable)}
    assert left == set()
