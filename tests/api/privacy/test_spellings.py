"""However a number was typed when it was stored, it is found when somebody asks for it."""

from __future__ import annotations

import pytest

from api.privacy.contacts import Contact
from api.privacy.persons import spellings

SAME = [
    ("0701740635", "+46701740635", "0046701740635"),
    ("+4722225555", "004722225555"),
]


@pytest.mark.parametrize("written", SAME)
def test_a_number_is_one_however_it_is_written(written: tuple[str, ...]) -> None:
    for one in written:
        assert spellings(Contact("phone", one)) == set(written)


def test_an_address_is_one_in_any_case() -> None:
    assert spellings(Contact("email", "Person@Example.org")) == {"person@example.org"}
