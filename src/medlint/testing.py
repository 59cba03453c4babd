"""Runs the examples that rules carry, and tells what a rule lacks."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medlint import loader
from medlint.checks import Frame, Phrase
from medlint.errors import InputError, RulesetError
from medlint.records import dataclass
from medlint.trace import try_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from medlint.rules import Example, Rule, Ruleset


class Kind(StrEnum):
    """How bad a problem is: an example that fails, a part that a rule lacks, an idle phrase."""

    MISMATCH = "mismatch"
    LACKING = "lacking"
    UNEXERCISED = "unexercised"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about a rule, at a place."""

    path: str
    line: int
    rule: str
    text: str
    kind: Kind

    def __str__(self) -> str:
        """Return the problem as one line that editors understand, with details below it."""
        return f"{self.path}:{self.line}: {self.rule}: {self.text}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What testing rules gave; `errors` are files that could not be loaded, a line each."""

    problems: tuple[Problem, ...]
    rules: int
    examples: int
    errors: tuple[str, ...] = ()

    def count(self, kind: Kind) -> int:
        """Count the problems of a kind."""
        return sum(problem.kind is kind for problem in self.problems)


def check_paths(paths: Iterable[Path]) -> Outcome:
    """Test the rules of rule files and folders; every problem of every one is in the outcome."""
    problems: list[Problem] = []
    errors: list[str] = []
    rules = examples = 0
    for place in discover(paths):
        try:
            ruleset = loader.check(place)
        except RulesetError as error:
            errors += error.problems
            continue
        name = place.stem if place.is_file() else place.resolve().name
        for rule in ruleset.rules:
            if rule.ruleset == name:
                rules += 1
                examples += len(rule.flags) + len(rule.allows)
                problems += check_rule(rule, ruleset)
    return Outcome(tuple(problems), rules, examples, tuple(dict.fromkeys(errors)))


def discover(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the rulesets that paths stand for, each once.

    A file inside a ruleset's folder stands for the whole ruleset, because its rules and concepts
    hang together; a folder of rulesets stands for each of them.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for place in _rulesets(path):
            found.setdefault(place.resolve(), place)
    return tuple(found.values())


def _rulesets(path: Path) -> Iterator[Path]:
    around = [path, *path.parents] if path.is_dir() else list(path.parents)
    # No further than a lexicon folder inside a ruleset.
    home = next((place for place in around[:2] if (place / "ruleset.yaml").is_file()), None)
    inside = sorted(path.glob("*/ruleset.yaml")) if path.is_dir() else []
    if home is not None:
        yield home
    elif inside:
        yield from (file.parent for file in inside)
    else:
        yield path


def check_rule(rule: Rule, ruleset: Ruleset) -> Iterator[Problem]:
    """Yield everything that is wrong with a rule's examples, then what it lacks."""
    exercised: set[int] = set()
    for example in (*rule.flags, *rule.allows):
        try:
            trial = try_rule(rule, example.text, ruleset)
        except InputError as error:
            yield _mismatch(rule, example, f"the example cannot be read: {error}")
            continue
        exercised |= trial.phrases
        if trial.spans != tuple(sorted(example.spans)):
            yield _mismatch(rule, example, _difference(example, trial.spans, trial.silenced))
    for kind, texts in (
        (Kind.LACKING, _lacking(rule)),
        (Kind.UNEXERCISED, _unexercised(rule, frozenset(exercised))),
    ):
        yield from (Problem(rule.path, rule.line, rule.id, text, kind) for text in texts)


def _mismatch(rule: Rule, example: Example, text: str) -> Problem:
    return Problem(rule.path, example.line, rule.id, text, Kind.MISMATCH)


def _difference(
    example: Example, spans: tuple[tuple[int, int], ...], silenced: tuple[str, ...]
) -> str:
    """Say what was expected, what was found, and what kept a match back."""
    by = "".join(f"\n    kept back by {reason}" for reason in dict.fromkeys(silenced))
    return (
        f"{'flags' if example.spans else 'allows'}: {_quoted(example.text)}"
        f"\n    expected {_marks(example.text, example.spans)}"
        f"\n    got      {_marks(example.text, spans)}{by}"
    )


def _marks(text: str, spans: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"«{_folded(text[start:end])}»" for start, end in spans) or "nothing"


def _quoted(text: str) -> str:
    return f"“{_folded(text)}”"


def _folded(text: str) -> str:
    return " ".join(text.split())


def _lacking(rule: Rule) -> Iterator[str]:
    """Yield what a complete rule has and this one has not."""
    for name in ("sources", "advice", "flags", "allows"):
        if not getattr(rule, name):
            yield f"has no {name}"


def _unexercised(rule: Rule, exercised: frozenset[int]) -> Iterator[str]:
    """Yield the phrases, or a frame's acts, that no example matches."""
    check = rule.check
    if isinstance(check, Phrase):
        for number, phrase in enumerate(rule.phrases):
            if number not in exercised:
                yield f"no example exercises the phrase “{phrase}”"
    if isinstance(check, Frame):
        forms = len(check.forms)
        acts = {number // forms for number in exercised}
        for number, act in enumerate(check.acts):
            if number not in acts:
                targets = ", ".join(act.target)
                yield f"no example exercises the action “{act.action}” on {targets}"
