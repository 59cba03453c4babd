"""Builds a compiled ruleset from a rulebook: numbers every pattern, fills every table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from medlint.checking import MARK_CLOSE, MARK_OPEN, check_rulebook
from medlint.checks import Phrase, Requires, Score
from medlint.checks.points import ANY_SENTENCE, Points
from medlint.checks.terms import by_word, names_in
from medlint.checks.weighing import Weighing
from medlint.compiler import Compiler, ConceptError, IndexBuilder, packed, reserve
from medlint.concepts import Concept
from medlint.document import BlockKind
from medlint.findings import Product, RulesetInfo, Severity, Source
from medlint.guards import GUARD_PHRASES, Guard
from medlint.indexes import Elements, PatternIndex
from medlint.lexicon import Lexicon
from medlint.parsing.tokens import tokenize
from medlint.patterns import parse_phrase
from medlint.records import changed
from medlint.rulefiles import RewriteEntry
from medlint.rules import Rule, Ruleset
from medlint.symbols import SymbolTable
from medlint.tagging import Tagger

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medlint.checks import Check
    from medlint.rulebook import Located, Rulebook
    from medlint.rulefiles import RuleEntry


class Builder:
    """Compiles a rulebook; problems are collected on the rulebook."""

    def __init__(self, book: Rulebook) -> None:
        """Take the rulebook to compile."""
        self.book = book
        self.concepts = {name: _concept(item) for name, item in book.concepts.items()}
        self.compiler = Compiler(self.concepts, SymbolTable(_word_counts(book)))

    def ruleset(self) -> Ruleset | None:
        """Return the compiled ruleset, or None where the rulebook has problems."""
        if self.book.unread:
            return None
        check_rulebook(self.book, self.concepts)
        if self.book.problems:
            return None
        try:
            return self._compiled()
        except ConceptError as error:
            self.book.problems.append(str(error))
            return None

    def _compiled(self) -> Ruleset:
        reserve(self.compiler.table)
        self.compiler.add_concepts()
        rules, owners = self._rules()
        guards, guard_builder = self._guards()
        register = self._register()
        self.compiler.settle((owners, guard_builder, register))
        patterns = PatternIndex("rules", self.compiler.index(owners))
        guard_patterns = PatternIndex("guards", self.compiler.index(guard_builder))
        register_patterns = PatternIndex("register", self.compiler.index(register))
        tagger = self.compiler.tagger()
        benefits = tuple(
            dict.fromkeys(kind for entry in self.book.register for kind in entry.balance.benefits)
        )
        return Ruleset(
            infos=tuple(
                RulesetInfo(str(entry.name), str(entry.version)) for entry in self.book.rulesets
            ),
            rules=rules,
            lexicon=self._lexicon(),
            tagger=_tagger(tagger),
            patterns=patterns,
            guards=guards,
            guard_patterns=guard_patterns,
            register=register_patterns,
            benefits=benefits,
            scores=self._scores(),
            sources={name: _source(entry) for name, entry in self.book.sources.items()},
        )

    def _lexicon(self) -> Lexicon:
        table = self.compiler.table
        return Lexicon(
            synonyms=_synonyms(self.concepts.values()),
            statuses={
                table.concept(concept.name): concept.status
                for concept in self.concepts.values()
                if concept.status
            },
            carriers=tuple(
                table.concept(concept.name) for concept in self.concepts.values() if concept.carries
            ),
            names=self.compiler.names(),
            blanks={
                str(name): tuple(map(table.concept, concepts))
                for name, concepts in self.book.blanks.items()
            },
        )

    # Rules

    def _rules(self) -> tuple[tuple[Rule, ...], IndexBuilder]:
        builder = IndexBuilder()
        rules = []
        for number, located in enumerate(self.book.rules.values()):
            entry = located.entry
            for role, phrase, sequence in entry.check.phrases():
                builder.add(self.compiler.linear(sequence), (number, role, phrase))
            rules.append(self._rule(located, entry))
        return tuple(rules), builder

    def _rule(self, located: Located, entry: RuleEntry) -> Rule:
        guards = {
            name: action
            for name, action in {**self.book.default_guards, **entry.guards}.items()
            if action.value != "keep"
        }
        return Rule(
            id=str(entry.id),
            category=entry.category,
            severity=_severities(entry.severity),
            tier=entry.tier,
            page=entry.page,
            check=_lean(entry.check),
            message=str(entry.message),
            where=entry.where or tuple(BlockKind),
            guards=guards,
            products=entry.products,
            enabled=entry.enabled,
            advice=str(entry.advice),
            worded=tuple(map(_worded, entry.rewrites)),
            sources=tuple(
                _source(self.book.sources[name])
                for name in entry.sources
                if name in self.book.sources
            ),
            texts=packed(
                (
                    tuple(_example(text) for text in entry.flags),
                    tuple(_example(text) for text in entry.allows),
                    tuple(map(str, entry.check.any)) if isinstance(entry.check, Phrase) else (),
                )
            ),
            ruleset=located.ruleset,
            path=located.path,
            line=entry.line,
        )

    def _scores(self) -> tuple[tuple[int, Points], ...]:
        checks = (located.entry.check for located in self.book.rules.values())
        return tuple(
            (number, self._points(weighing))
            for number, check in enumerate(checks)
            if (weighing := check.weighed if isinstance(check, Requires) else check)
            if isinstance(weighing, Score | Weighing)
        )

    def _points(self, check: Score | Weighing) -> Points:
        table = self.compiler.table
        # Single words are few: they are unpacked together.
        groups = by_word(check.terms) if isinstance(check, Score) else {ANY_SENTENCE: check.terms}
        under = None
        if isinstance(check, Weighing) and (check.under_points or check.under_terms):
            under = Points(
                {table.concept(name): each for name, each in check.under_points.items()},
                {},
                {ANY_SENTENCE: _packed_terms(check.under_terms)},
            )
        return Points(
            {table.concept(name): each for name, each in check.points.items()},
            {table.concept(name): f"{{{name}}}" for name in sorted(names_in(check.terms))},
            {word: _packed_terms(terms) for word, terms in groups.items()},
            under,
        )

    # Guards and register

    def _guards(self) -> tuple[tuple[Guard, ...], IndexBuilder]:
        builder = IndexBuilder()
        guards = []
        for entry in self.book.guards.values():
            symbols = {}
            for role in GUARD_PHRASES:
                symbol = self.compiler.table.symbol(("guard", str(entry.guard), role))
                symbols[role] = symbol
                for phrase in getattr(entry, role):
                    self._add_cue(builder, phrase, symbol)
            guards.append(
                Guard(
                    name=str(entry.guard),
                    about=str(entry.about),
                    direction=entry.direction,
                    reach=entry.reach,
                    cue=symbols["cues"],
                    pseudo=symbols["pseudo"],
                    terminator=symbols["terminators"],
                    affirmed=symbols["affirmed"],
                    within=entry.within,
                    limits=entry.limits,
                    cancels=entry.cancels,
                    opening=entry.opening,
                    whole=entry.whole,
                    own=entry.own,
                    question=entry.question,
                )
            )
        return tuple(guards), builder

    def _register(self) -> IndexBuilder:
        builder = IndexBuilder()
        number = 0
        for entry in self.book.register:
            for sign, cues in ((1, entry.promotional), (-1, entry.informational)):
                for cue in cues:
                    for phrase in cue.any:
                        owner = (number, sign * float(cue.weight))
                        for sequence in parse_phrase(phrase):
                            builder.add(self.compiler.linear(sequence), owner)
                        number += 1
        return builder

    def _add_cue(self, builder: IndexBuilder, phrase: str, symbol: int) -> None:
        """Let a phrase give a guard's symbol: when words are tagged, or as a pattern."""
        for sequence in parse_phrase(phrase):
            if not self.compiler.table.provide_plain(symbol, sequence):
                builder.add(self.compiler.linear(sequence), (symbol,))


