"""The file that staff begin with: the header, one example row, and (in XLSX) a tab that explains the columns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml
from openpyxl import Workbook

from api.catalogue.exporting.files import add_tab, saved, to_csv
from api.catalogue.importing.rows import COLUMNS, REQUIRED
from api.catalogue.importing.wording import TEXTS


@dataclass(frozen=True)
class ColumnHelp:
    """What the template says about a column."""

    example: str
    about: str


@dataclass(frozen=True)
class TemplateTexts:
    """The words of the template: names of the two tabs, headings of the second, and every column."""

    tab: str
    help_tab: str
    help_headings: tuple[str, ...]
    columns: dict[str, ColumnHelp]


def _load() -> TemplateTexts:
    texts = yaml.safe_load(Path(__file__).with_name("template.yml").read_text("utf-8"))
    columns = {column: ColumnHelp(**texts["columns"][column]) for column in COLUMNS}
    return TemplateTexts(texts["tab"], texts["help_tab"], tuple(texts["help_headings"]), columns)


TEMPLATE = _load()


def template_csv() -> bytes:
    """The template as CSV."""
    return to_csv(COLUMNS, [_example()])


def template_xlsx() -> bytes:
    """The template as a workbook of two tabs."""
    book = Workbook(write_only=True)
    widths = {column: max(14, len(column) + 4) for column in COLUMNS}
    add_tab(book, TEMPLATE.tab, COLUMNS, [_example()], widths=widths)
    explained = [
        [column, TEXTS("report_yes" if column in REQUIRED else "report_no"), help_.example, help_.about]
        for column, help_ in TEMPLATE.columns.items()
    ]
    name, must, example, about = TEMPLATE.help_headings
    add_tab(
        book, TEMPLATE.help_tab, TEMPLATE.help_headings, explained, widths={name: 18, must: 14, example: 34, about: 90}
    )
    return saved(book)


def _example() -> list[str]:
    return [help_.example for help_ in TEMPLATE.columns.values()]
