"""Lints a long document a few blocks at a time, so that memory does not grow with every sentence.

A tagged sentence takes tens of kilobytes. Here each is tagged, matched and shown to the guards
while it and its neighbours are at hand, and then forgotten but for what was found; the few that
later stages ask for once more are tagged again. The outcome is the one of `engine.lint`, except
that it does not tell what was silenced.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from itertools import groupby
from marshal import dumps, loads
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import compress, decompress

from medlint.checks import Frame, Near, Phrase, Requires, Score
from medlint.checks.view import Candidate, Hit, Place, SentenceView, hit_place
from medlint.digest import blake2b
from medlint.engine import Outcome, Run
from medlint.findings import Product
from medlint.indexes import Elements
from medlint.language import why_not_english
from medlint.matcher import Match, Tagged, matches
from medlint.packed import PackedFindings, plain_rewrite, rewrite_of
from medlint.parsing.clauses import clause_ids
from medlint.parsing.tokens import Tokens
from medlint.reading import reading
from medlint.records import changed
from medlint.results import (
    Kept,
    fingerprinted,
    in_order,
    leading,
    signature,
    values_of,
    worded_findings,
)
from medlint.rewriting import Fitter
from medlint.rules import GuardAction
from medlint.scoring import ScoreRule
from medlint.tagging import read

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    from medlint.config import Settings
    from medlint.document import Document
    from medlint.engine import CuedBlock
    from medlint.findings import Finding, Rewrite
    from medlint.guards import Guard
    from medlint.indexes import Pattern
    from medlint.register import Register
    from medlint.rules import Rule, Ruleset

# Characters of the sentences at hand, with the lead-ins they are read with; more where the blocks
# that are being read hold more.
_AT_HAND = 8_000
_MOST_CUED = 2
# What a sentence comes to is noted in two bytes.
_MOST_POINTS = 32_000
# In a document of more characters of text what was found is packed: of a shorter one it takes some
# megabytes, and less time as it is.
PACKED = 400_000
_MOST_TOKENS = 256
_NO_TOKENS = Tokens((), (), (), (), ())
_NOTHING = Tagged(_NO_TOKENS, (), {}, Elements((), ()), {}, [], set(), set())
_SOMEWHERE = ((0, 1),)


def lint(document: Document, ruleset: Ruleset, settings: Settings) -> Outcome:
    """Lint a document as `engine.lint` does, without holding all its sentences."""
    unchecked = why_not_english(document)
    if unchecked:
        return Outcome(unchecked=unchecked)
    run = LongRun(document, ruleset, settings)
    outcome = run.outcome()
    run.forget()
    return outcome


# What was found, with the number of its rule.
_Numbered: TypeAlias = tuple[int, Kept]


class _OutOfOrderError(Exception):
    """A block's findings stand before those of the block above it."""


class _View(SentenceView):
    """A sentence whose tags are made when they are asked for."""

    __slots__ = ("number", "run")

    number: int
    run: LongRun

    def __init__(self, view: SentenceView, number: int, run: LongRun) -> None:
        """Take all but the tags of a view; `number` counts the document's sentences."""
        values = {"block": view.block, "ordinal": view.ordinal, "sentence": view.sentence}
        for name, value in (values | {"number": number, "run": run}).items():
            object.__setattr__(self, name, value)

    @property
    def tagged(self) -> Tagged:
        """The sentence with its tags."""
        return self.run.tagged(self.number)

    @property
    def tokens(self) -> Tokens:
        """The sentence's tokens."""
        return self.run.tokens(self.number)

    @property
    def clauses(self) -> tuple[int, ...]:
        """The clause that each token belongs to."""
        return self.run.clauses(self.number)


