"""`python -m bench.nlu.compare FILE` in the bot's environment: ways to tell topics apart, in one table.

Each is trained on `data/nlu`, cross-validated in five folds and asked about the messages of FILE. The rivals that Rasa
brings along are trained by `rasa train nlu --config bench/nlu/diet.yml` (or `logistic.yml`) and measured by
`python -m bot.evaluation MODEL FILE`.
"""

from __future__ import annotations

import functools
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import simplemma
import yaml
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from bot.evaluation.rows import read_rows
from bot.nlu.text import fold

ROOT = Path(__file__).resolve().parents[2]
FOLDS = 5
SEED = 7
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@functools.cache
def _lemma(word: str) -> str:
    return str(simplemma.lemmatize(word, lang="sv")).lower()


def lemmas(text: str) -> str:
    return " ".join(_lemma(word) for word in re.findall(r"\w+", text.lower()))


def _words(prepare: Callable[[str], str] = str.lower) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b", preprocessor=prepare, lowercase=False
    )


def _characters(prepare: Callable[[str], str] = str.lower) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, preprocessor=prepare, lowercase=False
    )


def _vectors(c: float = 1.0) -> LinearSVC:
    return LinearSVC(C=c, class_weight="balanced", random_state=SEED)


@dataclass
class Way:
    """Features into a classifier; `scores` gives a row a text, a column a topic."""

    name: str
    blocks: Callable[[], list[TfidfVectorizer]] = lambda: [_words(), _characters()]
    classifier: Callable[[], Any] = _vectors
    by_sentence: float = 0.0
    bayes: float = 0.0
    folds: bool = True

    def fit(self, texts: Sequence[str], topics: np.ndarray) -> None:
        self._vectorizers = self.blocks()
        features = hstack([vectorizer.fit_transform(texts) for vectorizer in self._vectorizers]).tocsr()
        self._model = self.classifier().fit(features, topics)
        self._bayes = ComplementNB(alpha=0.3).fit(features, topics) if self.bayes else None
        self.topics: np.ndarray = self._model.classes_
        self.megabytes = features.shape[1] * len(self.topics) * 4 / 1e6

    def _features(self, texts: Sequence[str]) -> csr_matrix:
        return hstack([vectorizer.transform(texts) for vectorizer in self._vectorizers]).tocsr()

    def scores(self, texts: Sequence[str]) -> np.ndarray:
        features = self._features(texts)
        scores: np.ndarray = self._model.decision_function(features)
        if self._bayes is not None:
            scores = (1 - self.bayes) * _standard(scores) + self.bayes * _standard(
                self._bayes.predict_log_proba(features)
            )
        if self.by_sentence:
            for row, text in enumerate(texts):
                sentences = [part for part in _SENTENCE.split(text) if len(part.split()) > 1]
                if len(sentences) > 1:
                    best = self._model.decision_function(self._features(sentences)).max(axis=0)
                    scores[row] = (1 - self.by_sentence) * scores[row] + self.by_sentence * best
        return scores


WAYS = (
    Way("words and characters, linear support vectors (ours)"),
    Way("… words alone", lambda: [_words()]),
    Way("… characters alone", lambda: [_characters()]),
    Way("… and lemmas", lambda: [_words(), _words(lemmas), _characters()]),
    Way("… and characters without accents", lambda: [_words(), _characters(), _characters(fold)]),
    Way("… and both", lambda: [_words(), _words(lemmas), _characters(), _characters(fold)]),
    Way("… best sentence counts 40 %", by_sentence=0.4),
    Way("… with naive Bayes (20 %)", bayes=0.2),
    Way("… C = 0.5", classifier=lambda: _vectors(0.5)),
    Way("ridge", classifier=lambda: RidgeClassifier(class_weight="balanced", solver="sparse_cg")),
    Way("naive Bayes", classifier=lambda: _Bayes(alpha=0.3)),
    Way(
        "logistic regression, C = 20",
        classifier=lambda: LogisticRegression(C=20, class_weight="balanced", max_iter=200),
        folds=False,  # minutes for each
    ),
)


class _Bayes(ComplementNB):  # type: ignore[misc]  # scikit-learn is untyped here
    decision_function = ComplementNB.predict_log_proba


def _standard(scores: np.ndarray) -> np.ndarray:
    result: np.ndarray = (scores - scores.mean(axis=1, keepdims=True)) / scores.std(axis=1, keepdims=True)
    return result


def _phrases() -> tuple[list[str], np.ndarray]:
    blocks = [
        b for path in sorted(ROOT.glob("data/nlu/*/*.yml")) for b in yaml.safe_load(path.read_text("utf-8"))["nlu"]
    ]
    pairs = [(line[2:], block["intent"]) for block in blocks for line in block["examples"].splitlines()]
    return [text for text, _ in pairs], np.array([topic for _, topic in pairs])


def main(file: str) -> None:
    """Print a Markdown table."""
    texts, topics = _phrases()
    rows = read_rows(Path(file))
    print("| way | cross-validated | macro-F1 | on the file | top 3 | ms a message | weights, MB | training, s |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for way in WAYS:
        right, f1 = [], []
        if way.folds:
            for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(texts, topics):
                way.fit([texts[i] for i in train], topics[train])
                found = way.topics[way.scores([texts[i] for i in test]).argmax(axis=1)]
                right.append(float((found == topics[test]).mean()))
                f1.append(float(f1_score(topics[test], found, average="macro")))
        begun = time.process_time()
        way.fit(texts, topics)
        seconds = time.process_time() - begun
        begun = time.process_time()
        scores = np.vstack([way.scores([row.text]) for row in rows])
        milliseconds = (time.process_time() - begun) * 1000 / len(rows)
        order = way.topics[np.argsort(-scores, axis=1)[:, :3]]
        on_file = np.mean([row.accepts(str(best[0])) for row, best in zip(rows, order, strict=True)])
        top = np.mean([any(row.accepts(str(t)) for t in best) for row, best in zip(rows, order, strict=True)])
        folds = (f"{np.mean(right):.3f}", f"{np.mean(f1):.3f}") if right else ("–", "–")
        figures = (
            *folds,
            f"{on_file:.3f}",
            f"{top:.3f}",
            f"{milliseconds:.1f}",
            f"{way.megabytes:.0f}",
            f"{seconds:.0f}",
        )
        print(f"| {way.name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
