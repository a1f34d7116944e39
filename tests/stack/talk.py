"""A person at the chat: says things, presses buttons, reads the answers. Knows only the chat contract."""

from __future__ import annotations

from typing import Any

import httpx

CONVERSATIONS = "/api/v1/conversations"
ANSWER_SECONDS = 5.0
"""No turn may take longer, whatever is down: the client gives up then, and the test fails."""

Message = dict[str, Any]


class Talk:
    """One conversation over a client whose base is the api. `last` are the messages of the latest answer."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        started = self.http.post(CONVERSATIONS).raise_for_status().json()
        self.id: str = started["conversation_id"]
        self.token: str = started["token"]
        self.last: list[Message] = started["messages"]

    def post(self, body: object) -> httpx.Response:
        """Send anything at all as a message."""
        return self.http.post(f"{self.address}/messages", json=body, headers=self.headers)

    def say(self, text: str) -> list[Message]:
        """Write something; the answer's messages."""
        return self._turn({"text": text})

    def choose(self, title: str) -> list[Message]:
        """Press the newest button whose title begins like this."""
        return self.press(self.choice(title))

    def press(self, choice: str) -> list[Message]:
        """Press the button with this id."""
        return self._turn({"choice": choice})

    def choice(self, title: str) -> str:
        """Id of the newest button whose title begins like this."""
        for message in reversed(self.history()):
            for choice in message["choices"]:
                if choice["title"].startswith(title):
                    return str(choice["id"])
        raise AssertionError(f"no button begins with {title!r}; there are {self.titles}")

    def history(self) -> list[Message]:
        """Everything said so far, as a client that reloads sees it."""
        messages: list[Message] = self.http.get(f"{self.address}/messages", headers=self.headers).json()["messages"]
        return messages

    @property
    def address(self) -> str:
        """Path of the conversation."""
        return f"{CONVERSATIONS}/{self.id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def text(self) -> str:
        """All that the latest answer says."""
        return "\n".join(message["text"] for message in self.last)

    @property
    def kinds(self) -> list[str]:
        """Kinds of the latest messages."""
        return [message["kind"] for message in self.last]

    @property
    def topics(self) -> list[str]:
        """Topics of the latest messages."""
        return [message["topic"] for message in self.last]

    @property
    def titles(self) -> list[str]:
        """Titles of the latest buttons."""
        return [choice["title"] for message in self.last for choice in message["choices"]]

    def of_kind(self, kind: str) -> Message:
        """The latest message of a kind."""
        found = [message for message in self.last if message["kind"] == kind]
        assert found, f"no {kind} among {self.kinds}: {self.text}"
        return found[-1]

    def items(self, kind: str) -> list[dict[str, Any]]:
        """What the latest message of a kind lists."""
        items: list[dict[str, Any]] = self.of_kind(kind)["data"]["items"]
        return items

    def _turn(self, body: dict[str, str]) -> list[Message]:
        response = self.post(body)
        assert response.status_code == 200, f"{response.status_code} {response.text}"
        self.last = response.json()["messages"]
        assert self.last, "an answer without a message"
        for message in self.last:
            assert message["text"].strip(), f"an empty bubble: {message}"
            assert "kontakt-" not in message["text"], "an internal token is shown"
        return self.last
