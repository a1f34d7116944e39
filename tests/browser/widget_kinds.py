"""One message of every kind of the contract, as the service sends them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from api.clock import stockholm_date
from tests.browser.widget_site import Json, message

TODAY = stockholm_date(datetime.now(UTC))


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def course(number: int, town: str, apply_in: int, **more: object) -> Json:
    return {
        "id": str(number), "title": f"Svetsare, grund {number}", "node": town, "municipality": town, "km": 12 * number,
        "start": "2027-01-11", "end": "2027-06-11", "apply_to": in_days(apply_in), "continuous": False, "pace": 100,
        "distance": False, "credits": 600, "status": "published", "example": True, "url": f"/utbildningar/{number}",
    } | more  # fmt: skip


def node(town: str, km: int, phone: str) -> Json:
    return {
        "town": town, "name": f"Noden i {town}", "km": km, "street": "Exempelgatan 1", "phone": phone,
        "email": f"{town.lower()}@example.org", "opening_hours": "Måndag–torsdag 9–15", "example": True,
    }  # fmt: skip


def event(title: str, places_left: int | None, **more: object) -> Json:
    return {
        "id": title, "kind": "information", "title": title, "start": "2027-01-20T17:00:00+01:00",
        "end": "2027-01-20T18:00:00+01:00", "place": "Verkstadsskolan, Exempelgatan 1, Arvika",
        "places_left": places_left, "waiting_list": False, "signup_until": "2027-01-20T17:00:00+01:00",
        "status": "published", "url": "/traffar/traff-1", "example": True,
    } | more  # fmt: skip


TOWNS = [
    node("Arvika", 4, "031-390 60 01"), node("Sunne", 41, "031-390 60 02"), node("Karlstad", 70, "031-390 60 03"),
    node("Hagfors", 92, "031-390 60 04"),
]  # fmt: skip
TIMES = [
    {"id": "1", "start": "2027-01-14T09:00:00+01:00", "end": "2027-01-14T09:30:00+01:00"},
    {"id": "2", "start": "2027-01-14T13:00:00+01:00", "end": "2027-01-14T13:30:00+01:00"},
    {"id": "3", "start": "2027-01-15T10:30:00+01:00", "end": "2027-01-15T11:00:00+01:00"},
]
MEETING = {
    "reference": "IV-7K2MP", "start": "2027-01-14T13:00:00+01:00", "end": "2027-01-14T13:30:00+01:00",
    "place": "Vägledningen i Arvika, Exempelgatan 1", "meeting_type": "on_site", "counsellor": "Vägledningen i Arvika",
    "interpreter_language": "arabiska",
}  # fmt: skip
SOURCE = {"title": "CSN, studiemedel", "url": "https://www.csn.se/", "checked_on": "2026-11-21"}

KINDS: dict[str, Json] = {
    "text": message(
        "Du kan få studiemedel från CSN.\nLäs mer på https://www.csn.se/bidrag eller mejla vagledning@example.org.",
        source=SOURCE,
        choices=("Vad kostar det?", "Boka möte"),
    ),
    "courses": message(
        "Jag hittade 5 utbildningar:\nSvetsare i Arvika\nSvetsare i Sunne",
        kind="courses",
        data={
            "lead": "Jag hittade 5 utbildningar till svetsare.",
            "total": 9,
            "items": [
                course(1, "Arvika", 3),
                course(2, "Sunne", 0, continuous=True, start=None),
                course(3, "Karlstad", 90, status="full"),
                course(4, "Hagfors", 1, distance=True, pace=50),
                course(5, "Säffle", 2),
            ],
        },
    ),
    "course": message("Utbildningen börjar den 11 januari.", kind="course", data=course(1, "Arvika", 20)),
    "nodes": message("Närmast dig ligger Arvika.", kind="nodes", data={"items": TOWNS}),
    "occupation": message(
        "En svetsare fogar ihop delar av metall.",
        kind="occupation",
        data={
            "slug": "svetsare",
            "title": "Svetsare",
            "demands": "Du behöver god syn och tålamod.",
            "society": "Utan svetsare blir det inga broar.",
            "paths": "Du kan bli svetsansvarig eller lärare.",
        },
        choices=("Utbildning till svetsare",),
    ),
    "vacancies": message(
        "Här är lediga jobb.",
        kind="vacancies",
        data={
            "items": [
                {"title": f"Svetsare {i}", "employer": "Exempelverkstaden", "place": "Arvika", "deadline": in_days(i),
                 "url": f"https://example.org/jobb/{i}"}
                for i in range(1, 6)
            ]
        },
    ),
    "events": message(
        "Det här är på gång.",
        kind="events",
        data={
            "items": [
                event("Informationsmöte", 4, text="Informationsmöte. Frågor: möte@example.org."),
                event("Studiebesök hos Exempelverkstaden", 0, waiting_list=True,
                      signup_until=f"{in_days(3)}T12:00:00+01:00",
                      text="Studiebesök. Bara för kvinnor. Utan trappsteg. Tolk på arabiska och somaliska."),
                event("Träff på nätet", None, place="På nätet", text="Nätverksträff."),
                event("Öppet hus", 12, status="cancelled", text="Öppet hus."),
            ],
            "lead": "Det här är nästa träffar:",
        },
        choices=("Anmäl mig: Arvika 20 januari", "Ställ mig i kö: Arvika 20 januari", "Visa alla träffar"),
    ),
    "slots": message(
        "Lediga tider:\ntorsdag 14 januari kl. 09.00\nfredag 15 januari kl. 10.30\nVilken tid passar?",
        kind="slots",
        data={"items": TIMES, "lead": "Lediga tider i Arvika. Vilken tid passar?"},
        choices=("torsdag 14 januari kl. 09.00", "torsdag 14 januari kl. 13.00", "fredag 15 januari kl. 10.30",
                 "Fler tider", "En annan dag"),
    ),
    "confirm": message(
        "Stämmer det?\nTorsdag 14 januari kl. 13.00–13.30 i Arvika.\nNamn: Kim",
        kind="confirm",
        data=MEETING | {"reference": None},
        choices=("Ja, boka", "Ändra tid", "Avbryt"),
    ),
    "booking": message(
        "Klart! Din tid är bokad. Koden är IV-7K2MP. Ändra: https://example.org/mote/abc",
        kind="booking",
        data=MEETING | {"manage_url": "/mote/abc", "ics_url": "/mote/abc/mote.ics"},
    ),
    "contact": message(
        "Ring eller mejla vägledningen:\nArvika 031-390 60 01",
        kind="contact",
        data={"items": TOWNS, "lead": "Ring eller mejla vägledningen närmast dig."},
    ),
    "choices": message("Vilken ort gäller det?", kind="choices", choices=("Arvika", "Sunne", "Karlstad")),
    "arabic": message(
        "مرحبا! أنا مساعد آلي وأتحدث السويدية.",
        data={"lang": "ar", "dir": "rtl"},
        choices=("حجز موعد (Boka möte)",),
    ),
    "persian": message("سلام! من یک دستیار خودکار هستم.", data={"lang": "fa", "dir": "rtl"}),
}  # fmt: skip
