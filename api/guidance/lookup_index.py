"""The index of words over answers, occupations and courses, kept true by the database itself.

One ordinary table, `word_index`, holds a row for each of them; triggers on the three tables write it, whatever path a
change took. On SQLite a full-text table (FTS5, diacritics removed) follows it by triggers of its own; on PostgreSQL it
has a generated column in the Swedish configuration, diacritics removed there too: people write "lan" for "lån".
Trap: Alembic's batch mode on SQLite recreates a table and loses its triggers; a migration that uses it on one of the
three calls `install` again.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

TABLE = "word_index"
FULL_TEXT = "word_index_fts"


@dataclass(frozen=True)
class _Source:
    """A table that is looked up: its key, and SQL for heading and body, over a row called `{row}`.

    `{words:column}` stands for the words of a JSON list.
    """

    table: str
    key: str
    heading: str
    body: str


_SOURCES = (
    _Source("answer", "{row}.topic", "{row}.title", "{row}.text"),
    _Source(
        "occupation",
        "{row}.slug",
        "{row}.title || ' ' || {aliases}",
        "{row}.summary || ' ' || {phrases}",
    ),
    _Source("course", "CAST({row}.id AS VARCHAR(60))", "{row}.title", "{row}.description"),
)

_SQLITE_LIST = "coalesce((SELECT group_concat(value, ' ') FROM json_each({row}.{column})), '')"
_POSTGRES_LIST = "coalesce((SELECT string_agg(value, ' ') FROM json_array_elements_text({row}.{column})), '')"

_COLUMNS = "rowid, heading, body"
_PUT_IN = f"INSERT INTO {FULL_TEXT}({_COLUMNS}) VALUES (NEW.id, NEW.heading, NEW.body);"  # noqa: S608 - constants
# FTS5's way to delete: its own table does not hold the text, so it must be told what was there.
_TAKE_OUT = f"INSERT INTO {FULL_TEXT}({FULL_TEXT}, {_COLUMNS}) VALUES ('delete', OLD.id, OLD.heading, OLD.body);"  # noqa: S608
_SQLITE_TABLES = (
    f"""CREATE TABLE {TABLE} (id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR(20) NOT NULL, key VARCHAR(60) NOT NULL,
        heading TEXT NOT NULL, body TEXT NOT NULL, CONSTRAINT uq_{TABLE}_kind_key UNIQUE (kind, key))""",
    f"""CREATE VIRTUAL TABLE {FULL_TEXT} USING fts5(heading, body, content='{TABLE}', content_rowid='id',
        tokenize='unicode61 remove_diacritics 2', prefix='4 6')""",
    f"CREATE TRIGGER {FULL_TEXT}_insert AFTER INSERT ON {TABLE} BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER {FULL_TEXT}_delete AFTER DELETE ON {TABLE} BEGIN {_TAKE_OUT} END",
    f"CREATE TRIGGER {FULL_TEXT}_update AFTER UPDATE ON {TABLE} BEGIN {_TAKE_OUT} {_PUT_IN} END",
)

# Signs that PostgreSQL's parser would read as paths, hosts or addresses become blanks. Letters beyond ASCII by number:
# this is an alphabet, not a text.
_LETTERS = "".join(map(chr, (0xE5, 0xE4, 0xF6, 0xE9, 0xE8, 0xFC, 0xE1, 0xE0, 0xF8, 0xE6)))
_PLAIN = "aaoeeuaaoa"
_SIGNS = "-/.:@_"
_FOLDED = f"translate(lower({{column}}), '{_LETTERS}{_SIGNS}', '{_PLAIN}{' ' * len(_SIGNS)}')"

_POSTGRES_TABLES = (
    f"""CREATE TABLE {TABLE} (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind VARCHAR(20) NOT NULL,
        key VARCHAR(60) NOT NULL, heading TEXT NOT NULL, body TEXT NOT NULL,
        words TSVECTOR NOT NULL GENERATED ALWAYS AS (
          setweight(to_tsvector('swedish', {_FOLDED.format(column="heading")}), 'A') ||
          setweight(to_tsvector('swedish', {_FOLDED.format(column="body")}), 'C')) STORED,
        CONSTRAINT uq_{TABLE}_kind_key UNIQUE (kind, key))""",
    f"CREATE INDEX ix_{TABLE}_words ON {TABLE} USING gin (words)",
)


def install(connection: Connection) -> None:
    """Create the index and fill it, replacing an older one. Called by migrations, after the three tables exist."""
    remove(connection)
    sqlite = connection.dialect.name == "sqlite"
    for statement in _SQLITE_TABLES if sqlite else _POSTGRES_TABLES:
        connection.exec_driver_sql(statement)
    for source in _SOURCES:
        for statement in (*(_sqlite_triggers(source) if sqlite else _postgres_triggers(source)), _fill(source, sqlite)):
            connection.exec_driver_sql(statement)


def remove(connection: Connection) -> None:
    """Drop the index with everything that feeds it."""
    for source in _SOURCES:
        if connection.dialect.name == "sqlite":
            for event in ("insert", "update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger(source, event)}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {_trigger(source, 'any')} ON {source.table}")
            connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {_trigger(source, 'any')}()")
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {FULL_TEXT}")
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")


def _trigger(source: _Source, event: str) -> str:
    return f"{source.table}_{TABLE}_{event}"


def _values(source: _Source, row: str, *, sqlite: bool) -> tuple[str, str, str]:
    """SQL for key, heading and body of `row`."""
    words = _SQLITE_LIST if sqlite else _POSTGRES_LIST
    lists = {column: words.format(row=row, column=column) for column in ("aliases", "phrases")}
    key, heading, body = (part.format(row=row, **lists) for part in (source.key, source.heading, source.body))
    return key, heading, body


def _fill(source: _Source, sqlite: bool) -> str:
    key, heading, body = _values(source, source.table, sqlite=sqlite)
    return (
        f"INSERT INTO {TABLE} (kind, key, heading, body) "  # noqa: S608 - constants, no input
        f"SELECT '{source.table}', {key}, {heading}, {body} FROM {source.table}"
    )


def _statements(source: _Source, *, sqlite: bool) -> dict[str, str]:
    """What keeps the row of a changed one true, by event."""
    key, heading, body = _values(source, "NEW", sqlite=sqlite)
    old, _, _ = _values(source, "OLD", sqlite=sqlite)
    mine = f"WHERE kind = '{source.table}' AND key = {old}"
    values = f"'{source.table}', {key}, {heading}, {body}"
    return {
        "insert": f"INSERT INTO {TABLE} (kind, key, heading, body) VALUES ({values});",  # noqa: S608 - constants
        "update": f"UPDATE {TABLE} SET key = {key}, heading = {heading}, body = {body} {mine};",  # noqa: S608
        "delete": f"DELETE FROM {TABLE} {mine};",  # noqa: S608
    }


def _sqlite_triggers(source: _Source) -> list[str]:
    return [
        f"CREATE TRIGGER {_trigger(source, event)} AFTER {event.upper()} ON {source.table} BEGIN {statement} END"
        for event, statement in _statements(source, sqlite=True).items()
    ]


def _postgres_triggers(source: _Source) -> list[str]:
    do = _statements(source, sqlite=False)
    name = _trigger(source, "any")
    return [
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
              IF TG_OP = 'INSERT' THEN {do["insert"]}
              ELSIF TG_OP = 'UPDATE' THEN {do["update"]}
              ELSE {do["delete"]}
              END IF;
              RETURN NULL;
            END $$""",
        f"CREATE TRIGGER {name} AFTER INSERT OR UPDATE OR DELETE ON {source.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
