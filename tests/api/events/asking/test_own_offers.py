"""What the chat says of somebody's own sign-up, and which buttons it has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.events import changes, service
from api.events.asking.own import own_signup
from tests.api.events.signups import OFFICE, STARTS, add_event, join, leave


@pytest.fixture
def session(database):
    with database.transaction() as session:
        yield session


def buttons(signup, now, *, easy: bool = False) -> list[str]:
    return [step.title.partition(":")[0] for step in own_signup(signup, now, easy=easy).choices]


@pytest.mark.parametrize("easy", [False, True])
def test_an_offered_place_can_be_taken_where_it_is_told(session, now, easy):
    event = add_event(session, capacity=1)
    first, second = join(session, event, now, 1), join(session, event, now, 2)
    assert buttons(second, now, easy=easy) == ["Avanmäl mig", "Kommande träffar"]
    leave(session, first, now)
    said = own_signup(second, now, easy=easy)
    assert "24 november 2026 kl. 10.00" in said.text
    assert buttons(second, now, easy=easy) == ["Ja, jag vill ha platsen", "Avanmäl mig", "Kommande träffar"]
    assert said.choices[0].entities == {"event_signup": str(second.id), "part": "yes"}
    service.accept_offer(session, second, now=now, office=OFFICE, by="chat")
    assert buttons(second, now, easy=easy) == ["Avanmäl mig", "Kommande träffar"]


@pytest.mark.parametrize("easy", [False, True])
def test_so_can_one_that_is_free_for_whoever_is_first_until_somebody_has_it(session, now, easy):
    event = add_event(session, capacity=1)
    first, second, third = (join(session, event, now, number) for number in (1, 2, 3))
    late = STARTS - timedelta(hours=3)
    leave(session, first, late)
    for signup in (second, third):
        assert "svarar först" in own_signup(signup, late, easy=easy).text
        assert buttons(signup, late, easy=easy)[0] == "Ja, jag vill ha platsen"
    service.accept_offer(session, third, now=late, office=OFFICE, by="chat")
    session.refresh(second)
    assert "Ja, jag vill ha platsen" not in buttons(second, late, easy=easy)


def test_a_cancelled_event_leaves_nothing_to_take(session, now):
    event = add_event(session, capacity=1)
    first, second = join(session, event, now, 1), join(session, event, now, 2)
    leave(session, first, now)
    changes.cancel_event(session, event, "Sjukdom.", now=now, actor="staff:1", office=OFFICE)
    with pytest.raises(service.SignupClosed):
        service.accept_offer(session, second, now=now, office=OFFICE, by="chat")
