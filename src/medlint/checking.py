"""Checks what the entries of a rulebook say of each other, before anything is compiled.

Every problem is noted with its file and line. A name whose own entry could not be read is not
reported a second time as unknown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from medlint.blanks import blanks_in
from medlint.checks.terms import BRACE, names_in
from medlint.concepts import ACTION_FORMS
from medlint.findings import RewriteKind
from medlint.guards import GUARD_PHRASES
from medlint.limits import DEEPEST_CONCEPTS, MOST_INCLUDED, MOST_SEQUENCES, wrong_regex
from medlint.patterns import ConceptRef, Group, PhraseError, bound_names, parse_phrase
from medlint.schema import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medlint.concepts import Concept
    from medlint.patterns import Element, Sequence
    from medlint.rulebook import Located, Rulebook

MARK_OPEN, MARK_CLOSE = "«", "»"
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# Names a check gives to every message.
_GIVEN = {
    "requires": {"count"},
    "duplicate-items": {"first"},
    "metric": {"grade", "limit", "metric"},
}
_BUILT_IN = frozenset({"number", "carried"})


def check_rulebook(book: Rulebook, concepts: Mapping[str, Concept]) -> None:
    """Note everything that is wrong between the entries of a rulebook."""
    checker = _Checker(book, concepts)
    for located in book.concepts.values():
        checker.check_concept(located)
    checker.check_cycles()
    for name in book.default_guards:
        if name not in book.guards and name not in book.declared:
            problem = f"default-guards name an unknown guard “{name}”"
            book.note_at(name, problem + nearest(name, book.guards))
    checker.check_blanks()
    for guard in book.guards.values():
        for role in GUARD_PHRASES:
            checker.check_phrases(getattr(guard, role))
    for register in book.register:
        for cue in (*register.promotional, *register.informational):
            checker.check_phrases(cue.any)
    for located in book.rules.values():
        checker.check_rule(located)
    for located in book.blocks:
        checker.check_block(located)


class _Checker:
    def __init__(self, book: Rulebook, concepts: Mapping[str, Concept]) -> None:
        self._book = book
        self._concepts = concepts
        self._sequences = 0

    # Concepts

    def check_concept(self, located: Located) -> None:
        entry = located.entry
        for verb, names in (("includes", entry.includes), ("outweighs", entry.outweighs)):
            for name in filter(self._is_unknown_concept, names):
                problem = f"concept “{entry.concept}” {verb} an unknown concept “{name}”"
                self._book.note_at(name, problem + nearest(name, self._concepts))
        self.check_phrases(
            [term for names in self._concepts[entry.concept].terms for term in names]
        )
        self.check_phrases((*entry.verbs, *entry.nouns, *entry.adjectives))

    def check_cycles(self) -> None:
        for cycle in _cycles(self._concepts):
            located = self._book.concepts[cycle[0]]
            path = " → ".join((*cycle, cycle[0]))
            problem = f"a concept includes itself: {path}"
            self._book.note(located, located.entry.line, problem)
        problem = _too_inclusive(self._concepts)
        if problem:
            self._book.problems.append(problem)

    def check_phrases(self, phrases: Iterable[str]) -> bool:
        """Tell whether phrases parse and name known concepts; note what is wrong."""
        right = True
        for phrase in phrases:
            problem = self._wrong_phrase(phrase)
            if problem:
                right = False
                self._book.note_at(phrase, f"phrase “{phrase}”: {problem}")
        return right

    def _wrong_phrase(self, phrase: str) -> str:
        try:
            sequences = parse_phrase(phrase)
        except PhraseError as error:
            return str(error)
        self._sequences += len(sequences)
        if self._sequences > MOST_SEQUENCES:
            self._sequences = 0
            return f"the rulesets hold more than {MOST_SEQUENCES:,} phrases, multiplied out"
        problems = (self._wrong_reference(each) for each in dict.fromkeys(_references(sequences)))
        return next(filter(None, problems), "")

    def _is_unknown_concept(self, name: str) -> bool:
        return name not in self._concepts and name not in self._book.declared

    def _wrong_reference(self, reference: ConceptRef) -> str:
        name, form = reference.name, reference.form
        if name in _BUILT_IN:
            return ""
        if self._is_unknown_concept(name):
            return f"unknown concept “{name}”{nearest(name, self._concepts)}"
        if form and form not in ACTION_FORMS:
            return f"unknown form “{form}”{nearest(form, ACTION_FORMS)}"
        if form and not self._is_action(name, set()):
            return f"“{name}” is no action: give the concept verbs, nouns or adjectives"
        return ""

    def _is_action(self, name: str, seen: set[str]) -> bool:
        concept = self._concepts.get(name)
        if concept is None or name in seen:
            return name in self._book.declared
        seen.add(name)
        return concept.is_action or any(self._is_action(each, seen) for each in concept.includes)

    # Rewrites

    def check_blanks(self) -> None:
        for concepts in self._book.blanks.values():
            for name in concepts:
                if self._is_unknown_concept(name):
                    problem = f"blanks name an unknown concept “{name}”"
                    self._book.note_at(name, problem + nearest(name, self._concepts))

    def _check_rewrites(self, entry: Any) -> None:
        for each in entry.rewrites:
            kind = getattr(each, "kind", RewriteKind.DISPLAY)
            if kind is RewriteKind.SAFE:
                problem = f"rule “{entry.id}”: no wording is safe by itself; use display or unsafe"
                self._book.note_at(each.text, problem)

    # Rules

    def check_rule(self, located: Located) -> None:
        entry = located.entry
        for what, names, known in (
            ("guard", entry.guards, self._book.guards),
            ("source", entry.sources, self._book.sources),
            ("rule", getattr(getattr(entry.check, "if_", None), "rules", ()), self._book.rules),
        ):
            for name in names:
                if name not in known and name not in self._book.declared:
                    problem = f"rule “{entry.id}”: unknown {what} “{name}”{nearest(name, known)}"
                    self._book.note_at(name, problem)
        if self.check_phrases(_phrases_of(entry.check)):
            self._check_sequences(located)
        self._check_regex(located)
        self._check_rewrites(entry)
        self._check_points(entry)
        for example in entry.flags:
            marks = example.count(MARK_OPEN), example.count(MARK_CLOSE)
            if marks[0] != marks[1] or not marks[0]:
                problem = f"rule “{entry.id}”: a flags example needs what is flagged between « »"
                self._book.note_at(example, problem)

    def _check_points(self, entry: Any) -> None:
        weighed = getattr(entry.check, "weighed", None)
        weighing = weighed or entry.check
        named = names_in(getattr(weighing, "terms", ()))
        under = getattr(weighing, "under_points", ())
        for name in (*getattr(weighing, "points", ()), *under, *sorted(named)):
            if self._is_unknown_concept(name):
                problem = f"rule “{entry.id}”: unknown concept “{name}”"
                self._book.note_at(name, problem + nearest(name, self._concepts))
        for term in (*weighed.terms, *weighed.under_terms) if weighed else ():
            if " " in term or BRACE in term:
                problem = f"rule “{entry.id}”: “{term}” is no single word; each in `weighed` is one"
                self._book.note_at(term, problem)

    # Disclosures

    def check_block(self, located: Located) -> None:
        entry = located.entry
        for name in entry.sources:
            if name not in self._book.sources and name not in self._book.declared:
                problem = f"a disclosure names an unknown source “{name}”"
                self._book.note_at(name, problem + nearest(name, self._book.sources))
        if entry.text and entry.nothing:
            problem = "a disclosure has a “text”, or “nothing” with the reason, and not both"
            self._book.note(located, entry.line, problem)
        for what, given in (("products", entry.products), ("sources", entry.sources)):
            if not given:
                self._book.note(located, entry.line, f"a disclosure needs “{what}”")
        wanted = {blank.name for text in entry.text for blank in blanks_in(text)}
        for name in sorted(wanted - set(entry.blanks)):
            self._book.note(located, entry.line, f"“blanks” has no example for [{name}]")
        for name in entry.blanks:
            if name not in wanted:
                problem = f"the text has no blank [{name}]{nearest(name, wanted)}"
                self._book.note_at(name, problem)

    def _check_sequences(self, located: Located) -> None:
        """Check a frame's concepts, and that messages use only names that every phrase binds."""
        entry = located.entry
        found = list(entry.check.phrases())
        references = _references(sequence for _, _, sequence in found)
        problem = next(filter(None, map(self._wrong_reference, references)), "")
        if problem:
            self._book.note(located, entry.line, f"rule “{entry.id}”: {problem}")
            return
        names = [bound_names(sequence) for role, _, sequence in found if role in {"any", "first"}]
        bound = frozenset.intersection(*names) if names else frozenset[str]()
        known = {"match", "praise", *bound, *_GIVEN.get(kind_name(entry.check), ())}
        wordings = (getattr(each, "text", each) for each in entry.rewrites)
        for text in (entry.message, entry.advice, *wordings):
            for name in _PLACEHOLDER.findall(text):
                if name not in known:
                    problem = f"rule “{entry.id}”: {{{name}}} is not bound by every phrase"
                    self._book.note_at(text, problem + nearest(name, known), located)

    def _check_regex(self, located: Located) -> None:
        expression = getattr(located.entry.check, "regex", None)
        if expression is None:
            return
        import regex  # noqa: PLC0415 - only for the rare pattern rule

        problem = wrong_regex(expression)
        try:
            if not problem:
                regex.compile(expression, regex.IGNORECASE)
        except Exception as error:  # noqa: BLE001  regex raises errors of many kinds
            problem = str(error) or type(error).__name__
        if problem:
            self._book.note_at(expression, f"rule “{located.entry.id}”: regex: {problem}")


