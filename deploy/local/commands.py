"""The launcher's commands: what `make run`, `make test` and their neighbours do, step by step."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import json
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

from deploy.local import model
from deploy.local.config import WRITE_BYTECODE, Config, check_writable
from deploy.local.environments import Environment, ensure_environments, ensure_uv
from deploy.local.ports import VARIABLES, Ports, check_free
from deploy.local.progress import Progress, SetupError, explain_os_error
from deploy.local.spacy_wheel import ensure_wheel
from deploy.local.stack import Stack

LOCKS = {"bot": (("bot",), "3.10"), "app": (("app", "dev"), "3.11")}
"""Lock file → the groups of pyproject.toml in it, and the oldest Python it is for."""

TEST_SETTINGS = ("IV_TEST_", "IV_SPACY_WHEEL")
"""The beginnings of the settings that the tests take from the environment."""

ON_EVERY_CORE = ("-n", "auto", "--dist", "loadfile")
"""Each process of pytest starts the whole product once, when one of its files asks for it."""

FAST = ("-m", "not model and not browser")
PASSED = (0, 5)
"""pytest's exit codes when nothing failed: 5 says that a filter left no test."""

CHECK_SECONDS = 0.2

DEMO_ACCOUNTS = "demo-accounts.json"
"""Where the api notes the log-ins of a dev installation, in its data folder."""


class Interrupted(Exception):
    """The person, or the system, asked the launcher to stop."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(arguments: Sequence[str]) -> int:
    """Run one command and return the exit code. A failure is one sentence, never a traceback."""
    options = _parser().parse_args(arguments)
    progress = Progress()
    listen_for_stop()
    try:
        command: Callable[[argparse.Namespace, Progress], int] = options.command
        return command(options, progress)
    except Interrupted as stop:
        progress.plain("Stopped.")
        return 128 + stop.number
    except SetupError as error:
        progress.plain(f"\n{error}")
        return 1
    except OSError as error:
        progress.plain(f"\n{explain_os_error(error)}")
        return 1


def run(_: argparse.Namespace, progress: Progress) -> int:
    """Start everything and keep it running until Ctrl-C."""
    config = Config.load()
    ports = Ports.from_settings({name: config[name] for name in VARIABLES.values()})
    _check_folders(config)
    check_free(ports, config["IV_HOST"] or "127.0.0.1")
    stack = Stack(ports, config.data_dir, root=config.root, base_env=config.env, progress=progress)
    asked_to_stop = 0
    try:
        with _set_up_alone(config, progress):
            variant = set_up(config, progress)
            # Loading takes the bot longest: let it load the model that fitted last time while the database is
            # looked after, and take it back in the rare case that the catalogue has changed since.
            if stack.gazetteer.is_file():
                probable = model.fitting(config.root, stack.gazetteer, variant)
                if probable:
                    progress.say("Starting the bot (about 25 s to load) …")
                    stack.use_model(probable)
                    stack.start("bot")
            stack.use_model(_trained(stack, variant, progress))
        progress.say("Starting api, actions, bot and worker …")
        stack.start()
        stack.wait_ready("api", "actions", "worker")
        progress.say("api, actions and worker are ready; waiting for the bot …")
        stack.wait_ready("bot")
        stack.first_answer()
        _welcome(config, ports, stack, progress)
        while True:
            stack.supervisor.check()
            time.sleep(CHECK_SECONDS)
    except Interrupted as stop:
        asked_to_stop = stop.number
        progress.plain("")
        progress.say("Stopping …")
    finally:
        stack.stop()
    progress.say("Everything has stopped.")
    # Being asked by the system to stop, and stopping, is success; Ctrl-C is reported as shells expect it.
    return 130 if asked_to_stop == signal.SIGINT else 0


def setup(options: argparse.Namespace, progress: Progress) -> int:
    """Build the environments; with `--quiet` say nothing when there is nothing to do."""
    config = Config.load()
    _check_folders(config)
    with _set_up_alone(config, progress):
        set_up(config, progress)
    if not options.quiet:
        progress.say("Both environments are ready: .venv/app and .venv/bot.")
    return 0


def train(_: argparse.Namespace, progress: Progress) -> int:
    """Train the language model when none fits the data."""
    config = Config.load()
    _check_folders(config)
    path = _model_for(config, progress)
    progress.say(f"The model that fits the data: {path.relative_to(config.root)}")
    return 0


def validate(_: argparse.Namespace, progress: Progress) -> int:
    """Let Rasa check the training data and the domain."""
    config = Config.load()
    _check_folders(config)
    with _set_up_alone(config, progress):
        set_up(config, progress)
        gazetteer = _stack_for(config, progress).write_gazetteer()
    root = config.root
    command: list[str | Path] = [
        *(Environment("bot", root).python, "-m", "rasa", "data", "validate", "--fail-on-warnings"),
        *("--config", root / "config.yml", "--domain", root / "bot" / "domain", "--data", root / "data"),
    ]
    env = {**model.rasa_env(root, config.env, gazetteer), "IV_DATA_DIR": str(config.data_dir)}
    return foreground(command, env, root)


def nlu_report(options: argparse.Namespace, progress: Progress) -> int:
    """Run a file of messages with right answers through the trained bot and print how well it understands them."""
    file = _file(options, "make nlu-report FILE=tests/nlu/dev.jsonl")
    config = Config.load()
    _check_folders(config)
    path = _model_for(config, progress)
    env = model.rasa_env(config.root, config.env, _stack_for(config, progress).gazetteer)
    python = Environment("bot", config.root).python
    return foreground([python, "-W", "ignore", "-m", "bot.evaluation", path, file], env, config.root)


def import_catalogue(options: argparse.Namespace, progress: Progress) -> int:
    """Import a catalogue file: a dry run unless `--apply`."""
    file = _file(options, "make import FILE=kurser.xlsx")
    return _manage(["import", file, *(["--apply"] if options.apply else [])], progress)


def import_outlook(options: argparse.Namespace, progress: Progress) -> int:
    """Import Arbetsförmedlingen's forecasts for occupations."""
    return _manage(["import-outlook", _file(options, "make import-outlook FILE=yrkesbarometer.json")], progress)


