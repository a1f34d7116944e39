from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.model import ensure_model, fingerprint, fitting, model_path, newest
from deploy.local.progress import Progress, SetupError

ROOT = Path(__file__).resolve().parents[2]
VARIANT = "fallback"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with data and a Rasa that makes a model out of nothing."""
    for name, text in {
        "config.yml": "language: sv\n",
        "requirements/bot.txt": "rasa==3.6.21\n",
        "bot/domain/chat.yml": "intents: [greet]\n",
        "bot/examples.py": "",
        "bot/importer.py": "",
        "bot/nlu/component.py": "",
        "data/nlu/chat.yml": "nlu: []\n",
        "var/gazetteer.json": "{}\n",
        "var/examples.json": "{}\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    rasa(tmp_path, 'echo trained | gzip > "$out/$name"')
    return tmp_path


def rasa(root: Path, body: str) -> None:
    python = root / ".venv" / "bot" / "bin" / "python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(
        "#!/bin/sh\n"
        'while [ $# -gt 0 ]; do case "$1" in --out) out="$2";; --fixed-model-name) name="$2";; esac; shift; done\n'
        f"{body}\n",
        encoding="utf-8",
    )
    python.chmod(0o755)


def gazetteer(root: Path) -> Path:
    return root / "var" / "gazetteer.json"


def train(root: Path) -> Path:
    return ensure_model(
        root,
        gazetteer(root),
        VARIANT,
        log_dir=root / "var" / "log",
        env={"PATH": os.environ["PATH"]},
        progress=Progress(quiet=True),
    )


@pytest.mark.parametrize(
    "name",
    [
        "config.yml",
        "requirements/bot.txt",
        "bot/examples.py",
        "bot/importer.py",
        "bot/domain/chat.yml",
        "bot/nlu/component.py",
        "data/nlu/chat.yml",
        "var/gazetteer.json",
        "var/examples.json",
    ],
)
def test_the_fingerprint_changes_with_everything_a_model_is_made_from(root: Path, name: str) -> None:
    before = fingerprint(root, gazetteer(root), VARIANT)
    (root / name).write_text("changed\n", encoding="utf-8")
    assert fingerprint(root, gazetteer(root), VARIANT) != before


def test_the_fingerprint_changes_with_new_renamed_and_removed_files(root: Path) -> None:
    prints = {fingerprint(root, gazetteer(root), VARIANT)}
    extra = root / "data" / "rules" / "chat.yml"
    extra.parent.mkdir()
    extra.write_text("rules: []\n", encoding="utf-8")
    prints.add(fingerprint(root, gazetteer(root), VARIANT))
    extra.rename(extra.with_name("contact.yml"))
    prints.add(fingerprint(root, gazetteer(root), VARIANT))
    assert len(prints) == 3


def test_the_fingerprint_changes_with_the_swedish_pipeline(root: Path) -> None:
    assert fingerprint(root, gazetteer(root), "sv_core_news_sm-3.4.0 abc") != fingerprint(
        root, gazetteer(root), VARIANT
    )


def test_what_only_the_running_bot_needs_does_not_count(root: Path) -> None:
    before = fingerprint(root, gazetteer(root), VARIANT)
    (root / "bot" / "endpoints.yml").write_text("action_endpoint: {}\n", encoding="utf-8")
    (root / "bot" / "channel.py").write_text("", encoding="utf-8")
    assert fingerprint(root, gazetteer(root), VARIANT) == before


def test_caches_and_hidden_files_do_not_count(root: Path) -> None:
    before = fingerprint(root, gazetteer(root), VARIANT)
    for name in ("bot/nlu/__pycache__/component.cpython-310.pyc", "data/.backup/chat.yml", "data/nlu/.chat.yml.swp"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    assert fingerprint(root, gazetteer(root), VARIANT) == before


def test_a_model_is_trained_once_for_the_same_data(root: Path) -> None:
    assert fitting(root, gazetteer(root), VARIANT) is None
    first = train(root)
    assert first == model_path(root, fingerprint(root, gazetteer(root), VARIANT))
    rasa(root, "exit 1")
    assert train(root) == first == fitting(root, gazetteer(root), VARIANT)


def test_a_training_that_fails_leaves_no_model_and_names_the_log(root: Path) -> None:
    rasa(root, 'echo half > "$out/$name"; echo "no such pipeline component"; exit 1')
    with pytest.raises(SetupError) as failed:
        train(root)
    assert "no such pipeline component" in str(failed.value)
    assert str(root / "var" / "log" / "training.log") in str(failed.value)
    assert list((root / "models").iterdir()) == []


def test_a_rewritten_config_is_put_back_and_refused(root: Path) -> None:
    rasa(root, f'echo "pipeline: null" >> "{root / "config.yml"}"; echo trained | gzip > "$out/$name"')
    with pytest.raises(SetupError, match=r"rewrote config\.yml"):
        train(root)
    assert (root / "config.yml").read_text(encoding="utf-8") == "language: sv\n"
    assert newest(root) is None


def test_the_two_newest_models_are_kept_and_use_counts(root: Path) -> None:
    made = []
    for number in range(3):
        (root / "data" / "nlu" / "chat.yml").write_text(f"nlu: [{number % 2}, {number}]\n", encoding="utf-8")
        made.append(train(root))
        for age, path in enumerate(made, start=1):
            if path.exists():
                os.utime(path, (age, age))
    assert [path.exists() for path in made] == [False, True, True]
    assert newest(root) == made[2]


@pytest.mark.parametrize("share", [0, 0.5], ids=["empty", "half"])
def test_a_damaged_model_is_trained_anew_in_its_place(root: Path, share: float) -> None:
    made = train(root)
    whole = made.read_bytes()
    made.write_bytes(whole[: int(len(whole) * share)])
    assert fitting(root, gazetteer(root), VARIANT) is None
    assert newest(root) is None
    assert train(root) == made == fitting(root, gazetteer(root), VARIANT)


TRAINING = """
import os, sys
from pathlib import Path
from deploy.local.model import ensure_model
from deploy.local.progress import Progress
root = Path(sys.argv[1])
gazetteer = root / "var" / "gazetteer.json"
ensure_model(root, gazetteer, "fallback", log_dir=root / "var/log", env=dict(os.environ), progress=Progress(quiet=True))
"""


def test_a_training_that_is_killed_leaves_the_model_before_and_nothing_half(root: Path) -> None:
    before = train(root)
    (root / "data" / "nlu" / "chat.yml").write_text("nlu: [new]\n", encoding="utf-8")
    rasa(root, 'echo half > "$out/$name"; kill -9 $PPID')
    killed = subprocess.run([sys.executable, "-c", TRAINING, str(root)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert fitting(root, gazetteer(root), VARIANT) is None
    assert newest(root) == before
    rasa(root, 'echo trained | gzip > "$out/$name"')
    assert newest(root) == before != train(root)
    assert list((root / "models").glob(".*")) == [], "what the killed one left is cleared away"
