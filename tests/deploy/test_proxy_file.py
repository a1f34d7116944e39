"""The proxy's file says what the api relies on, where nothing else would show that it no longer does."""

from __future__ import annotations

import re
from pathlib import Path

from api.settings import Settings

TEXT = (Path(__file__).resolve().parents[2] / "deploy" / "Caddyfile").read_text("utf-8")


def test_a_body_may_be_as_large_as_the_largest_file_that_may_be_imported() -> None:
    most = next(one.le for one in Settings.model_fields["import_max_megabytes"].metadata if hasattr(one, "le"))
    allowed = max(int(size) for size in re.findall(r"max_size (\d+)MB", TEXT))
    assert most < allowed < most * 1.2


def test_pages_with_secrets_are_not_packed() -> None:
    """Packed together with words from an address, a secret is given away by the length of the answer."""
    spared = re.search(r"@shared not path (.+)\n\s+encode @shared gzip", TEXT)[1].split()
    assert set(spared) == {"/personal", "/personal/*", "/chatt", "/mote/*", "/arende/*", "/traffar/anmalan/*"}
    assert len(re.findall(r"^\s+encode", TEXT, re.M)) == 1
