"""Planted bugs: proof that a test would notice."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable
from types import ModuleType

import pytest


def mutate(
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    name: str,
    old: str,
    new: str,
    *,
    also: Iterable[ModuleType] = (),
) -> None:
    """Replace a function of `module` by itself with one change in its text, in the modules of `also` too that have
    imported it."""
    source = textwrap.dedent(inspect.getsource(getattr(module, name)))
    assert source.count(old) == 1, "the text to change has changed itself"
    namespace = dict(vars(module))
    exec(compile(source.replace(old, new), f"<mutated {name}>", "exec"), namespace)
    for other in also:
        if getattr(other, name, None) is getattr(module, name) and other is not module:
            monkeypatch.setattr(other, name, namespace[name])
    monkeypatch.setattr(module, name, namespace[name])