def kind_name(check: Any) -> str:
    """Return the name of a check's type."""
    from medlint.checks import CHECK_TYPES  # noqa: PLC0415 - the checks import what imports this

    return next(name for name, kind in CHECK_TYPES.items() if type(check) is kind)


def _phrases_of(check: Any) -> Iterable[str]:
    """Yield every phrase written in a check, wherever it stands."""
    for holder in (check, getattr(check, "if_", None), getattr(check, "then", None)):
        for name in ("any", "except_", "first", "second", "unless", "once", "not_"):
            yield from getattr(holder, name, ())


def _references(sequences: Iterable[Sequence]) -> Iterable[ConceptRef]:
    for sequence in sequences:
        for element in sequence:
            yield from _references_in(element)


def _references_in(element: Element) -> Iterable[ConceptRef]:
    if isinstance(element, ConceptRef):
        yield element
    elif isinstance(element, Group):
        yield from _references(element.options)


def _too_inclusive(concepts: Mapping[str, Concept]) -> str:
    """Return what is wrong if concepts include others too deep, or too many of them."""
    total = 0
    for first in concepts.values():
        reached = {first.name}
        layer = [first.name]
        for _ in range(DEEPEST_CONCEPTS):
            total += sum(len(concepts[each].includes) for each in layer)
            narrower = {name for each in layer for name in concepts[each].includes}
            layer = [name for name in narrower if name in concepts and name not in reached]
            reached.update(layer)
            if not layer:
                break
        else:
            place = f"{first.path}:{first.line}: concept “{first.name}”"
            return f"{place} includes others more than {DEEPEST_CONCEPTS} deep"
        if total > MOST_INCLUDED:
            return (
                f"{first.path}:{first.line}: concepts include one another more than"
                f" {MOST_INCLUDED:,} times, directly or through others"
            )
    return ""


def _cycles(concepts: Mapping[str, Concept]) -> list[tuple[str, ...]]:
    """Return the cycles of `includes`, each once."""
    cycles: dict[frozenset[str], tuple[str, ...]] = {}
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            cycle = trail[trail.index(name) :]
            cycles.setdefault(frozenset(cycle), cycle)
        elif name in concepts and name not in done and len(trail) <= DEEPEST_CONCEPTS:
            for narrower in concepts[name].includes:
                walk(narrower, (*trail, name))
            done.add(name)

    for name in concepts:
        walk(name, ())
    return list(cycles.values())
