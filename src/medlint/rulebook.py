"""Reads the files of rulesets into entries, checked against each other.

Every problem of every file is collected before anything is said.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from medlint.findings import Product, Severity
from medlint.records import dataclass, field, replace
from medlint.rulefiles import (
    FILE_TYPES,
    LEXICON_TYPE,
    RULES_TYPE,
    BlockEntry,
    ConceptEntry,
    GuardEntry,
    OverrideEntry,
    RegisterEntry,
    RuleEntry,
    RulesetEntry,
    SourceEntry,
)
from medlint.rules import GuardAction, Tier
from medlint.schema import Reader, Text, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    blocks: list[Located] = field(default_factory=list)
    default_guards: dict[str, GuardAction] = field(default_factory=dict)
    blanks: dict[str, tuple[str, ...]] = field(default_factory=dict)
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
            book.blanks.update(value.blanks)
            overrides.append((Located(value, file.path, file.ruleset), value.overrides))
        elif isinstance(value, RegisterEntry):
            book.register.append(value)
        else:
            for entry in value:
                _add_entry(book, Located(entry, file.path, file.ruleset))
    views = _Views(book)
    for located, changes in overrides:
        _override(views, located, changes)
    views.settle()
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
    elif isinstance(entry, BlockEntry):
        book.blocks.append(located)


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


def _override(views: _Views, located: Located, changes: Mapping[str, OverrideEntry | bool]) -> None:
    book = views.book
    for rule_id, change in changes.items():
        line = getattr(rule_id, "line", located.entry.line)
        rule = book.rules.get(rule_id)
        if rule is None and rule_id in book.declared:
            continue
        if rule is None:
            problem = f"overrides name an unknown rule “{rule_id}”{nearest(rule_id, book.rules)}"
            book.note(located, line, problem)
            continue
        entry = OverrideEntry(enabled=change) if isinstance(change, bool) else change
        if entry.add and not hasattr(rule.entry.check, "any"):
            book.note(located, entry.line, f"rule “{rule_id}” has no phrases to add to")
            continue
        views.change(located.entry, rule, entry)


@dataclass(frozen=True, slots=True)
class _View:
    """A rule as one jurisdiction sees it; `leads` are the sources it cites before all others."""

    entry: RuleEntry
    leads: tuple[str, ...] = ()

    def under(self, change: OverrideEntry, *, leading: bool = False) -> _View:
        """Return the view with an override laid over it."""
        entry = self.entry
        check = replace(entry.check, any=(*entry.check.any, *change.add)) if change.add else None
        changed = replace(
            entry,
            check=check or entry.check,
            severity=change.severity or entry.severity,
            tier=change.tier or entry.tier,
            enabled=entry.enabled if change.enabled is None else change.enabled,
            guards={**entry.guards, **change.guards},
            advice=change.advice or entry.advice,
            rewrites=(*entry.rewrites, *change.rewrites),
            sources=_once(entry.sources, change.sources),
        )
        return _View(changed, _once(change.sources, self.leads) if leading else self.leads)


class _Views:
    """Each rule as each jurisdiction sees it.

    A jurisdiction's override changes its own view only, so that laws named together each count in
    full, whatever their order; where one extends another, it starts from the other's view. Any
    other ruleset's override changes what stands by then: it has the last word over those before.
    """

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self._views: dict[str, dict[str, _View]] = {}
        self._brings: dict[str, frozenset[str]] = {}
        for entry in book.rulesets:
            names = (name.rpartition("/")[2] for name in entry.extends)
            brought = (self._brings.get(name, frozenset((name,))) for name in names)
            self._brings[str(entry.name)] = frozenset((str(entry.name),)).union(*brought)
        laws = [str(entry.name) for entry in book.rulesets if entry.jurisdiction]
        # A jurisdiction that another one extends is part of that one.
        self._laws = tuple(
            law
            for law in laws
            if not any(law in self._brings[other] for other in laws if other != law)
        )

    def change(self, ruleset: RulesetEntry, rule: Located, change: OverrideEntry) -> None:
        """Lay an override over the views that it is about."""
        views = self._views.setdefault(rule.entry.id, {})
        if ruleset.jurisdiction:
            views[ruleset.name] = self._view(ruleset.name, rule).under(change, leading=True)
            return
        for name, view in views.items():
            views[name] = view.under(change)
        rule.entry = _View(rule.entry).under(change).entry

    def _view(self, law: str, rule: Located) -> _View:
        """Return a law's view of a rule: its own, the last one that it extends, or the rule."""
        views = self._views.get(rule.entry.id, {})
        brought = [view for name, view in views.items() if name in self._brings[law]]
        return views.get(law) or (brought[-1] if brought else _View(rule.entry))

    def settle(self) -> None:
        """Give each rule the strictest form that the jurisdictions at hand make of it."""
        for rule in self.book.rules.values():
            laws = [law for law in self._laws if rule.ruleset in self._brings[law]]
            if laws:
                views = {law: self._view(law, rule) for law in laws}
                rule.entry = self._strictest(rule.entry, views)

    def _strictest(self, base: RuleEntry, views: Mapping[str, _View]) -> RuleEntry:
        entries = [view.entry for view in views.values()]
        entry = entries[0]
        if len(entries) > 1:
            advice = _once(each.advice for each in entries if each.advice != base.advice)
            entry = replace(
                base,
                check=_joined_check(entries),
                severity=_strictest_severity(entries),
                tier=max((each.tier for each in entries), key=_TIERS.index),
                enabled=any(each.enabled for each in entries),
                guards=self._strictest_guards(entries),
                advice=" ".join(advice) or base.advice,
                rewrites=_once(*(each.rewrites for each in entries)),
            )
        sources = _once(base.sources, *(each.sources for each in entries))
        # What a law says of itself comes first; its sources begin with its name.
        leading = (
            name
            for law, view in views.items()
            for name in (*view.leads, *(each for each in sources if _law_of(each) == law))
        )
        return replace(entry, sources=_once(leading, sources))

    def _strictest_guards(self, entries: list[RuleEntry]) -> dict[str, GuardAction]:
        usual = self.book.default_guards
        return {
            name: max(
                (each.guards.get(name) or usual.get(name, GuardAction.KEEP) for each in entries),
                key=_GUARD_ACTIONS.index,
            )
            for name in _once(*(each.guards for each in entries))
        }


