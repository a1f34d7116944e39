"""One template, two mails: the same words laid out as plain text and as HTML.

A template uses the parts `p`, `facts`, `button`, `quote`, `heading` and `sign`, which `_text.jinja` and `_html.jinja`
draw each in their own way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import api
from api.texts import Texts

_PARTS = Path(__file__).with_name("templates") / "mails"


class MailLayout:
    """The mails of one capability: the templates in its folder."""

    def __init__(self, folder: Path) -> None:
        self._html, self._text = _environment(folder, html=True), _environment(folder, html=False)

    @classmethod
    def beside(cls, module_file: str) -> MailLayout:
        """The templates in `templates/mails` in the folder of the module."""
        return cls(Path(module_file).with_name("templates") / "mails")

    def text(self, template: str, values: Mapping[str, object]) -> str:
        """The mail as plain text, its parts one empty line apart."""
        text = self._text.get_template(f"{template}.jinja").render(values)
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def html(self, template: str, values: Mapping[str, object], *, subject: str) -> str:
        """The mail as a page that fits a telephone and follows its dark mode."""
        # Escaped by its own environment.
        body = Markup(self._html.get_template(f"{template}.jinja").render(values))  # noqa: S704
        return self._html.get_template("_frame.jinja").render(subject=subject, body=body)

    def calendar(self, template: str, values: Mapping[str, object]) -> str:
        """What a calendar shows below a title."""
        return self._text.get_template(f"calendar_{template}.jinja").render(values).strip()


def _environment(folder: Path, *, html: bool) -> Environment:
    env = Environment(
        loader=FileSystemLoader([folder, _PARTS]),
        autoescape=html,  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["service"] = Texts(Path(api.__file__).with_name("pages.yml"))("service")
    parts = env.get_template("_html.jinja" if html else "_text.jinja").module
    env.globals.update({name: getattr(parts, name) for name in ("p", "facts", "button", "quote", "heading", "sign")})
    return env