class LongRun(Run):
    """A run that goes through its document once, and back to few sentences of it."""

    def __init__(self, document: Document, ruleset: Ruleset, settings: Settings) -> None:
        """Read the document and gather what later stages need."""
        self._views: list[_View] = []
        # The sentences of each block: the first one's number, and how many there are.
        self.ranges: dict[int, tuple[int, int]] = {}
        # What a sentence's tags rest on beside its text.
        self._carried = bytearray()
        self._lead_ins: dict[int, str] = {}
        self.at_hand: OrderedDict[int, tuple[Tagged, int]] = OrderedDict()
        self._size = 0
        # The first sentence of those that must stay at hand.
        self._needed = 0
        self._tokens: dict[int, Tokens] = {}
        self._clauses: dict[int, tuple[int, ...]] = {}
        # What was found by rules that look no further than the sentence, by block, packed where it
        # is much; what the others found; and the patterns that matched, by number.
        self._standing: dict[int, bytes | list[_Numbered]] = {}
        self._others: dict[int, list[_Numbered]] = {}
        self._packs = sum(len(block.text) for block in document.blocks) > PACKED
        self._patterns: dict[int, Pattern] = {}
        self._hits: dict[int, list[Hit]] = {}
        # What guards made of matches of the others, by identity: passed, lowered.
        self._verdicts: dict[int, tuple[bool, bool]] = {}
        # What sentences come to by themselves, by the number of a score rule.
        self._weighed = tuple(
            ScoreRule(number, rule, rule.check, points)
            for number, points in ruleset.scores
            if isinstance((rule := ruleset.rules[number]).check, Score)
            # A text that is weighed as a whole is short: its sentences are at hand.
            if not rule.check.instead_of and not rule.check.brief
        )
        self._points = {score.number: array("h") for score in self._weighed}
        self._words = array("I")
        self._register: dict[int, tuple[Match, ...]] = {}
        self._cues: dict[int, Match] = {}
        # Blocks are many, and each asks for the guards of every rule that it matches.
        self._guards_of: dict[str, list[tuple[Guard, GuardAction]]] = {}
        super().__init__(document, ruleset, settings)

    def forget(self) -> None:
        """Let go of everything; sentences lead back here and would stay."""
        self.__dict__.clear()

    # Sentences

    def read(self) -> tuple[SentenceView, ...]:
        """Read nothing yet: that and the rest are done in one go."""
        return ()

    def by_block(self) -> Mapping[int, Sequence[Tagged]]:
        """Return the sentences of each block, tagged when they are asked for."""
        return _Blocks(self)

    def tagged(self, number: int) -> Tagged:
        """Return a sentence with its tags."""
        known = self.at_hand.get(number)
        if known is not None:
            self.at_hand.move_to_end(number)
            return known[0]
        carried, lead_in = bool(self._carried[number]), self._lead_ins.get(number, "")
        tagged = self.ruleset.tagger.tagged(self._text(number), carried=carried, lead_in=lead_in)
        self.keep(number, tagged)
        return tagged

    def tokens(self, number: int) -> Tokens:
        """Return a sentence's tokens."""
        at_hand = self.at_hand.get(number)
        if at_hand is not None:
            return at_hand[0].tokens
        known = self._tokens.get(number)
        if known is None:
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            known, _ = read(self._text(number), self._lead_ins.get(number, ""))
            self._tokens[number] = known
        return known

    def clauses(self, number: int) -> tuple[int, ...]:
        """Return the clauses of a sentence's tokens."""
        at_hand = self.at_hand.get(number)
        if at_hand is not None:
            return at_hand[0].clauses
        known = self._clauses.get(number)
        if known is None:
            if len(self._clauses) >= _MOST_TOKENS:
                self._clauses.clear()
            known = self._clauses[number] = clause_ids(self.tokens(number))
        return known

    def _text(self, number: int) -> str:
        view = self._views[number]
        return self.document.blocks[view.block].text[view.sentence.start : view.sentence.end]

    def keep(self, number: int, tagged: Tagged) -> None:
        """Have a sentence at hand for a while."""
        sentence = self._views[number].sentence
        size = sentence.end - sentence.start + len(self._lead_ins.get(number, ""))
        self.at_hand[number] = (tagged, size)
        self._size += size
        while self._size > _AT_HAND and len(self.at_hand) > 1:
            oldest = next(iter(self.at_hand))
            if oldest >= self._needed:
                break
            _, least = self.at_hand.pop(oldest)
            self._size -= least

    def _tag(self, text: str, *, carried: bool, lead_in: str) -> Tagged:
        if lead_in:
            self._lead_ins[len(self._carried)] = lead_in
        self._carried.append(carried)
        return self.ruleset.tagger.tagged(text, carried=carried, lead_in=lead_in)

    # The way through the document

    def gather(self) -> dict[int, list[Hit]]:
        """Read and match the document; a block is looked at when the one after it is at hand."""
        self._fitter = super().fitter()
        usual = {"products": ()}
        # The product is known at the end only.
        self._active_rules = [self._active(changed(rule, **usual)) for rule in self.ruleset.rules]
        waiting: list[_View] = []
        views = reading(self.document, self.ruleset, self._tag)
        for number, group in groupby(views, key=_block_of):
            own = [self._taken(view) for view in group]
            self.ranges[number] = own[0].number, len(own)
            self._look_at(waiting)
            waiting = own
            self._needed = own[0].number
        self._look_at(waiting)
        self._needed = len(self._views)
        self.sentences = tuple(self._views)
        self.product = self._product()
        self._active_rules = [self._active(rule) for rule in self.ruleset.rules]
        return self._hits

    def _taken(self, view: SentenceView) -> _View:
        """Keep what later stages ask of every sentence."""
        lean = _View(view, len(self._views), self)
        tagged = view.tagged
        self._views.append(lean)
        self.keep(lean.number, tagged)
        if self.settings.product is Product.AUTO:
            self.count_named(self.named, tagged)
        self._words.append(tagged.words)
        cues = [m for m in matches(self.ruleset.register, tagged) if m.start >= tagged.first]
        if cues:
            self._register[lean.number] = tuple(
                self._cues.setdefault(each.pattern[0], Match(each.pattern, _SOMEWHERE))
                for each in cues
            )
        return lean

    def _look_at(self, views: Sequence[_View]) -> None:
        """Match a block's sentences, and ask the guards."""
        rules = self.ruleset.rules
        numbered: list[tuple[int, Kept]] = []
        for number, found in sorted(self.hits_in(views).items()):
            rule = rules[number]
            if not isinstance(rule.check, Phrase | Frame):
                self._hits.setdefault(number, []).extend(found)
                self._judge(rule, found)
            elif self._active_rules[number]:
                numbered += ((number, kept) for kept in super().rule_stage(rule, tuple(found)))
        if numbered:
            fitted = self._fit(numbered)
            self._standing[views[0].block] = self._pack(fitted) if self._packs else fitted
        self._weigh(views)

    def _fit(self, numbered: Sequence[_Numbered]) -> list[_Numbered]:
        """Fit in the rewrites that are likely to be asked for, while the sentences are at hand."""
        each = (kept for _, kept in numbered)
        leads = leading(self.document, each, self.settings, self.product)
        wanted = set(map(id, leads))
        found = []
        for number, kept in numbered:
            candidate, hit = kept.candidate, kept.candidate.hit
            if hit is not None and id(kept) in wanted:
                values = values_of(self.document, kept)
                fitted = self._fitter.rewrites(kept.rule, candidate.place, hit, values)
                plain = tuple(map(plain_rewrite, fitted))
                hit = _Hit(hit.sentence, hit.role, hit.phrase, hit.match, plain)
                kept = Kept(kept.rule, changed(candidate, hit=hit), kept.lowered)  # noqa: PLW2901
            found.append((number, kept))
        return found

    def _pack(self, numbered: Sequence[_Numbered]) -> bytes:
        records = []
        for number, kept in numbered:
            place, hit = kept.candidate.place, kept.candidate.hit
            assert hit is not None  # noqa: S101  what rests on one sentence has one
            assert isinstance(hit.sentence, _View)  # noqa: S101  there are no others here
            self._patterns[hit.match.pattern[0]] = hit.match.pattern
            match = (hit.match.pattern[0], hit.match.parts)
            plain = hit.fitted if isinstance(hit, _Hit) else None
            found = (hit.sentence.number, hit.role, hit.phrase, match, plain)
            records.append((number, kept.lowered, place.start, place.end, found))
        return compress(dumps(records), 1)

    def _unpack(self, block: int, packed: bytes) -> Iterator[_Numbered]:
        for number, lowered, start, end, found in loads(decompress(packed)):  # noqa: S302 - our own plain data
            sentence, role, phrase, (pattern, parts), plain = found
            match = Match(self._patterns[pattern], parts)
            hit = _Hit(self._views[sentence], role, phrase, match, plain)
            candidate = Candidate(place=Place(block, start, end), hit=hit)
            yield number, Kept(self.ruleset.rules[number], candidate, lowered)

    def found_in(self, block: int) -> list[Kept]:
        """Return what was found in a block and concerns the product, in the order of the rules."""
        standing = self._standing.get(block, [])
        numbered = self._unpack(block, standing) if isinstance(standing, bytes) else standing
        found = [each for each in numbered if self._active_rules[each[0]]]
        found += self._others.get(block, ())
        return [kept for _, kept in sorted(found, key=itemgetter(0))]

    def blocks(self) -> list[int]:
        """Return the blocks that anything was found in."""
        return sorted(self._standing.keys() | self._others.keys())

    def _weigh(self, views: Iterable[_View]) -> None:
        """Note what sentences come to by themselves."""
        for score in self._weighed:
            noted = self._points[score.number]
            for view in views:
                noted.append(max(-_MOST_POINTS, min(score.own(view.tagged), _MOST_POINTS)))

    def _judge(self, rule: Rule, hits: Iterable[Hit]) -> None:
        """Ask the guards now of what later stages will ask them."""
        guards = self._guards(rule)
        if isinstance(rule.check, Requires):
            guards = [pair for pair in guards if pair[1] is GuardAction.DROP]
            role = "if"
        elif isinstance(rule.check, Near):
            role = "first"
        else:
            return
        for hit in hits:
            if hit.role == role:
                kept = self._guarded(rule, guards, Candidate(place=hit_place(hit), hit=hit))
                self._verdicts[id(hit)] = (kept is not None, kept is not None and kept.lowered)

    # Stages

    def sentence_stage(self) -> list[Kept]:
        """Return what was found sentence by sentence, most of it on the way."""
        numbers = {rule.id: number for number, rule in enumerate(self.ruleset.rules)}
        for kept in super().sentence_stage():
            others = self._others.setdefault(kept.candidate.place.block, [])
            others.append((numbers[kept.rule.id], kept))
        return _Standing(self.blocks(), self.found_in, is_short=not self._packs)

    def by_register(self, kept: list[Kept], register: Register) -> list[Kept]:  # noqa: ARG002  it is all that was found
        """Keep weak matches only with a second cue in the sentence or where the page sells."""
        usual = super().by_register
        return _Standing(
            self.blocks(),
            lambda block: usual(self.found_in(block), register),
            is_short=not self._packs,
        )

    def _guards(self, rule: Rule) -> list[tuple[Guard, GuardAction]]:
        known = self._guards_of.get(rule.id)
        if known is None:
            known = self._guards_of[rule.id] = super()._guards(rule)
        return known

    def _guarded(
        self, rule: Rule, guards: Iterable[tuple[Guard, GuardAction]], candidate: Candidate
    ) -> Kept | None:
        known = self._verdicts.get(id(candidate.hit)) if candidate.hit is not None else None
        if known is None:
            return super()._guarded(rule, guards, candidate)
        passed, lowered = known
        return Kept(rule, candidate, lowered=lowered) if passed else None

    def _cued_block(self, number: int) -> CuedBlock:
        cued = super()._cued_block(number)
        while len(self._cued) > _MOST_CUED:
            del self._cued[next(iter(self._cued))]
        return cued

    def cued(self) -> Iterator[SentenceView]:
        """Yield the sentences with nothing but their cues."""
        name = self.ruleset.register.name
        for view in self._views:
            found = {name: self._register.get(view.number, ())}
            tagged = changed(_NOTHING, words=self._words[view.number], found=found)
            yield SentenceView(view.block, view.ordinal, view.sentence, tagged)

    def own_points(self, score: ScoreRule, view: SentenceView) -> int:
        """Return what a sentence comes to by itself, counted on the way."""
        noted = self._points.get(score.number)
        if noted is None:
            return super().own_points(score, view)
        assert isinstance(view, _View)  # noqa: S101  there are no others in a long run
        return noted[view.number]

    def without(self, kept: list[Kept], doubtful: Container[tuple[int, int]]) -> list[Kept]:
        """Leave out what was found in some sentences, by (block, ordinal)."""
        assert isinstance(kept, _Standing)  # noqa: S101  the stages of a long run give no other
        return kept.filtered(lambda found: super(LongRun, self).without(found, doubtful))

    def fitter(self) -> Fitter:
        """Return what knows the rewrites that were fitted in on the way."""
        return _Fitted(self.document, self._by_block, self.ruleset.lexicon)

    def worded(self, kept: Iterable[Kept]) -> tuple[Finding, ...]:
        """Return what was found as findings, worded block by block."""
        assert isinstance(kept, _Standing)  # noqa: S101  the stages of a long run give no other
        if not self._packs:
            return in_order(pair for pairs in self._worded(kept) for pair in pairs)
        try:
            return PackedFindings(self._signed(kept))
        except _OutOfOrderError:
            # A footnote, say, stands elsewhere in the source than among the blocks.
            return in_order(pair for pairs in self._worded(kept) for pair in pairs)

    def _worded(self, kept: _Standing) -> Iterator[list[tuple[Finding, str]]]:
        """Yield the findings of each block with their sentences."""
        fitter = self.fitter()
        for found in kept.by_block():
            yield worded_findings(self.document, found, self.settings, self.product, fitter)[0]

    def _signed(self, kept: _Standing) -> Iterator[Finding]:
        """Yield the findings in order with their fingerprints, as `in_order` gives them."""
        seen: dict[bytes, int] = {}
        last: tuple[Any, ...] = ()
        for pairs in self._worded(kept):
            for finding, sentence in sorted(pairs, key=lambda pair: pair[0].sort_key):
                if finding.sort_key < last:
                    raise _OutOfOrderError
                last = finding.sort_key
                key = signature(finding, sentence)
                digest = blake2b(key.encode(errors="surrogatepass"), digest_size=16).digest()
                ordinal = seen.get(digest, 0)
                seen[digest] = ordinal + 1
                yield fingerprinted(finding, key, ordinal)

    def _silence(self, rule: Rule, place: Place, by: str) -> None:
        """Forget what was silenced: in a long document it is much."""