def _concept(located: Located) -> Concept:
    entry = located.entry
    return Concept(
        name=str(entry.concept),
        about=str(entry.about),
        terms=tuple((term,) if isinstance(term, str) else tuple(term) for term in entry.terms),
        inflect=entry.inflect.value if entry.inflect else "",
        includes=tuple(map(str, entry.includes)),
        verbs=entry.verbs,
        nouns=entry.nouns,
        adjectives=entry.adjectives,
        status=entry.status.value if entry.status else "",
        hides=entry.hides,
        outweighs=tuple(map(str, entry.outweighs)),
        carries=entry.carries,
        path=located.path,
        line=entry.line,
    )


def _packed_terms(terms: Mapping[str, int]) -> bytes:
    return packed({str(term): int(each) for term, each in terms.items()})


def _lean(check: Check) -> Check:
    """Leave out of a check what its patterns and points now stand for."""
    if isinstance(check, Score):
        return changed(check, terms={})
    if isinstance(check, Requires) and check.weighed:
        return changed(check, weighed=changed(check.weighed, terms={}, under_terms={}))
    return Phrase(any=()) if isinstance(check, Phrase) else check


def _source(entry: Any) -> Source:
    return Source(str(entry.id), str(entry.title), str(entry.url), entry.checked)


def _worded(entry: str | RewriteEntry) -> tuple[str, str, tuple[str, ...], str]:
    if isinstance(entry, str):
        entry = RewriteEntry(text=entry)
    where = tuple(setting.value for setting in entry.where)
    return str(entry.text), entry.replaces.value, where, entry.kind.value


