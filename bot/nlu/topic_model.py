"""Telling topics apart: TF-IDF of words and character n-grams into linear support vectors, calibrated. Pure.

One-against-rest support vectors train in seconds where multinomial logistic regression takes a minute, and are as
right; their scores become probabilities by a temperature that cross-validation on the training phrases sets.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

_CONTACT_TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")
_WORD = r"(?u)\b\w+\b"
_FOLDS = 3
_SEED = 7


@dataclass
class TopicModel:
    """A trained classifier; its parts are what gets stored. Weights have a row per feature, a column per topic."""

    words: TfidfVectorizer
    characters: TfidfVectorizer
    topics: np.ndarray
    word_weights: np.ndarray
    character_weights: np.ndarray
    bias: np.ndarray
    temperature: float

    def __post_init__(self) -> None:
        self._word_weigher, self._character_weigher = _Weigher(self.words), _Weigher(self.characters)

    def parts(self) -> dict[str, Any]:
        """What the model is made of, for storing: the arguments of the constructor. Any: see the fields."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def train(cls, texts: list[str], topics: list[str], regularisation: float) -> TopicModel:
        """Fit on phrases. `regularisation` is the support vectors' C. The same data give the same model."""
        clean = [_clean(text) for text in texts]
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD)
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        word_features = words.fit_transform(clean)
        features = hstack([word_features, characters.fit_transform(clean)]).tocsr()
        labels = np.array(topics)
        classifier = _fit(features, labels, regularisation)
        weights = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32)
        return cls(
            words=words,
            characters=characters,
            topics=classifier.classes_,
            word_weights=weights[: word_features.shape[1]].copy(),
            character_weights=weights[word_features.shape[1] :].copy(),
            bias=classifier.intercept_,
            temperature=_temperature(features, labels, regularisation),
        )

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Topics with their probabilities, most likely first; empty when no word of the text was ever seen."""
        clean = _clean(text)
        words = self._word_weigher.weigh(clean)
        if not words:
            return []
        scores = _add_up(words, self.word_weights) + _add_up(
            self._character_weigher.weigh(clean), self.character_weights
        )
        chances = _softmax((scores + self.bias)[np.newaxis] / self.temperature)[0]
        return [(str(self.topics[index]), float(chances[index])) for index in np.argsort(-chances)]


def _clean(text: str) -> str:
    return _CONTACT_TOKEN.sub(" ", text).lower()


class _Weigher:
    """What `vectorizer.transform` gives for one text, without the checks that take most of its time."""

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._analyze = vectorizer.build_analyzer()
        self._index, self._idf = vectorizer.vocabulary_, vectorizer.idf_.tolist()

    def weigh(self, text: str) -> dict[int, float]:
        """Feature → weight; the squares of the weights add up to 1."""
        counts = Counter(map(self._index.get, self._analyze(text)))
        counts.pop(None, None)
        weights = {index: (1 + math.log(count)) * self._idf[index] for index, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {index: weight / length for index, weight in weights.items()}


def _add_up(features: dict[int, float], weights: np.ndarray) -> np.ndarray:
    """The sum of the rows of `weights`, each times its feature."""
    rows = weights[np.fromiter(features.keys(), dtype=np.intp, count=len(features))]
    total: np.ndarray = np.fromiter(features.values(), dtype=np.float32, count=len(features)) @ rows
    return total


def _fit(features: csr_matrix, labels: np.ndarray, regularisation: float) -> LinearSVC:
    return LinearSVC(C=regularisation, class_weight="balanced", random_state=_SEED).fit(features, labels)


def _temperature(features: csr_matrix, labels: np.ndarray, regularisation: float) -> float:
    scores, truths = [], []
    for train, test in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(features, labels):
        classifier = _fit(features[train], labels[train], regularisation)
        scores.append(classifier.decision_function(features[test]))
        truths.append(np.searchsorted(classifier.classes_, labels[test]))
    score, truth = np.vstack(scores), np.concatenate(truths)

    def loss(temperature: float) -> float:
        chances = _softmax(score / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(minimize_scalar(loss, bounds=(0.02, 2.0), method="bounded").x)


def _softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: np.ndarray = shifted / shifted.sum(axis=1, keepdims=True)
    return result
