"""The forms of enquiries: `enquiry:training` opens one about a matter, `network:techniqual` one about a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.asking.questionnaire import Filled, Opened, Opener, Place, Questionnaire
from api.asking.script import Script, load_scripts
from api.contact.enquiries.office import Promise
from api.contact.enquiries.service import NewEnquiry, send
from api.contact.enquiries.tables import Enquiry, Matter
from api.contact.enquiries.wording import deadline
from api.contact.networks.tables import Network
from api.guidance.places import find_municipality
from api.replies import NextStep, Reply
from api.texts import Texts

_texts = Texts.beside(__file__)
SCRIPTS: Mapping[str, Script] = load_scripts(Path(__file__).with_name("forms.yml"))
_NETWORK: Matter = "network_interest"
_PERSON = frozenset({"organisation", "municipality", "name", "contact", "message"})
"""Steps that are the same for every matter; the others are the matter's details."""
_NUMBERS = frozenset({"people", "group_size", "pupils"})
_LISTS = frozenset({"receives"})


def open_enquiry(place: Place, about: str) -> Opened:
    """The form about a matter; an unknown one gets the form for anything else."""
    name, _, network = about.partition(":")
    if name == _NETWORK:
        return open_network(place, network)
    matter: Matter = name if name in SCRIPTS else "other"  # type: ignore[assignment]  # the scripts' names are matters
    script = SCRIPTS[matter]

    def finish(place: Place, filled: Filled) -> Reply:
        return _send(place, filled, matter, None)

    return Questionnaire(script, script.intro_easy if place.easy else script.intro, finish)


def open_network(place: Place, about: str) -> Opened:
    """The form for those who want to join a network, by its slug or number."""
    network = _network(place.session, about)
    if network is None:
        see = NextStep(title=_texts("see_networks"), topic="networks")
        return Reply(text=_texts.worded("network_gone", easy=place.easy), choices=(see,))
    network_id = network.id

    def finish(place: Place, filled: Filled) -> Reply:
        return _send(place, filled, _NETWORK, network_id)

    intro = _texts.worded("network_intro", easy=place.easy, network=network.name)
    return Questionnaire(SCRIPTS[_NETWORK], intro, finish)


def sent_before(place: Place) -> Sequence[Reply]:
    """The enquiries that this conversation has sent and that wait for an answer."""
    mine = select(Enquiry).where(Enquiry.conversation_id == place.conversation_id, Enquiry.status != "closed")
    return [_already(place, enquiry) for enquiry in place.session.scalars(mine.order_by(Enquiry.created_at))]


OPENERS: Mapping[str, Opener] = {"enquiry": open_enquiry, "network": open_network}


def _send(place: Place, filled: Filled, matter: Matter, network_id: int | None) -> Reply:
    municipality = find_municipality(place.session, filled.get("municipality"))
    new = NewEnquiry(
        matter=matter,
        name=filled.get("name"),
        contact=filled.contact,
        municipality_id=municipality.id if municipality else None,
        organisation=filled.get("organisation"),
        message=filled.get("message"),
        details={step: _stored(step, value) for step, value in filled.answers.items() if step not in _PERSON and value},
        network_id=network_id,
        conversation_id=place.conversation_id,
    )
    key = f"{place.conversation_id}:{filled.key}"
    sent = send(place.session, new, Promise.of(place.settings), place.now, client_key=key)
    how = "how_email" if filled.contact.kind == "email" else "how_phone"
    text = _texts.worded(
        "sent",
        easy=place.easy,
        function=sent.enquiry.function,
        due=deadline(sent.enquiry.due_at, place.now),
        reference=sent.enquiry.reference,
        how=_texts.worded(how, easy=place.easy),
        url=sent.own_url,
    )
    return Reply(text=text, choices=_choices(matter))


def _stored(step: str, value: str) -> Any:  # Any: JSON
    if step in _NUMBERS:
        return int(value)
    return value.split() if step in _LISTS else value


def _already(place: Place, enquiry: Enquiry) -> Reply:
    text = _texts.worded(
        "already",
        easy=place.easy,
        function=enquiry.function,
        reference=enquiry.reference,
        due=deadline(enquiry.due_at, place.now),
    )
    return Reply(text=text, choices=_choices(enquiry.matter))


def _choices(matter: Matter) -> tuple[NextStep, ...]:
    if matter == _NETWORK:
        return (NextStep(title=_texts("see_networks"), topic="networks"),)
    return (NextStep(title=_texts("about_employers"), topic="employer_contact"),)


def _network(session: Session, about: str) -> Network | None:
    is_it = or_(Network.slug == about, Network.id == int(about)) if about.isdecimal() else Network.slug == about
    return session.scalar(select(Network).where(is_it, Network.status == "published"))
