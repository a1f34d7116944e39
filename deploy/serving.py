"""`python -m deploy.serving bot [MODEL]` and `… train`: the two commands of Rasa as `make run` and containers run them.

Needs the environment `.venv/bot` and, for `bot`, a model in `models/`. Settings come from the environment alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local import model
from deploy.local.config import ROOT
from deploy.local.environments import Environment
from deploy.local.progress import Progress, SetupError
from deploy.local.spacy_wheel import installed_variant


def bot_command(root: Path, model_file: Path, *, host: str, port: int | str) -> list[str | Path]:
    """Rasa's server with one model, listening on `host`:`port`."""
    bot = root / "bot"
    return [
        *(Environment("bot", root).python, "-m", "rasa", "run"),
        *("--port", str(port), "--interface", host, "--model", model_file),
        *("--endpoints", bot / "endpoints.yml", "--credentials", bot / "credentials.yml"),
    ]


def main(arguments: Sequence[str], env: Mapping[str, str] = os.environ) -> int:
    """Carry out one of the two; a failure is one sentence."""
    what, *rest = arguments or [""]
    if what not in {"bot", "train"} or len(rest) > (what == "bot"):
        print("Say what to do: python -m deploy.serving bot [MODEL], or train", file=sys.stderr)
        return 2
    gazetteer = Path(env.get("IV_GAZETTEER") or Path(env.get("IV_DATA_DIR") or "var") / "gazetteer.json")
    try:
        if what == "train":
            _train(gazetteer, env)
        else:
            _run_bot(gazetteer, env, Path(rest[0]) if rest else None)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _train(gazetteer: Path, env: Mapping[str, str]) -> None:
    if not gazetteer.is_file():
        raise SetupError(f"There is no {gazetteer}: run python -m api.manage prepare {gazetteer} first.")
    variant = installed_variant(Environment("bot", ROOT))
    made = model.ensure_model(ROOT, gazetteer, variant, log_dir=Path("/tmp"), env=env, progress=Progress())  # noqa: S108
    print(f"The model that fits is {made.name}.")


def usable_model(root: Path, wanted: Path | None) -> Path:
    """`wanted` if it is whole, otherwise the newest in `models/` that is, and that is said. Raises SetupError."""
    if wanted is not None and model.is_whole(wanted):
        return wanted
    newest = model.newest(root)
    if newest is None:
        state = f"The model {wanted.name} is damaged or gone, and there is no other" if wanted else "There is no model"
        raise SetupError(f"{state} in models/: run make train, or python -m deploy.serving train.")
    if wanted is not None:
        print(f"WARNING The model {wanted.name} is damaged or gone; {newest.name} is used instead.", flush=True)
    return newest


def _run_bot(gazetteer: Path, env: Mapping[str, str], wanted: Path | None) -> None:
    """Become Rasa, so that signals reach it: nothing of this process stays."""
    chosen = usable_model(ROOT, wanted)
    command = bot_command(ROOT, chosen, host=env.get("IV_BOT_HOST") or "127.0.0.1", port=env.get("IV_BOT_PORT") or 5005)
    os.chdir(ROOT)
    os.execve(str(command[0]), [str(part) for part in command], model.rasa_env(ROOT, env, gazetteer))  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