class _Standing(list[Kept]):
    """What was found, unpacked block by block whenever it is asked for, and what was added to it.

    Only for going through it: of the list that it passes for, it has but the added.
    """

    def __init__(
        self, blocks: Sequence[int], unpacked: Callable[[int], list[Kept]], *, is_short: bool
    ) -> None:
        """Take the blocks that hold anything, and what unpacks one; a short list is kept."""
        super().__init__()
        self._numbers = blocks
        self._unpacked = unpacked
        if is_short:
            self._unpacked = {number: unpacked(number) for number in blocks}.__getitem__

    def filtered(self, passed: Callable[[list[Kept]], list[Kept]]) -> _Standing:
        """Return what passes of it, unpacked anew whenever it is asked for."""
        unpacked = self._unpacked
        return _Standing(self._numbers, lambda block: passed(unpacked(block)), is_short=False)

    def __iter__(self) -> Iterator[Kept]:
        """Go through what was found, in the order of blocks, and the added."""
        for number in self._numbers:
            yield from self._unpacked(number)
        yield from super().__iter__()

    def by_block(self) -> Iterator[list[Kept]]:
        """Yield all of each block."""
        added: dict[int, list[Kept]] = {}
        for kept in super().__iter__():
            added.setdefault(kept.candidate.place.block, []).append(kept)
        known = set(self._numbers)
        for number in sorted(known | added.keys()):
            found = self._unpacked(number) if number in known else []
            yield found + added.get(number, [])