_Item = TypeVar("_Item")
# From the mildest to the strictest.
_TIERS = (Tier.WEAK, Tier.STRONG)
_GUARD_ACTIONS = (GuardAction.DROP, GuardAction.DOWNGRADE, GuardAction.KEEP)


def _once(*lists: Iterable[_Item]) -> tuple[_Item, ...]:
    """Join lists, keeping the first of what is there twice."""
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def _law_of(source: str) -> str:
    return source.partition(".")[0]


def _joined_check(entries: list[RuleEntry]) -> Any:
    check = entries[0].check
    if not hasattr(check, "any"):
        return check
    return replace(check, any=_once(*(each.check.any for each in entries)))


def _strictest_severity(entries: list[RuleEntry]) -> dict[Product, Severity]:
    """Return the strictest severity for each product that one of the entries sets apart."""
    levels = [_by_product(each.severity) for each in entries]
    named = frozenset().union(*levels)
    return {
        product: max(
            (each.get(product, each[Product.AUTO]) for each in levels),
            key=lambda severity: severity.rank,
        )
        for product in Product
        if product in named
    }


def _by_product(severity: Severity | Mapping[Product, Severity]) -> Mapping[Product, Severity]:
    if isinstance(severity, Severity):
        return {Product.AUTO: severity}
    usual = severity.get(Product.AUTO) or max(severity.values(), key=lambda each: each.rank)
    return {**severity, Product.AUTO: usual}
