"""The command line: `python -m api.manage COMMAND`: prepare, migrate, seed, gazetteer, import, undo-import,
export, template, import-outlook, import-susa, create-account, account-link, demo-accounts.

Ends with 0 when the work was done (a dry run with rejected rows included: the report is the result), 2 when a file or
an undo is refused or the call is wrong, 1 when settings, database or disk are at fault; then with one sentence.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import yaml
from sqlalchemy.exc import SQLAlchemyError

from api.booking.seed import link_demo_account
from api.catalogue.exporting.service import FileKind, export
from api.catalogue.exporting.template import template_csv, template_xlsx
from api.catalogue.importing import report
from api.catalogue.importing.files import read_bytes, read_sheet
from api.catalogue.importing.service import apply_import, dry_run, undo_last_import
from api.catalogue.susa.command_line import import_folder as import_susa
from api.clock import Clock, system_clock
from api.database import Database
from api.errors import ApiError
from api.guidance.outlook.reading import read_bytes as read_outlook
from api.guidance.outlook.service import import_outlook
from api.insight.examples.file import NAME as EXAMPLES
from api.insight.examples.file import write_examples
from api.migrations.runner import migrate
from api.seed.gazetteer import write_gazetteer
from api.seed.load import SeedError, seed
from api.settings import Settings, load_settings
from api.staff import command_line as staff
from api.texts import Texts

_TEXTS = Texts(Path(__file__).with_name("manage.yml"))
_ACTOR = "cli"


def main(arguments: Sequence[str] | None = None, *, clock: Clock = system_clock) -> int:
    """Run one command; the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        return _run(chosen, load_settings(), clock)
    except ApiError as error:
        return _fail(error.detail, 2)
    except SeedError as error:
        return _fail(_TEXTS("error_seed", reason=error), 1)
    except yaml.YAMLError as error:
        return _fail(_TEXTS("error_seed", reason=" ".join(str(error).split())), 1)
    except SQLAlchemyError:  # its message may hold the address with the password
        return _fail(_TEXTS("error_database"), 1)
    except OSError as error:
        missing = isinstance(error, FileNotFoundError)
        path = error.filename or getattr(chosen, "path", "")
        return _fail(_TEXTS("error_file_missing" if missing else "error_file_access", path=path), 2 if missing else 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m api.manage", description=_TEXTS("about"))
    commands = parser.add_subparsers(dest="command", required=True)
    everything = commands.add_parser("prepare", help=_TEXTS("help_prepare"))
    everything.add_argument("path", type=Path, help=_TEXTS("help_path"))
    commands.add_parser("migrate", help=_TEXTS("help_migrate"))
    commands.add_parser("seed", help=_TEXTS("help_seed"))
    names = commands.add_parser("gazetteer", help=_TEXTS("help_gazetteer"))
    names.add_argument("path", type=Path, help=_TEXTS("help_path"))
    examples = commands.add_parser("examples", help=_TEXTS("help_examples"))
    examples.add_argument("path", type=Path, help=_TEXTS("help_path"))
    importing = commands.add_parser("import", help=_TEXTS("help_import"))
    importing.add_argument("path", type=Path, help=_TEXTS("help_file"))
    importing.add_argument("--apply", action="store_true", help=_TEXTS("help_apply"))
    commands.add_parser("undo-import", help=_TEXTS("help_undo"))
    exporting = commands.add_parser("export", help=_TEXTS("help_export"))
    exporting.add_argument("path", type=Path, help=_TEXTS("help_spreadsheet"))
    exporting.add_argument("--published", action="store_true", help=_TEXTS("help_published"))
    template = commands.add_parser("template", help=_TEXTS("help_template"))
    template.add_argument("path", type=Path, help=_TEXTS("help_spreadsheet"))
    outlook = commands.add_parser("import-outlook", help=_TEXTS("help_import_outlook"))
    outlook.add_argument("path", type=Path, help=_TEXTS("help_outlook_file"))
    susa = commands.add_parser("import-susa", help=_TEXTS("help_import_susa"))
    susa.add_argument("path", type=Path, help=_TEXTS("help_susa_folder"))
    susa.add_argument("--whole", action="store_true", help=_TEXTS("help_susa_whole"))
    staff.add_commands(commands)
    return parser


def _run(chosen: argparse.Namespace, settings: Settings, clock: Clock) -> int:
    database = Database(settings.resolved_database_url)
    try:
        if chosen.command in {"prepare", "migrate"}:
            migrate(database)
            print(_TEXTS("migrated"))
        if chosen.command in {"prepare", "seed"}:
            with database.transaction() as session:
                seeded = seed(session, clock())
            print(_TEXTS("seeded", **asdict(seeded)))
        if chosen.command in {"prepare", "gazetteer"}:
            with database.transaction(read_only=True) as session:
                written = write_gazetteer(session, chosen.path)
            print(_TEXTS("gazetteer_written" if written else "gazetteer_unchanged", path=chosen.path))
        if chosen.command in {"prepare", "examples"}:
            path = chosen.path.with_name(EXAMPLES) if chosen.command == "prepare" else chosen.path
            with database.transaction(read_only=True) as session:
                written = write_examples(session, path)
            print(_TEXTS("examples_written" if written else "examples_unchanged", path=path))
        if chosen.command in staff.COMMANDS:
            _print(staff.run(chosen, settings, database, clock))
        if chosen.command == "prepare" and settings.env == "dev":
            _print(staff.make_demo_accounts(settings, database, clock))
            with database.transaction() as session:
                link_demo_account(session)
        if chosen.command == "import":
            _import(chosen, settings, database, clock)
        if chosen.command == "undo-import":
            _undo(database, clock)
        if chosen.command == "export":
            kind = _kind(chosen.path)
            with database.transaction(read_only=True) as session:
                data = export(session, kind, drafts=not chosen.published)
            _write(chosen.path, data)
        if chosen.command == "template":
            _write(chosen.path, template_xlsx() if _kind(chosen.path) == "xlsx" else template_csv())
        if chosen.command == "import-outlook":
            _import_outlook(chosen.path, database, clock)
        if chosen.command == "import-susa":
            _print(import_susa(chosen.path, settings, database, clock, actor=_ACTOR, whole=chosen.whole))
    finally:
        database.dispose()
    return 0


def _import(chosen: argparse.Namespace, settings: Settings, database: Database, clock: Clock) -> None:
    limit = settings.import_max_megabytes
    sheet = read_sheet(read_bytes(chosen.path, max_megabytes=limit), max_megabytes=limit)
    if not chosen.apply:
        with database.transaction(read_only=True) as session:
            plan = dry_run(session, sheet)
        _print(report.render(plan, str(chosen.path)))
        return
    with database.transaction() as session:
        applied = apply_import(session, sheet, file_name=chosen.path.name, now=clock(), actor=_ACTOR)
    number = applied.batch.id if applied.batch else None
    _print(report.render(applied.plan, str(chosen.path), number=number, applied=True))


def _kind(path: Path) -> FileKind:
    """The format that the name asks for: CSV unless it ends with .xlsx."""
    return "xlsx" if path.suffix.lower() == ".xlsx" else "csv"


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    print(_TEXTS("file_written", path=path))


def _undo(database: Database, clock: Clock) -> None:
    with database.transaction() as session:
        undone = undo_last_import(session, now=clock(), actor=_ACTOR)
        text = report.render_undone(undone.batch.file_name, removed=undone.removed, restored=undone.restored)
    _print(text)


def _import_outlook(path: Path, database: Database, clock: Clock) -> None:
    data = read_outlook(path)
    with database.transaction() as session:
        imported = import_outlook(session, data, now=clock(), actor=_ACTOR)
    lines = [_TEXTS("outlook_imported", rows=imported.rows, period=imported.period)]
    for key, titles in (("outlook_found", imported.found), ("outlook_missing", imported.missing)):
        if titles:
            lines.append(_TEXTS(key, count=len(titles), titles=", ".join(titles)))
    _print("\n".join(lines) + "\n")


def _print(text: str) -> None:
    # A terminal that is not UTF-8 must not stop a report half-way.
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def _fail(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # `… | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