def import_susa(options: argparse.Namespace, progress: Progress) -> int:
    """Import saved pages of Susa-navet from a folder."""
    folder = _file(options, "make import-susa DIR=sidor", folder=True)
    return _manage(["import-susa", folder, *(["--whole"] if options.whole else [])], progress)


def _file(options: argparse.Namespace, example: str, *, folder: bool = False) -> Path:
    """The absolute path of the file that was named. Raises SetupError, with `example`, when it is not there."""
    file = Path(options.file)
    if not options.file or not (file.is_dir() if folder else file.is_file()):
        raise SetupError(f"There is no {'folder' if folder else 'file'} {options.file!r}. Name one: {example}")
    return file.absolute()


def _manage(arguments: Sequence[str | Path], progress: Progress) -> int:
    """Run a command of `api.manage` on a database that is up to date."""
    config = Config.load()
    _check_folders(config)
    with _set_up_alone(config, progress):
        set_up(config, progress)
        stack = _stack_for(config, progress)
        stack.prepare_database()
    return foreground([Environment("app", config.root).python, "-m", "api.manage", *arguments], stack.env, config.root)


def test(options: argparse.Namespace, progress: Progress) -> int:
    """Check style, types and behaviour; what failed is named last. `--fast` leaves out model and browser."""
    # A developer's own .env has no say in the tests, and the model is made from the seed data alone.
    config = Config.load(dotenv=False)
    _check_folders(config)
    root = config.root
    scratch = root / "var" / "test"
    # No setting of a running service either: the tests must not reach a real database or mail server.
    env = {name: value for name, value in config.env.items() if name[:3] != "IV_" or name.startswith(TEST_SETTINGS)}
    env |= WRITE_BYTECODE
    with _set_up_alone(config, progress):
        variant = set_up(config, progress)
        if not options.fast:
            shutil.rmtree(scratch, ignore_errors=True)
            _trained(Stack(Ports(), scratch, root=root, base_env=env, progress=progress), variant, progress)
    python = Environment("app", root).python
    failed = []
    if not options.fast:
        for what, check in {
            "ruff check": ["ruff", "check", "."],
            "ruff format": ["ruff", "format", "--check", "."],
            "mypy": ["mypy"],
        }.items():
            progress.say(f"{what} …")
            if foreground([python, "-m", *check], env, root) != 0:
                failed.append(what)
    if failed:
        progress.say(f"FAILED so far: {', '.join(failed)}; the tests are run all the same.")
    progress.say(f"pytest, on every core (spaCy: {variant.split()[0]}) …")
    chosen = FAST if options.fast else ()
    if foreground([python, "-m", "pytest", *ON_EVERY_CORE, *chosen, *options.pytest], env, root) not in PASSED:
        failed.append("pytest")
    if failed:
        progress.say(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


def lock(options: argparse.Namespace, progress: Progress) -> int:
    """Compile both lock files from pyproject.toml; `--upgrade` takes the newest versions that fit."""
    config = Config.load(dotenv=False)
    root = config.root
    uv = ensure_uv(root, config.log_dir, config.env, progress)
    for name, (groups, python) in LOCKS.items():
        command: list[str | Path] = [uv, "pip", "compile", "--quiet", root / "pyproject.toml"]
        for group in groups:
            command += ["--group", group]
        command += ["--python-version", python, "--universal", "--generate-hashes", "--no-emit-index-url"]
        command += ["--no-emit-find-links", "--no-header", "--no-annotate"]
        command += ["--upgrade"] if options.upgrade else []
        command += ["-o", f"requirements/{name}.txt"]
        progress.run(
            f"Compiling requirements/{name}.txt", command, log=config.log_dir / "lock.log", cwd=root, env=config.env
        )
    return 0


def set_up(config: Config, progress: Progress) -> str:
    """Bring both environments and spaCy's Swedish model up to date. Returns which Swedish pipeline there is."""
    root, log_dir = config.root, config.log_dir
    ensure_environments(root, log_dir, config.env, progress)
    bot = Environment("bot", root)

    def uv(what: str, *arguments: str | Path) -> None:
        program = ensure_uv(root, log_dir, config.env, progress)
        command = [program, "pip", *arguments]
        progress.run(what, command, log=log_dir / "setup.log", cwd=root, env=config.env)

    return ensure_wheel(
        bot,
        config["IV_SPACY_WHEEL"],
        install=lambda wheel: uv(
            "Installing spaCy's Swedish model", "install", "--no-deps", "--reinstall", "--python", bot.python, wheel
        ),
        uninstall=lambda: uv(
            "Removing the former Swedish model", "uninstall", "--python", bot.python, "sv_core_news_sm"
        ),
        progress=progress,
    )


def foreground(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> int:
    """Run a command with this terminal as its own and return its exit code.

    Ctrl-C reaches it directly; it is waited for, so that it can end in its own way.
    """
    process = subprocess.Popen([str(part) for part in command], env=dict(env), cwd=cwd)
    try:
        return process.wait()
    except Interrupted as stop:
        if stop.number != signal.SIGINT:
            process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def _trained(stack: Stack, variant: str, progress: Progress) -> Path:
    gazetteer = stack.write_gazetteer()
    wanted = model.fitting(stack.root, gazetteer, variant)
    if wanted is None:
        stack.stop("bot")  # it would take the processor from the training, and has the wrong model
        wanted = model.ensure_model(
            stack.root, gazetteer, variant, log_dir=stack.data_dir / "log", env=stack.env, progress=progress
        )
    return wanted


def _model_for(config: Config, progress: Progress) -> Path:
    with _set_up_alone(config, progress):
        variant = set_up(config, progress)
        return _trained(_stack_for(config, progress), variant, progress)


def _stack_for(config: Config, progress: Progress) -> Stack:
    return Stack(Ports(), config.data_dir, root=config.root, base_env=config.env, progress=progress)


def _check_folders(config: Config) -> None:
    check_writable(config.root / ".venv", "Move the project to a folder you can write in.")
    check_writable(config.root / "models", "Move the project to a folder you can write in.")
    check_writable(config.log_dir, "Choose another folder for data: make run IV_DATA_DIR=/a/folder/of/yours")


@contextlib.contextmanager
def _set_up_alone(config: Config, progress: Progress) -> Iterator[None]:
    """Let one launcher at a time build environments, database and model in this checkout."""
    with (config.root / ".venv" / ".set-up.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.say("Another set-up is at work in this folder; waiting for it …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _welcome(config: Config, ports: Ports, stack: Stack, progress: Progress) -> None:
    page = (config["IV_PUBLIC_URL"] or f"http://localhost:{ports.api}").rstrip("/")
    inside = stack.data_dir.is_relative_to(config.root)
    data_dir = stack.data_dir.relative_to(config.root) if inside else stack.data_dir
    progress.say("Ready: the first answer has come.")
    for line in (
        "",
        f"  Page with the chat   {page}/",
        f"  Courses              {page}/utbildningar",
        f"  Staff pages          {page}/personal",
        *_demo_log_ins(stack, data_dir),
        f"  Mails                {'sent by IV_SMTP_URL' if config['IV_SMTP_URL'] else f'written to {data_dir}/mail/'}",
        f"  Logs                 {data_dir}/log/",
        "",
        "Ctrl-C stops everything.",
    ):
        progress.plain(line)


def _demo_log_ins(stack: Stack, data_dir: Path) -> list[str]:
    """Lines with the demo accounts' passwords, as `api.manage` noted them in the dev environment."""
    file = stack.data_dir / DEMO_ACCOUNTS
    if stack.env.get("IV_ENV", "dev") != "dev" or not file.is_file():
        return ["                       log in with an account of yours (python -m api.manage create-account)"]
    noted: dict[str, str] = json.loads(file.read_text("utf-8"))
    lines = [f"    {login:<18} {password}" for login, password in noted.items()]
    return [*lines, f"                       for trying, made in this folder only: {data_dir}/{DEMO_ACCOUNTS}"]


def listen_for_stop() -> None:
    """From now on Ctrl-C, SIGTERM and SIGHUP raise Interrupted, once."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(number: int, _: FrameType | None) -> NoReturn:
    # Once is enough: a second Ctrl-C must not break off the stopping.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Interrupted(number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m deploy.local", description="Industrivägledaren on one machine")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, function: Callable[[argparse.Namespace, Progress], int]) -> argparse.ArgumentParser:
        help_line = (function.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=help_line, description=help_line)
        command.set_defaults(command=function)
        return command

    add("run", run)
    add("setup", setup).add_argument("--quiet", action="store_true")
    add("train", train)
    add("validate", validate)
    add("nlu-report", nlu_report).add_argument("file")
    add("import-outlook", import_outlook).add_argument("file")
    for name, function, flag in (("import", import_catalogue, "--apply"), ("import-susa", import_susa, "--whole")):
        importing = add(name, function)
        importing.add_argument("file")
        importing.add_argument(flag, action="store_true")
    testing = add("test", test)
    testing.add_argument("--fast", action="store_true")
    testing.add_argument("pytest", nargs="*", help="arguments for pytest, after --")
    add("lock", lock).add_argument("--upgrade", action="store_true")
    return parser
