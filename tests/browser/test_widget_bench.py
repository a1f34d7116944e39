"""The bench's way of visiting a page with the widget (bench/widget), once and for real."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from bench.widget.backend import Backend, running
from bench.widget.measuring import visit

pytestmark = pytest.mark.browser


def test_a_visit_writes_and_sends_a_message_and_weighs_what_came(browser: Browser) -> None:
    with running(Backend("ours.html")) as backend:
        seen = visit(browser, backend)
    assert (seen.requests, seen.third_parties) == (2, ())
    assert 1_000 < seen.bytes_before <= 3_000
    assert 10_000 < seen.bytes_before + seen.bytes_after <= 20_000
    assert 0 < seen.ready_s < seen.sent_s
    assert seen.cpu_s > 0
    assert [text for _, text in backend.received] == ["Hej"]