def _severities(severity: Severity | Mapping[Product, Severity]) -> dict[Product, Severity]:
    if isinstance(severity, Severity):
        return {Product.AUTO: severity}
    default = severity.get(Product.AUTO) or max(severity.values(), key=lambda each: each.rank)
    return {**severity, Product.AUTO: default}


def _example(text: str) -> tuple[str, tuple[tuple[int, int], ...], int]:
    spans = []
    plain = ""
    start = 0
    for letter in text:
        if letter == MARK_OPEN:
            start = len(plain)
        elif letter == MARK_CLOSE:
            spans.append((start, len(plain)))
        else:
            plain += letter
    return str(plain), tuple(spans), int(getattr(text, "line", 0))


def _synonyms(concepts: Iterable[Concept]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Map each name of a thing to the words of its longest name, spelled out in turn.

    The longest has the most words: items of one word tell less than others.

    "Osteoarthritis" inside "osteoarthritis of the knee" reads as it would by itself.
    """
    synonyms: dict[tuple[str, ...], tuple[str, ...]] = {}
    for concept in concepts:
        for names in concept.terms:
            if len(names) == 1:
                continue
            runs = [_run(name) for name in names if not set(name) & set("{([~|")]
            longest = max(runs, key=lambda run: (len(run), sum(map(len, run))), default=())
            synonyms |= dict.fromkeys(runs, tuple(word.lower() for word in longest))
    return {run: _spelled_out(longest, synonyms) for run, longest in synonyms.items()}


def _spelled_out(
    name: tuple[str, ...], synonyms: Mapping[tuple[str, ...], tuple[str, ...]]
) -> tuple[str, ...]:
    """Spell out the names inside a name, the name itself aside."""
    words: list[str] = []
    position = 0
    while position < len(name):
        for end in range(len(name), position, -1):
            inner = name[position:end]
            if inner != name and inner in synonyms:
                words += synonyms[inner]
                position = end
                break
        else:
            words.append(name[position])
            position += 1
    return tuple(words)


def _run(name: str) -> tuple[str, ...]:
    tokens = tokenize(name)
    return tuple(
        surface if surface.isupper() and len(surface) > 1 else norm
        for norm, surface in zip(tokens.norms, tokens.surfaces, strict=True)
    )


def _word_counts(book: Rulebook) -> Counter[str]:
    """Count the words of all examples: text of the kind that the rules will read."""
    counts: Counter[str] = Counter()
    for located in book.rules.values():
        for text in (*located.entry.flags, *located.entry.allows):
            counts.update(tokenize(text).norms)
    return counts


def _tagger(plain: Mapping[str, Any]) -> Tagger:
    levels = tuple(
        PatternIndex(f"level {number}", level) for number, level in enumerate(plain["levels"])
    )
    return Tagger(
        words=plain["words"],
        elements=Elements(plain["sets"], plain["groups"]),
        levels=levels,
        hiding=plain["hiding"],
        outweighing=plain["outweighing"],
        names=plain["names"],
        number=plain["number"],
        carried=plain["carried"],
    )
