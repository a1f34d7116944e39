"""Which occupations suit the answers, and why. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.guidance.job_guide.questions import Option

SUGGESTED = 3
"""How many occupations are proposed."""
_REASONS, _WARNINGS = 2, 2
_CONTRARY = -2
"""An answer's weight times a trait at or below this is worth a warning."""
_WITHOUT_COURSES = -4
"""What it weighs that the catalogue has no course: as much as a strong wish that comes true (2 x 2)."""


@dataclass(frozen=True)
class Candidate:
    """An occupation: its traits (trait → -2..2, 0 where it is left out) and how many occasions one can join."""

    slug: str
    title: str
    traits: Mapping[str, int]
    occasions: int = 0


@dataclass(frozen=True)
class Reason:
    """Why an occupation suits: the answer, and the trait of the occupation that goes with it."""

    option: Option
    trait: str
    strength: int
    """0 where the occupation only keeps within a limit."""

    def sentence(self, *, easy: bool) -> str:
        """The reason in words."""
        option = self.option
        if self.strength:
            return (option.because_easy if easy else option.because)[self.trait]
        return (option.within_easy if easy else option.within)[self.trait]


@dataclass(frozen=True)
class Suggestion:
    """An occupation to propose, the best reasons first. `against` are answers that it does not go well with."""

    slug: str
    title: str
    reasons: tuple[Reason, ...]
    against: tuple[tuple[Option, str], ...] = ()

    def warnings(self, *, easy: bool) -> tuple[str, ...]:
        """What there is to think about, in words."""
        return tuple((option.warning_easy if easy else option.warning)[trait] for option, trait in self.against)


def suggest(chosen: Sequence[Option], candidates: Sequence[Candidate]) -> list[Suggestion]:
    """The occupations that suit best, at most three: inside all limits as far as there are such, with a reason before
    without, by score, and by title when equal. Answers that weigh nothing give those with most occasions to join.
    """
    if not any(option.is_weighed for option in chosen):
        most = sorted(candidates, key=lambda candidate: (-candidate.occasions, candidate.title))
        return [Suggestion(candidate.slug, candidate.title, ()) for candidate in most[:SUGGESTED]]

    def rank(candidate: Candidate) -> tuple[int, bool, int, str]:
        beyond = sum(
            max(candidate.traits.get(trait, 0) - most, 0) for option in chosen for trait, most in option.limit.items()
        )
        return beyond, not reasons_for(candidate, chosen), -score(candidate, chosen), candidate.title

    told: list[Option] = []
    suggestions = []
    for candidate in sorted(candidates, key=rank)[:SUGGESTED]:
        suggestions.append(_suggestion(candidate, chosen, told))
        told += [reason.option for reason in suggestions[-1].reasons]
    return suggestions


def score(candidate: Candidate, chosen: Sequence[Option]) -> int:
    """How well the occupation suits: the answers' weights times its traits, less when there is no course."""
    weighed = ((trait, weight) for option in chosen for trait, weight in option.weights.items())
    wishes = sum(weight * candidate.traits.get(trait, 0) for trait, weight in weighed)
    return wishes + (0 if candidate.occasions else _WITHOUT_COURSES)


def reasons_for(candidate: Candidate, chosen: Sequence[Option]) -> list[Reason]:
    """Why the occupation suits, one reason at most for an answer: the strongest first, then in the questions' order."""
    found = [reason for option in chosen if (reason := _reason(candidate, option))]
    return sorted(found, key=lambda reason: -reason.strength)


def _reason(candidate: Candidate, option: Option) -> Reason | None:
    strong = {trait: option.weights.get(trait, 0) * candidate.traits.get(trait, 0) for trait in option.because}
    trait = max(strong, key=lambda name: strong[name], default="")
    if trait and strong[trait] > 0:
        return Reason(option, trait, strong[trait])
    within = (name for name in option.within if candidate.traits.get(name, 0) <= option.limit.get(name, 0))
    return next((Reason(option, name, 0) for name in within), None)


def _suggestion(candidate: Candidate, chosen: Sequence[Option], told: Sequence[Option]) -> Suggestion:
    """The occupation with its best reasons; answers that were reasons for another occupation already count for less."""
    reasons = sorted(reasons_for(candidate, chosen), key=lambda reason: told.count(reason.option) - reason.strength)
    warned = ((option, trait) for option in chosen for trait in option.warning)
    against = tuple((option, trait) for option, trait in warned if _goes_against(candidate, option, trait))
    return Suggestion(candidate.slug, candidate.title, tuple(reasons[:_REASONS]), against[:_WARNINGS])


def _goes_against(candidate: Candidate, option: Option, trait: str) -> bool:
    """Whether the occupation goes beyond the answer's limit, or has much of what was not wished for."""
    amount = candidate.traits.get(trait, 0)
    beyond = trait in option.limit and amount > option.limit[trait]
    return beyond or option.weights.get(trait, 0) * amount <= _CONTRARY
