"""Hostile strings, each with a mark that says which column it stands in."""

from __future__ import annotations

import re

MARK = re.compile(r"z\d+z", re.IGNORECASE)
"""What stands in every planted string, so that one sees which column a page shows."""

PAYLOADS = (
    "<b-{m} onfocus=hurt(1) autofocus tabindex=0>{m}</b-{m}>",
    "=HYPERLINK(\"https://evil.example.org\",\"{m}\")",
    "{m}\"'><img src=x onerror=hurt(1)>",
    "{m}\r\nBcc: evil@example.org\r\nX-Planted: 1\r\n\r\n<b-{m}>",
    "</script><script>hurt(1)//{m}",
    "javascript:hurt(1)//{m}",
    "+1{m}",
    "{m}\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:evil",
    "{m}' onmouseover='hurt(1)' {m}='",
    "\t=1+1{m}",
    "{m}\rX-PLANTED:1\rEND:VCALENDAR",
    "]]>{m}<!-- --!><x-{m}>",
    "@SUM(1){m}",
    "</textarea></title></style></noscript><b-{m} onx=1>",
    "{m}\u202egpj.exe\u2066\u200b\ufeff",
    "\r-1{m}",
    "{{{{7*'7'}}}}{{% raw %}}${{7*7}}{m}",
    "\uff1d1+1{m}",
    "{m}\u2028X-PLANTED:1\x85X-PLANTED:2\x0bX-PLANTED:3",
    "<svg><a xlink:href=\"javascript:hurt(1)\"><x-{m} onx=1>",
    "data:text/html,<script>hurt(1)</script>{m}",
    "&lt;b-{m}&gt;&#60;x-{m}&#62;",
    "{m}\";alert(1);//\\\",'\\u003c/script>",
    "{m}\U0001f600\U0001f468\u200d\U0001f469\u0338\u0489" * 2,
    "-{m}",
    "Lö{m}" + "aktiebolagsbeskattningsförordningen" * 12,
)  # fmt: skip
"""Markup, formulas, line breaks, links, quotes, letters. `{m}` is the mark; shorter columns get those that fit."""


def payload(number: int, mark: str, longest: int | None) -> str:
    """The hostile string of that number that fits into `longest` characters, at least one that does."""
    fitting = [text for one in PAYLOADS if len(text := one.format(m=mark)) <= (longest or len(text))]
    return fitting[number % len(fitting)]
