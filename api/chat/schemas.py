"""The chat contract's JSON shapes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator

from api.replies import Kind, Query, Source

Topic = Annotated[str, Field(max_length=60)]
ClientId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.:-]+$")]
_Name = Annotated[str, Field(max_length=60, pattern=r"^[^\x00]*$")]
"""A name to look for. PostgreSQL knows no text with NUL in it, and would not even look."""


class _Schema(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Incoming(_Schema):
    """A message from a person: free text, or the id of a choice that was offered."""

    text: StrictStr | None = None
    choice: UUID | None = None
    client_id: ClientId | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Incoming:
        if (self.text is None) == (self.choice is None):
            raise ValueError("either text or choice")
        return self


class Start(BaseModel):
    """What the page is about that the chat is opened from. Unknown names are ignored, as are other members."""

    topic: _Name | None = None
    occupation: _Name | None = None
    """Slug."""
    place: _Name | None = None
    """Name of a municipality."""


class Feedback(_Schema):
    """Thumb up or down on one answer."""

    value: Literal["up", "down"]
    comment: Annotated[str, Field(max_length=1000)] | None = None


class ChoiceOut(BaseModel):
    """A button; `id` is what the client sends back."""

    id: UUID
    title: str


class MessageOut(BaseModel):
    """A message as clients see it. `created_at` is in UTC."""

    id: UUID
    sender: Literal["bot", "user"]
    kind: Kind
    text: str
    topic: str | None
    choices: list[ChoiceOut]
    data: dict[str, Any]  # Any: JSON, its shape depends on kind
    source: Source | None
    created_at: datetime
    feedback: Annotated[Literal["up", "down"] | None, Field(exclude_if=lambda value: value is None)] = None
    """The thumb that the person gave it; absent until then."""


class TurnOut(BaseModel):
    """The bot's answer to one message."""

    turn: int
    messages: list[MessageOut]


class Transcript(BaseModel):
    """Everything said so far."""

    messages: list[MessageOut]


class Started(Transcript):
    """A new conversation. The token is shown once."""

    conversation_id: UUID
    token: str


class Repeat(_Schema):
    """An answer given lately: its topic, what it was about, and how many times it was asked for in words."""

    topic: Topic
    query: dict[str, str]
    count: int


class Memory(_Schema):
    """What the bot keeps of a talk from turn to turn and hands back with the next question."""

    repeats: Annotated[list[Repeat], Field(max_length=5)] = []
    """The latest answers, newest last."""
    misses: int = 0
    """Messages in a row that were not understood."""
    last_answer: Topic | None = None
    """The topic answered last."""
    guide: str | None = None
    """How far the job guide has come, as its code."""
    guide_left: bool = False
    """Whether something was asked beside the guide's open question, and the question put once more."""


class TopicQuestion(_Schema):
    """What the action server asks: a topic, what was said about it, and what the talk was about before."""

    topic: Annotated[str, Field(max_length=60)]
    said: Query = Query()
    context: Query = Query()
    follow_up: bool = False
    easy: bool = False
    candidates: Annotated[list[str], Field(max_length=5)] = []
    """Topics that the message may have meant, when none was certain, the likeliest first."""
    a_pair: bool = False
    """Whether the first two of them are equally likely and the others are not."""
    text: Annotated[str, Field(max_length=2000)] = ""
    """The message, sent only when no topic was found for it."""
    typed: bool = True
    """False when a button was pressed."""
    second: Topic | None = None
    """Another topic that the same message asked about."""
    other_occupation: Annotated[str, Field(max_length=80)] | None = None
    """Slug of a second occupation that it named."""
    only_contact: bool = False
    """Whether it was nothing but a telephone number or an e-mail address, which nothing had asked for."""
    language: Annotated[str, Field(max_length=12)] | None = None
    """The language of the message or the one wished for (ISO 639), when it is not Swedish."""
    distress: bool = False
    """Whether the words are those of somebody in acute crisis."""
    guide: str | None = None
    """Where in the job guide the pressed button leads, as its code."""
    part: Annotated[str, Field(max_length=80)] | None = None
    """The part of the topic's answer that the pressed button asks for."""
    in_form: bool = False
    """Whether a form asked the latest question."""
    lasting: bool = True
    """Whether easy Swedish, when it is the topic, shall stay on: somebody spoke of the language, not of this answer."""
    plain: bool = False
    """Whether ordinary Swedish is wished for instead of easy Swedish."""
    memory: Memory = Memory()


class BotButton(BaseModel):
    """A button and what the bot is sent when it is chosen."""

    title: str
    payload: str = ""


class BotCustom(BaseModel):
    """What api put beside the text when it composed the message. Any: JSON, its shape depends on kind."""

    kind: Kind = "text"
    topic: Topic | None = None
    data: dict[str, Any] | None = None
    query: dict[str, Any] | None = None
    source: Source | None = None
    failed: bool = False
    """Whether the action could not do what it was for, and says so."""


class BotMessage(BaseModel):
    """One message as the bot's channel hands it over."""

    text: str = ""
    buttons: list[BotButton] = Field(default_factory=list)
    custom: BotCustom = BotCustom()


class BotTurn(BaseModel):
    """Everything the bot said to one message, and the intent it understood."""

    topic: Topic | None = None
    messages: list[BotMessage]


class RankedTopic(BaseModel):
    """A topic and how likely the bot finds it (0–1)."""

    topic: Topic
    confidence: float


class FoundEntity(BaseModel):
    """Something that the bot recognised: what it is, its value, and where in the text its words stand."""

    entity: str
    value: str
    start: int
    end: int
    confidence: float


class AskingLimits(BaseModel):
    """When the bot would rather ask than answer: below `least`, or with less than `apart` between the first two."""

    least: float
    apart: float


class Understanding(BaseModel):
    """What the bot makes of one text by itself. `ranking` begins with `nlu_fallback` where that is the topic."""

    topic: Topic | None
    ranking: list[RankedTopic]
    entities: list[FoundEntity]
    limits: AskingLimits
