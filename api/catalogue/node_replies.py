"""What the assistant says about the training nodes: where they are, which is nearest, how to reach them."""

from __future__ import annotations

from sqlalchemy import select

from api.catalogue.course_replies import courses_near
from api.catalogue.found import find_occasions
from api.catalogue.items import node_item
from api.catalogue.search import Criteria, nodes_by_distance
from api.catalogue.tables import VOCATIONAL, Municipality, Node
from api.guidance.answers import find_answer, reply_from
from api.guidance.occupations import find_occupation
from api.guidance.places import find_municipality
from api.guidance.tables import in_sentence
from api.guidance.turn import Handled, Handler, Turn
from api.replies import NextStep, Query, Reply
from api.texts import Texts, enumerated

_texts = Texts.beside(__file__)

Measured = list[tuple[Node, float | None]]


def node_list(turn: Turn) -> Handled:
    """All nodes."""
    nodes = nodes_by_distance(turn.session, None)
    if not nodes:
        return Handled([Reply(text=_texts("nodes_none"))], turn.query(carry=False))
    text = _texts("nodes_list", towns=enumerated([node.town for node, _ in nodes])) + _towns_for_occupation(turn)
    choices = (
        NextStep(title=_texts("choice_nearest"), topic="node_nearest"),
        NextStep(title=find_answer(turn.session, "free_choice").title, topic="free_choice"),
    )
    return Handled([_nodes(text, nodes, choices)], turn.query(carry=False))


def _towns_for_occupation(turn: Turn) -> str:
    """Where the occupation of the conversation can be studied, as a sentence after the others; empty without one."""
    occupation = find_occupation(turn.session, turn.query(carry=True).occupation)
    if occupation is None:
        return ""
    found = find_occasions(turn.session, Criteria(occupation=occupation.slug, kind=VOCATIONAL), turn.today)
    towns = sorted(found.towns)
    if not towns:
        return ""
    return "\n" + _texts("nodes_for", occupation=in_sentence(occupation.title), towns=enumerated(towns))


def node_nearest(turn: Turn) -> Handled:
    """The nearest nodes, or courses when an occupation was named; asks where one lives if that was not said.

    A place from before with a node is no answer: it is where a course was, and perhaps not where the person lives.
    """
    place = find_municipality(turn.session, turn.said.place) or _home(turn)
    query = turn.query(carry=True).model_copy(update={"place": place.name if place else None})
    if place is None:
        return Handled([Reply(text=_texts("nodes_ask_place"))], query)
    if _about_courses(turn, query):
        return courses_near(turn, query)
    nodes = nodes_by_distance(turn.session, place)
    if not nodes:
        return Handled([Reply(text=_texts("nodes_none"))], query)
    return Handled(
        [_nodes(_nearest_words(place, nodes, easy=turn.easy), nodes, _courses_at(nodes[0][0], query))], query
    )


def node_detail(turn: Turn) -> Handled:
    """One node: where, phone, opening hours, what it is good at. The nearest one when the place has none.

    With an occupation named too ("svetsutbildning i Hagfors?") its courses there say more.
    """
    query = turn.query(carry=True)
    place = find_municipality(turn.session, query.place)
    nodes = nodes_by_distance(turn.session, place)
    if place is None or not nodes:
        return node_list(turn)
    if _about_courses(turn, query):
        return courses_near(turn, query)
    node, km = nodes[0]
    key = "node_detail" if node.municipality_id == place.id else "node_detail_elsewhere"
    text = _texts.worded(
        key,
        easy=turn.easy,
        place=place.name,
        name=node.name,
        profile=node.profile,
        equipment=node.equipment,
        street=node.street or node.town,
        phone=node.phone,
        hours=node.opening_hours,
    )
    return Handled([_nodes(text, [(node, km)], _courses_at(node, query))], query)


def human_contact(turn: Turn) -> Handled:
    """Phone, e-mail and opening hours of the guidance offices, nearest first."""
    query = turn.query(carry=True)
    answer = reply_from(find_answer(turn.session, "human_contact"), easy=turn.easy)
    contacts = contact_reply(turn, query, answer.text)
    return Handled([contacts.model_copy(update={"choices": answer.choices})], query)


def contact_reply(turn: Turn, query: Query, lead: str) -> Reply:
    """`lead`, then how to reach the guidance offices: all of them in short, or the nearest one whole."""
    place = find_municipality(turn.session, query.place)
    nodes = nodes_by_distance(turn.session, place)
    shown = nodes[:1] if place else nodes
    key = "contact_whole" if place else "contact_short"
    lines = [_texts(key, town=n.town, phone=n.phone, email=n.email, hours=n.opening_hours) for n, _ in shown]
    items = [node_item(node, km) for node, km in shown]
    return Reply(kind="contact", text="\n".join([lead, *lines]), data={"items": items, "lead": lead})


HANDLERS: dict[str, Handler] = {
    "node_list": node_list,
    "node_nearest": node_nearest,
    "node_detail": node_detail,
    "human_contact": human_contact,
}


def _home(turn: Turn) -> Municipality | None:
    """Where the person lives, as far as the talk tells: a place that was named though nothing can be studied there."""
    place = find_municipality(turn.session, turn.context.place)
    if place is None:
        return None
    here = select(Node.id).where(Node.municipality_id == place.id).limit(1)
    return place if turn.session.scalar(here) is None else None


def _about_courses(turn: Turn, query: Query) -> bool:
    """Whether an occupation was named, now or in the question that this one follows up."""
    return bool(turn.said.occupation or (turn.follow_up and query.occupation))


def _nodes(text: str, nodes: Measured, choices: tuple[NextStep, ...]) -> Reply:
    items = [node_item(node, km) for node, km in nodes]
    if any(item["example"] for item in items):
        text = f"{text}\n{_texts('example_note')}"
    return Reply(kind="nodes", text=text, data={"items": items}, choices=choices)


def _nearest_words(place: Municipality, nodes: Measured, *, easy: bool) -> str:
    (first, km), *others = nodes[:3]
    here = first.municipality_id == place.id
    others = others[:1] if here else others
    key = "nodes_here" if here else "nodes_nearest_easy" if easy else "nodes_nearest"
    words = [_texts(key, place=place.name, first=first.town, km=round(km or 0))]
    if others:
        names = [_texts("town_away", town=node.town, km=round(away or 0)) for node, away in others]
        words.append(_texts("nodes_next", towns=enumerated(names)))
    return " ".join(words)


def _courses_at(node: Node, query: Query) -> tuple[NextStep, ...]:
    entities = {"place": node.municipality.name} | ({"occupation": query.occupation} if query.occupation else {})
    return (
        NextStep(title=_texts("choice_courses_here", town=node.town), topic="course_search", entities=entities),
        NextStep(title=_texts("choice_book"), topic="book_meeting", entities={"booking_node": node.slug}),
    )
