"""The JSON shapes of the public read API. Days are Swedish calendar days (ISO 8601), moments are in UTC."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from api.catalogue.application import ApplicationState


class Links(BaseModel):
    """Addresses of pages of the same list; null where there is none."""

    self: str
    first: str
    prev: str | None
    next: str | None
    last: str


class _Page(BaseModel):
    total: int = Field(description="How many there are in all.", examples=[47])
    page: int = Field(description="Number of this page, from 1.", examples=[1])
    pages: int = Field(description="How many pages there are; at least 1.", examples=[3])
    links: Links


class OccasionOut(BaseModel):
    """When a course is given. `id` is the catalogue's own and stays the same from import to import."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "EX-KARLSTAD-1", "course_id": "7", "title": "Svetsare, grund", "kind": "vocational",
                    "occupation": "svetsare",
                    "node": "karlstad", "municipality": "Karlstad", "municipality_code": "1780",
                    "start_date": "2027-01-11", "next_start": "2027-01-11", "end_date": "2027-10-15",
                    "apply_from": "2026-10-05", "apply_to": "2026-12-04", "continuous": False, "application": "open",
                    "pace": 100, "distance": False, "credits": 800, "places": 12, "status": "published",
                    "apply_url": "https://example.org/ansok", "contact_email": "vagledning@example.org", "km": None,
                    "url": "https://example.org/utbildningar/7#tillfalle-12", "example": True,
                    "source": "", "source_url": "", "updated_at": "2026-11-22T08:00:00Z",
                }
            ]
        }
    )  # fmt: skip

    id: str
    course_id: str
    title: str
    kind: str = Field(description="vocational, or upskilling: for people who have a job already.")
    occupation: str = Field(description="Slug; see /api/v1/occupations.")
    node: str = Field(description="Slug; see /api/v1/nodes.")
    municipality: str
    municipality_code: str = Field(description="Four digits, the official code.")
    start_date: date | None
    next_start: date | None = Field(description="The day one can begin; null when any day is, or none is decided.")
    end_date: date | None
    apply_from: date | None
    apply_to: date | None = Field(description="The last day to apply, that day included.")
    continuous: bool = Field(description="Whether one can begin at any time.")
    application: ApplicationState = Field(description="Where the application stands today.")
    pace: int = Field(description="Per cent of full time.")
    distance: bool
    credits: int | None = Field(description="Upper-secondary credits (not higher education).")
    places: int | None
    status: str = Field(description="published, full or cancelled.")
    apply_url: str
    contact_email: str
    km: float | None = Field(description="Kilometres from `near`, as the crow flies.")
    url: str
    example: bool = Field(description="Made up: it cannot be applied for.")
    source: str = Field(description="Where it is mirrored from: `susa` is Susa-navet (Skolverket). Empty: our own.")
    source_url: str = Field(description="Its page at whoever gives it, for what is mirrored.")
    updated_at: datetime = Field(description="The latest change of the occasion, its course or its node.")


class OccasionPage(_Page):
    items: list[OccasionOut]


class CourseOut(BaseModel):
    """What a node teaches for an occupation."""

    id: str = Field(examples=["7"])
    title: str
    occupation: str
    occupation_title: str
    ssyk: str | None = Field(description="SSYK 2012, four digits.", examples=["7212"])
    node: str
    municipality: str
    municipality_code: str
    credits: int | None
    apprenticeship: bool
    sfi_combined: bool
    kind: str = Field(description="vocational, or upskilling: for people who have a job already.")
    company: str = Field(description="Whose staff a course for people in work is for; empty: anybody's.")
    language_level: str
    eligibility: str
    description: str
    url: str
    example: bool = Field(description="Made up: the node or one of the occasions is an example.")


class CourseDetail(CourseOut):
    """A course with every occasion that is not a draft, past and cancelled ones included."""

    occasions: list[OccasionOut]


class CoursePage(_Page):
    items: list[CourseOut]


class NodeOut(BaseModel):
    """A place where industrial training is given."""

    slug: str
    town: str
    name: str
    municipality: str
    municipality_code: str
    lat: float = Field(description="WGS84 degrees.")
    lon: float
    street: str | None
    phone: str
    email: str
    opening_hours: str
    profile: str
    equipment: str
    example: bool


class NodeList(BaseModel):
    items: list[NodeOut]


class OccupationOut(BaseModel):
    """An occupation one can train for."""

    slug: str
    title: str
    area: str
    ssyk: str | None
    ssyk_title: str | None
    group_concept_id: str | None = Field(description="JobTech's id of the SSYK group.")
    concept_ids: list[str] = Field(description="JobTech's ids of the occupation.")
    related: list[str] = Field(description="Slugs of occupations near it, best first.")
    summary: str


class OccupationList(BaseModel):
    items: list[OccupationOut]
