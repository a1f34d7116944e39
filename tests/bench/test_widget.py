"""What the bench says of the widget and of others: the same figures for each, from what really was sent."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from bench.results import Results
from bench.talk import BenchError
from bench.widget import rivals
from bench.widget.backend import GREETING, Backend, running
from bench.widget.measuring import OURS, PART, Visit, report
from bench.widget.rivals import Rival, integrity_of

LIGHT = Visit(2_000, 14_000, 2, (), ready_s=0.1, sent_s=0.2, cpu_s=0.05)
HEAVY = Visit(0, 480_000, 1, ("fonts.example.org", "fonts.example.org"), ready_s=1.0, sent_s=1.5, cpu_s=0.4)


def test_every_widget_gets_the_same_figures_and_each_rival_its_ratios_to_ours() -> None:
    results = Results()
    slow = replace(LIGHT, ready_s=0.9)
    report(results, {OURS: [LIGHT, slow, LIGHT], "other": [HEAVY, HEAVY, HEAVY]})
    figures = json.loads(results.json())
    names = {name.removeprefix(f"{PART}: ") for name in figures}
    of = {
        who: {name.removeprefix(f"{who}, ") for name in names if name.startswith(f"{who}, ")}
        for who in ("ours", "other")
    }
    assert of["ours"] == of["other"]
    assert figures[f"{PART}: ours, gzipped, before it is opened"] == 2.0
    assert figures[f"{PART}: ours, gzipped, in all"] == 16.0
    assert figures[f"{PART}: ours, click to a field one can write in, median ms"] == 100
    assert figures[f"{PART}: other, other hosts asked"] == 1
    assert figures[f"{PART}: other : ours, bytes"] == 30.0
    assert figures[f"{PART}: other : ours, ready"] == 10.0
    assert figures[f"{PART}: other : ours, CPU"] == 8.0


def test_the_rivals_are_those_that_are_named_and_each_has_its_page() -> None:
    pages = Path(rivals.__file__).with_name("pages")
    assert {rival.package for rival in rivals.rivals()} == {"deep-chat", "botframework-webchat"}
    assert all((pages / rival.page).is_file() for rival in rivals.rivals())


def test_a_package_that_is_not_what_it_was_is_not_measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rivals, "_KEPT", tmp_path)
    (tmp_path / "script.js").write_text("1", "utf-8")
    with tarfile.open(tmp_path / "other-1.0.0.tgz", "w:gz") as archive:
        archive.add(tmp_path / "script.js", "package/dist/script.js")
    rival = Rival("other", "ours.html", "other", "1.0.0", integrity_of(tmp_path / "other-1.0.0.tgz"), "dist/script.js")
    assert rival.read() == b"1"
    with pytest.raises(BenchError, match="not what it was"):
        replace(rival, integrity="sha512-other").read()


def test_the_service_answers_alike_in_each_widget_s_protocol() -> None:
    with running(Backend("ours.html", b"1")) as backend, httpx.Client(base_url=backend.url) as http:
        started = http.post("/api/v1/conversations", json={}).json()
        said = http.post("/api/v1/conversations/1/messages", json={"text": "Hej"}).json()["messages"]
        deep = http.post("/deep-chat", json={"messages": [{"role": "user", "text": "Hej"}]}).json()
        http.post("/directline/conversations")
        http.post("/directline/conversations/1/activities", json={"type": "message", "text": "Hej"})
        direct = http.get("/directline/conversations/1/activities").json()
        later = http.get("/directline/conversations/1/activities", params={"watermark": direct["watermark"]}).json()
        assert http.get("/rival.js").text == "1"
    assert started["messages"][0]["text"] == direct["activities"][0]["text"] == GREETING
    assert said[0]["text"] == deep["text"] == direct["activities"][-1]["text"] == "Svar på: Hej"
    assert later["activities"] == []
    assert [text for _, text in backend.received] == ["Hej", "Hej", "Hej"]
