"""Reads the files of rulesets into entries, checked against each other.

Every problem of every file is collected before anything is said.
"""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from medlint.records import dataclass
from medlint.rulefiles import (
    FILE_TYPES,
    LEXICON_TYPE,
    RULES_TYPE,
    ConceptEntry,
    GuardEntry,
    OverrideEntry,
    RegisterEntry,
    RuleEntry,
    RulesetEntry,
    SourceEntry,
)
from medlint.schema import Reader, Text, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medlint.rules import GuardAction
    from medlint.rulesetfiles import RuleFile


_NAMING_KEYS = frozenset(("id", "concept", "guard"))


@dataclass(slots=True)
class Located:
    """An entry with the file it stands in."""

    entry: Any
    path: str
    ruleset: str


@dataclass(slots=True)
class Rulebook:
    """All entries of the rulesets to be compiled, in the order they extend each other.

    `declared` holds the names of entries that could not be read; `unread` tells that a whole file
    could not: what it defines would only seem to be missing elsewhere.
    """

    rulesets: list[RulesetEntry] = field(default_factory=list)
    rules: dict[str, Located] = field(default_factory=dict)
    concepts: dict[str, Located] = field(default_factory=dict)
    sources: dict[str, SourceEntry] = field(default_factory=dict)
    guards: dict[str, GuardEntry] = field(default_factory=dict)
    register: list[RegisterEntry] = field(default_factory=list)
    default_guards: dict[str, GuardAction] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    unread: bool = False

    def note(self, located: Located, line: int, problem: str) -> None:
        """Put a problem on the list."""
        self.problems.append(f"{located.path}:{line}: {problem}")

    def note_at(self, text: str, problem: str, otherwise: Located | None = None) -> None:
        """Put a problem with a string of a file on the list."""
        if isinstance(text, Text):
            self.problems.append(f"{text.path}:{text.line}: {problem}")
        elif otherwise is not None:
            self.note(otherwise, otherwise.entry.line, problem)
        else:
            self.problems.append(problem)


def read_rulebook(files: Iterable[RuleFile]) -> Rulebook:
    """Read files in order; what is wrong with them is in `problems`."""
    book = Rulebook()
    overrides: list[tuple[Located, Mapping[str, OverrideEntry | bool]]] = []
    for file in files:
        value = _read_file(file, book)
        if value is None:
            continue
        if isinstance(value, RulesetEntry):
            book.rulesets.append(value)
            book.default_guards.update(value.default_guards)
            overrides.append((Located(value, file.path, file.ruleset), value.overrides))
        elif isinstance(value, RegisterEntry):
            book.register.append(value)
        else:
            for entry in value:
                _add_entry(book, Located(entry, file.path, file.ruleset))
    for located, changes in overrides:
        _override(book, located, changes)
    return book


def _read_file(file: RuleFile, book: Rulebook) -> Any:
    reader = Reader(file.path)
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        book.problems.append(f"{file.path}:1: not UTF-8 (byte {error.start}); save it as UTF-8")
        book.unread = True
        return None
    kind = LEXICON_TYPE if file.in_lexicon else FILE_TYPES.get(file.name, RULES_TYPE)
    root = reader.compose(text)
    value = None
    if root is not None:
        value = reader.read(kind, root, file.name)
        if reader.problems:
            book.declared |= _declared_names(root)
    elif not reader.problems:
        value = () if kind not in {RulesetEntry, RegisterEntry} else None
    else:
        book.unread = True
    book.problems += reader.problems
    return value


def _declared_names(root: Any) -> set[str]:
    """Return the names that a list's entries define, whatever else is wrong with them."""
    return {
        str(value.value)
        for entry in root.value
        if isinstance(getattr(entry, "value", None), list)
        for pair in entry.value
        if isinstance(pair, tuple) and pair[0].value in _NAMING_KEYS
        for value in pair[1:]
    }


def _add_entry(book: Rulebook, located: Located) -> None:
    entry = located.entry
    if isinstance(entry, RuleEntry):
        _add_unique(book, book.rules, entry.id, located, "rule")
    elif isinstance(entry, ConceptEntry):
        _add_unique(book, book.concepts, entry.concept, located, "concept")
    elif isinstance(entry, SourceEntry):
        if entry.id in book.sources:
            book.note(located, entry.line, f"source “{entry.id}” is already defined")
        book.sources[entry.id] = entry
    elif isinstance(entry, GuardEntry):
        if entry.guard in book.guards:
            book.note(located, entry.line, f"guard “{entry.guard}” is already defined")
        book.guards[entry.guard] = entry


def _add_unique(
    book: Rulebook, known: dict[str, Located], name: str, located: Located, what: str
) -> None:
    earlier = known.get(name)
    if earlier is not None:
        place = f"{earlier.path}:{earlier.entry.line}"
        book.note(located, located.entry.line, f"{what} “{name}” is already defined at {place}")
        return
    if not all((part.isalnum() and part.islower()) or part.isdigit() for part in name.split("-")):
        problem = f"{what} “{name}” must be lower-case words joined by hyphens"
        book.note(located, located.entry.line, problem)
    known[name] = located


def _override(
    book: Rulebook, located: Located, changes: Mapping[str, OverrideEntry | bool]
) -> None:
    for rule_id, change in changes.items():
        line = getattr(rule_id, "line", located.entry.line)
        rule = book.rules.get(rule_id)
        if rule is None and rule_id in book.declared:
            continue
        if rule is None:
            problem = f"overrides name an unknown rule “{rule_id}”{nearest(rule_id, book.rules)}"
            book.note(located, line, problem)
            continue
        if isinstance(change, bool):
            rule.entry = replace(rule.entry, enabled=change)
            continue
        rule.entry = _changed(book, located, rule.entry, change)


def _changed(
    book: Rulebook, located: Located, entry: RuleEntry, change: OverrideEntry
) -> RuleEntry:
    check = entry.check
    if change.add:
        if not hasattr(check, "any"):
            book.note(located, change.line, f"rule “{entry.id}” has no phrases to add to")
        else:
            check = replace(check, any=(*check.any, *change.add))
    return replace(
        entry,
        check=check,
        severity=change.severity or entry.severity,
        tier=change.tier or entry.tier,
        enabled=entry.enabled if change.enabled is None else change.enabled,
        guards={**entry.guards, **change.guards},
        advice=change.advice or entry.advice,
        rewrites=(*entry.rewrites, *change.rewrites),
        sources=tuple(dict.fromkeys((*entry.sources, *change.sources))),
    )
