"""Two people at the same row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.staff.editing.merging import Conflict, merge

TEXTS = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c"]) for name in ("title", "places", "status")})


def test_a_field_only_i_changed_keeps_what_i_wrote() -> None:
    merged = merge({"title": "a"}, {"title": "a"}, {"title": "b"})
    assert merged.texts == {"title": "b"}
    assert merged.conflicts == ()


def test_a_field_only_somebody_else_changed_shows_their_value_and_says_so() -> None:
    merged = merge({"title": "a"}, {"title": "b"}, {"title": "a"})
    assert merged.texts == {"title": "b"}
    assert merged.conflicts == (Conflict("title", "a", "b", None),)
    assert not merged.conflicts[0].must_choose


def test_a_field_both_changed_keeps_mine_and_must_be_decided() -> None:
    merged = merge({"title": "a"}, {"title": "b"}, {"title": "c"})
    assert merged.texts == {"title": "c"}
    assert merged.conflicts == (Conflict("title", "a", "b", "c"),)
    assert merged.conflicts[0].must_choose


def test_a_field_both_changed_to_the_same_needs_no_decision() -> None:
    assert merge({"title": "a"}, {"title": "b"}, {"title": "b"}).conflicts == ()


def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing_unseen() -> None:
    assert merge({}, {"title": "b"}, {"title": "c"}).conflicts == (Conflict("title", None, "b", "c"),)


@given(base=TEXTS, theirs=TEXTS, mine=TEXTS)
def test_whatever_differs_from_what_i_saw_is_told_and_the_second_time_all_of_mine_is_kept(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    merged = merge(base, theirs, mine)
    told = {one.name for one in merged.conflicts}
    assert told == {name for name in theirs if theirs[name] != base[name] and mine[name] != theirs[name]}
    again = merge(theirs, theirs, merged.texts)
    assert again.conflicts == ()
    assert again.texts == merged.texts
