"""Where in the menu a visitor is, and what its lines are called."""

from __future__ import annotations

import pytest

from api.staff.menu import Menu, Place


def place(path: str, group: str) -> Place:
    return Place(f"/personal{path}", path, "", group)


PLACES = (
    place("", "Start"),
    place("/orter", "Katalogen"),
    place("/orter/karta", "Katalogen"),
    place("/konto", "Konton"),
)


@pytest.mark.parametrize(
    ("path", "group", "here"),
    [
        ("/personal", "", "/personal"),
        ("/personal/orter", "Katalogen", "/personal/orter"),
        ("/personal/orter/karlstad", "Katalogen", "/personal/orter"),
        ("/personal/orter/karta", "Katalogen", "/personal/orter/karta"),
        ("/personal/konto/lösenord", "/konto", "/personal/konto"),
    ],
)
def test_a_page_stands_under_the_nearest_line_of_the_menu(path: str, group: str, here: str) -> None:
    menu = Menu.of(PLACES, path)
    assert menu.group is not None
    assert menu.place is not None
    assert (menu.group.title, menu.place.path) == (group, here)


def test_a_page_outside_the_menu_stands_nowhere_in_it() -> None:
    menu = Menu.of(PLACES, "/personal/historik/nod/1")
    assert (menu.group, menu.place) == (None, None)


def test_a_heading_with_several_pages_has_a_name_of_its_own_and_one_with_a_single_page_has_the_pages() -> None:
    assert [group.title for group in Menu.of(PLACES, "").groups] == ["", "Katalogen", "/konto"]
