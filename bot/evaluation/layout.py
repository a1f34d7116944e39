"""Figures as Markdown tables, for the terminal and for `docs/`. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields

from bot.evaluation.measure import Figures, Pair, confusions, figures, topic_f1

_WORST = 12
_NAMES = {
    "messages": "messages",
    "accuracy": "accuracy",
    "top3": "top-3 accuracy",
    "macro_f1": "macro-F1",
    "false_fallback": "false fallback",
    "out_of_scope_recall": "out-of-scope recall",
    "occupation_f1": "occupation F1",
    "place_f1": "place F1",
    "median_ms": "ms a message (median)",
    "p95_ms": "ms a message (95 %)",
}


def report(pairs: Sequence[Pair], entity_topics: Mapping[str, Collection[str]]) -> str:
    """The whole report; its last line is JSON with the same figures, for programs."""
    styles = sorted({row.style for row, _ in pairs})
    columns = {"all": figures(pairs, entity_topics)}
    if len(styles) > 1:
        columns |= {style: figures([p for p in pairs if p[0].style == style], entity_topics) for style in styles}
    f1 = sorted(topic_f1(pairs).items(), key=lambda item: (item[1], item[0]))
    worst = [(topic, f"{value:.2f}") for topic, value in f1 if value < 1][:_WORST]
    confused = [(right, wrong, str(count)) for right, wrong, count in confusions(pairs)[:_WORST]]
    numbers = {name: asdict(column) for name, column in columns.items()}
    return "\n".join(
        [
            figures_table(columns),
            "",
            _table(("worst topics", "F1"), worst),
            "",
            _table(("right topic", "understood as", "times"), confused),
            "",
            json.dumps({**numbers.pop("all"), "by_style": numbers}, ensure_ascii=False),
        ]
    )


def figures_table(columns: Mapping[str, Figures]) -> str:
    """A row for each figure, a column for each set of messages."""
    rows = [
        (_NAMES[field.name], *(_number(field.name, getattr(column, field.name)) for column in columns.values()))
        for field in fields(Figures)
    ]
    return _table(("", *columns), rows)


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    if name == "messages":
        return str(value)
    return f"{value:.1f}" if name.endswith("_ms") else f"{value:.3f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[index]) for row in [head, *rows]) for index in range(len(head))]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(
        "| " + " | ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)) + " |" for line in lines
    )