class _Hit(Hit):
    """A match that knows the rewrites fitted in for it, as plain data, if any were."""

    __slots__ = ("fitted",)

    fitted: tuple[Any, ...] | None

    def __init__(
        self, sentence: SentenceView, role: str, phrase: int, match: Match, fitted: Any
    ) -> None:
        """Take what a hit has; what its names bind follows from the match."""
        super().__init__(sentence, role, phrase, match, match.bound)
        object.__setattr__(self, "fitted", fitted)


class _Fitted(Fitter):
    """Gives the rewrites that were fitted in before."""

    def rewrites(
        self, rule: Rule, place: Place, hit: Hit | None, values: Mapping[str, str]
    ) -> Iterator[Rewrite]:
        """Yield a rule's rewrites as they read in the place of a finding, the best one first."""
        if isinstance(hit, _Hit) and hit.fitted is not None:
            return (rewrite_of(*each) for each in hit.fitted)
        return super().rewrites(rule, place, hit, values)


class _Blocks(Mapping[int, Sequence[Tagged]]):
    """The sentences of each block that has any."""

    def __init__(self, run: LongRun) -> None:
        self._run = run

    def __getitem__(self, number: int) -> Sequence[Tagged]:
        first, count = self._run.ranges[number]
        return _Sentences(self._run, first, count)

    def __iter__(self) -> Iterator[int]:
        return iter(self._run.ranges)

    def __len__(self) -> int:
        return len(self._run.ranges)


class _Sentences(Sequence[Tagged]):
    """The sentences of a block."""

    def __init__(self, run: LongRun, first: int, count: int) -> None:
        self._run, self._first, self._count = run, first, count

    def __getitem__(self, ordinal: Any) -> Any:
        if not 0 <= ordinal < self._count:
            raise IndexError(ordinal)
        return self._run.tagged(self._first + ordinal)

    def __len__(self) -> int:
        return self._count


def _block_of(view: SentenceView) -> int:
    return view.block
