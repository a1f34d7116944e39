"""Telling topics apart: TF-IDF of words and character n-grams into linear support vectors, calibrated. Pure.

One-against-rest support vectors train in seconds where multinomial logistic regression takes minutes, and are as
right; their scores become probabilities by a temperature that phrases left out of a first training set.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

_CONTACT_TOKEN = re.compile(r"kontakt-[0-9a-f]{24}")
_WORD = r"(?u)\b\w+\b"
_LEFT_OUT = 0.2
_SEED = 7


@dataclass
class TopicModel:
    """A trained classifier: plain arrays, so that storing and loading take no time.

    Terms and their inverse document frequencies stand in the order of the weights' rows; a column is a topic.
    """

    topics: np.ndarray
    words: np.ndarray
    word_frequencies: np.ndarray
    word_weights: np.ndarray
    characters: np.ndarray
    character_frequencies: np.ndarray
    character_weights: np.ndarray
    bias: np.ndarray
    temperature: float

    def __post_init__(self) -> None:
        self._words = _Weigher(_words().build_analyzer(), self.words, self.word_frequencies)
        self._characters = _Weigher(_characters().build_analyzer(), self.characters, self.character_frequencies)

    def parts(self) -> dict[str, np.ndarray]:
        """What the model is made of, as arrays for storing."""
        return {field.name: np.asarray(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_parts(cls, parts: Mapping[str, np.ndarray]) -> TopicModel:
        """The model that was stored."""
        arrays = {field.name: parts[field.name] for field in fields(cls)}
        return cls(**arrays | {"temperature": float(arrays["temperature"])})

    @classmethod
    def train(cls, texts: list[str], topics: list[str], regularisation: float) -> TopicModel:
        """Fit on phrases. `regularisation` is the support vectors' C. The same data give the same model."""
        clean = [_clean(text) for text in texts]
        words, characters = _words(), _characters()
        features = hstack([words.fit_transform(clean), characters.fit_transform(clean)]).tocsr()
        labels = np.array(topics)
        classifier = _fit(features, labels, regularisation)
        weights = np.ascontiguousarray(classifier.coef_.T, dtype=np.float32)
        border = len(words.idf_)
        return cls(
            topics=classifier.classes_,
            words=words.get_feature_names_out().astype(str),
            word_frequencies=words.idf_,
            word_weights=weights[:border].copy(),
            characters=characters.get_feature_names_out().astype(str),
            character_frequencies=characters.idf_,
            character_weights=weights[border:].copy(),
            bias=classifier.intercept_,
            temperature=_temperature(features, labels, regularisation),
        )

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Topics with their probabilities, most likely first.

        Empty when no word of the text was ever seen: a number or a sign alone asks nothing.
        """
        clean = _clean(text)
        words, characters = self._words.weigh(clean), self._characters.weigh(clean)
        if not words or not any(char.isalpha() for char in clean):
            return []
        scores = _add_up(words, self.word_weights) + _add_up(characters, self.character_weights) + self.bias
        chances = _softmax(scores[np.newaxis] / self.temperature)[0]
        return [(str(self.topics[index]), float(chances[index])) for index in np.argsort(-chances)]


class _Weigher:
    """What a vectorizer's `transform` gives for one text, without the checks that take most of its time."""

    def __init__(self, analyze: Callable[[str], list[str]], terms: np.ndarray, frequencies: np.ndarray) -> None:
        self._analyze = analyze
        self._index = {term: index for index, term in enumerate(terms.tolist())}
        self._frequencies = frequencies.tolist()

    def weigh(self, text: str) -> dict[int, float]:
        """Feature → weight; the squares of the weights add up to 1."""
        counts = Counter(self._index[term] for term in self._analyze(text) if term in self._index)
        weights = {index: (1 + math.log(count)) * self._frequencies[index] for index, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {index: weight / length for index, weight in weights.items()}


def _words() -> TfidfVectorizer:
    return TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORD)


def _characters() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)


def _clean(text: str) -> str:
    return _CONTACT_TOKEN.sub(" ", text).lower()


def _add_up(features: dict[int, float], weights: np.ndarray) -> np.ndarray:
    """The sum of the rows of `weights`, each times its feature."""
    rows = weights[np.fromiter(features.keys(), dtype=np.intp, count=len(features))]
    total: np.ndarray = np.fromiter(features.values(), dtype=np.float32, count=len(features)) @ rows
    return total


def _fit(features: csr_matrix, labels: np.ndarray, regularisation: float) -> LinearSVC:
    return LinearSVC(C=regularisation, class_weight="balanced", random_state=_SEED).fit(features, labels)


def _temperature(features: csr_matrix, labels: np.ndarray, regularisation: float) -> float:
    """What scores are divided by so that the probabilities of phrases left out of training are right on average."""
    train, test = train_test_split(
        np.arange(len(labels)), test_size=_LEFT_OUT, stratify=labels, shuffle=True, random_state=_SEED
    )
    classifier = _fit(features[train], labels[train], regularisation)
    scores = classifier.decision_function(features[test])
    truth = np.searchsorted(classifier.classes_, labels[test])

    def loss(temperature: float) -> float:
        chances = _softmax(scores / temperature)[np.arange(len(truth)), truth]
        return float(-np.log(np.maximum(chances, 1e-12)).mean())

    return float(minimize_scalar(loss, bounds=(0.02, 2.0), method="bounded").x)


def _softmax(scores: np.ndarray) -> np.ndarray:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: np.ndarray = shifted / shifted.sum(axis=1, keepdims=True)
    return result
