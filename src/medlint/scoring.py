"""What score rules make of a document: which sentences add up to a claim, and which are doubted.

On a page they weigh the sentences where it sells, each with what stands around it; a draft of a few
words they weigh as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from medlint.checks.score import Around, PagePart, Score
from medlint.records import changed, dataclass
from medlint.register import SHORT_DRAFT
from medlint.rules import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medlint.checks.points import Points
    from medlint.checks.view import SentenceView
    from medlint.document import Document
    from medlint.matcher import Tagged
    from medlint.register import Register
    from medlint.results import Kept
    from medlint.rules import Rule

# How many sentences before and after one stand around it.
_BESIDE = 2
# A page of so many sentences has parts: those that open and close it, and fifths.
_LEAST_PARTED, _OPENING, _CLOSING = 10, 2, 3
_FIFTHS = (
    PagePart.FIRST,
    PagePart.SECOND,
    PagePart.THIRD,
    PagePart.FOURTH,
    PagePart.FIFTH,
)
# What claims in two of five sentences sells; balanced pages seem to in three of ten at most.
_SELLERS_CLAIM = 0.4
# What tells whether a page sells: half of its sentences, within these bounds.
_LEAST_TELLING, _MOST_TELLING = 2, 8


@dataclass(frozen=True, slots=True)
class Claims:
    """Which sentences claim.

    `counts` is how many rules find something in each sentence, in order, and `rules` how many do in
    the draft; `strong` are those (block, ordinal) with a strong rule's finding, and `share` is the
    share of sentences with any finding, 0 to 1.
    """

    counts: tuple[int, ...]
    rules: int
    strong: frozenset[tuple[int, int]]
    share: float


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """A rule of points: its number, the rule, its check, and the points of its concepts."""

    number: int
    rule: Rule
    check: Score
    points: Points

    def own(self, tagged: Tagged) -> int:
        """Return what a sentence comes to by itself; it is counted once."""
        known = tagged.points.get(self.number)
        if known is None:
            known = tagged.points[self.number] = self.check.own(self.points, tagged)
        return known


class Scorable(Protocol):
    """A run, as far as scores ask for it."""

    document: Document
    sentences: tuple[SentenceView, ...]

    def scores(self) -> tuple[ScoreRule, ...]:
        """Return the score rules that are on."""

    def own_points(self, score: ScoreRule, view: SentenceView) -> int:
        """Return what a sentence comes to by itself."""

    def denied(self, rule: Rule, view: SentenceView) -> bool:
        """Tell whether another sentence denies what one says."""

    def scored(self, score: ScoreRule, view: SentenceView, head_start: int) -> Kept | None:
        """Return a sentence that comes to a claim, and that guards let pass."""

    def sells(self, view: SentenceView, register: Register | None) -> bool:
        """Tell whether a sentence stands where the page sells; without a register all do."""


def added(run: Scorable, claims: Claims, register: Register | None) -> list[Kept]:
    """Return the sentences whose words add up to a claim, where the page sells.

    Sentences with a claim that stands so far are left alone, and so is a page that claims nothing
    in so many words. Without a register the whole page counts as selling, and a short draft is
    weighed in both ways.
    """
    in_brief_too = any(score.check.brief for score in run.scores())
    if in_brief_too and register is not None and register.is_fragment:
        return _added_in_brief(run, claims)
    found = _added_to_page(run, claims, register) if claims.share else []
    return found if register is not None or found else _added_in_brief(run, claims)


def _added_to_page(run: Scorable, claims: Claims, register: Register | None) -> list[Kept]:
    scores = [each for each in run.scores() if not each.check.instead_of and not each.check.brief]
    found = []
    for view, around in standing(run.document, run.sentences, claims):
        if around.rules or not run.sells(view, register):
            continue
        for score in scores:
            if around.kind not in score.rule.where:
                continue
            start = score.check.head_start(around)
            if run.own_points(score, view) + start < score.check.least:
                continue
            kept = run.scored(score, view, start)
            if kept:
                found.append(kept)
                break
    return found


def _added_in_brief(run: Scorable, claims: Claims) -> list[Kept]:
    """Return the most telling sentence of a short draft that comes to a claim as a whole.

    What another sentence denies tells nothing for a claim, but it may against one.
    """
    if claims.rules:
        return []
    for score in run.scores():
        if not score.check.brief:
            continue
        said = [view for view in run.sentences if not run.denied(score.rule, view)]
        total = min(in_brief(score, run.document, each, 0) for each in (said, run.sentences))
        if total < score.check.least:
            continue
        views = (
            (run.own_points(score, view), view)
            for view in said
            if run.document.blocks[view.block].kind in score.rule.where
        )
        for own, view in sorted(views, key=lambda pair: -pair[0]):
            kept = run.scored(score, view, total - own)
            if kept:
                return [kept]
    return []


def doubtful(run: Scorable, claims: Claims, register: Register) -> frozenset[tuple[int, int]]:
    """Return the sentences, by (block, ordinal), whose words come to no claim.

    Only where the page sells, which is where whatever a weak rule finds stands otherwise, and none
    with a strong rule's finding. In a draft of a few words the whole draft may speak for a
    sentence: "Is there a cure? Now there is." A short draft has little around a sentence that could
    speak for it, so the points of fragments must doubt it as well: "We offer this. Book now. [a
    notice]".
    """
    scores = [
        (each, each.check.doubt)
        for each in run.scores()
        if each.check.doubt is not None
        and (
            each.check.brief
            if register.is_fragment
            else not each.check.brief or register.page.words < SHORT_DRAFT
        )
    ]
    if not scores or not claims.rules:
        return frozenset()
    if register.is_fragment and any(
        in_brief(score, run.document, run.sentences, claims.rules) >= doubt
        for score, doubt in scores
    ):
        return frozenset()
    return frozenset(
        (view.block, view.ordinal)
        for view, around in standing(run.document, run.sentences, claims)
        if around.rules
        and (view.block, view.ordinal) not in claims.strong
        and (register.is_fragment or run.sells(view, register))
        and any(around.kind in score.rule.where for score, _ in scores)
        and all(
            run.own_points(score, view) + score.check.head_start(around) < doubt
            for score, doubt in scores
            if around.kind in score.rule.where
        )
    )


def weighed(run: Scorable, claims: Claims, register: Register) -> Register:
    """Return whether the page sells, by its most telling sentences, where a score tells it.

    They are read as on a page that sells: what speaks for it is that it claims much, which cues of
    a seller only hint at. A page sells as a whole: of its sentences, points tell which claim. One
    that claims in sentence after sentence sells in whatever words: "We cure ALS. We cure ALS."
    A single sentence has no register: there the points of fragments decide, by doubting.
    """
    every = frozenset(run.document.blocks[view.block].section for view in run.sentences)
    if (
        register.is_fragment
        and len(run.sentences) == 1
        and any(each.check.brief for each in run.scores())
    ):
        return changed(register, selling=every)
    score = next((each for each in run.scores() if each.check.sells is not None), None)
    if score is None or score.check.sells is None or register.is_fragment or not run.sentences:
        return register
    totals = [
        run.own_points(score, view) + score.check.head_start(around)
        for view, around in standing(run.document, run.sentences, claims)
    ]
    is_seller = claims.share >= _SELLERS_CLAIM or most_telling(totals) >= score.check.sells
    if not is_seller and register.page.words < SHORT_DRAFT:
        # A story and its disclosure: a few sentences tell less than a cue does.
        return register
    if not is_seller:
        # Of what weak rules find beside a cue on such pages, one in ten is a claim.
        return changed(register, selling=frozenset(), cued=frozenset())
    return changed(register, selling=every)


def most_telling(totals: Sequence[float]) -> float:
    """Return what a page's most telling sentences come to, on average."""
    count = min(_MOST_TELLING, max(_LEAST_TELLING, round(len(totals) / 2)))
    telling = sorted(totals, reverse=True)[:count]
    return sum(telling) / len(telling)


def in_brief(
    score: ScoreRule, document: Document, views: Sequence[SentenceView], rules: int
) -> int:
    """Return what a short draft comes to as a whole; what comes twice counts once.

    `rules` is how many rules find something in it.
    """
    check = score.check
    counted = {
        key: each for view in views for key, each, _ in check.counted(score.points, view.tagged)
    }
    kinds = {document.blocks[view.block].kind for view in views}
    total = sum(counted.values()) + sum(check.blocks.get(kind, 0) for kind in kinds)
    return total + check.head_start(Around(rules=rules)) - check.blocks.get(Around().kind, 0)


def claims_in(kept: Iterable[Kept], sentences: Sequence[SentenceView]) -> Claims:
    """Return which sentences claim, by what was found in them."""
    rules: dict[tuple[int, int], set[str]] = {}
    strong = set()
    stretches: dict[int, list[Kept]] = {}
    for item in kept:
        hit = item.candidate.hit
        if hit is None:
            # What a regular expression finds belongs to no one sentence.
            stretches.setdefault(item.candidate.place.block, []).append(item)
            continue
        key = (hit.sentence.block, hit.sentence.ordinal)
        rules.setdefault(key, set()).add(item.rule.id)
        if item.rule.tier is Tier.STRONG:
            strong.add(key)
    for view in sentences if stretches else ():
        for item in stretches.get(view.block, ()):
            place = item.candidate.place
            if place.start < view.sentence.end and view.sentence.start < place.end:
                rules.setdefault((view.block, view.ordinal), set()).add(item.rule.id)
    counts = tuple(len(rules.get((each.block, each.ordinal), ())) for each in sentences)
    every = {rule for found in rules.values() for rule in found}
    share = sum(map(bool, counts)) / max(len(counts), 1)
    return Claims(counts, len(every), frozenset(strong), share)


def standing(
    document: Document, sentences: Sequence[SentenceView], claims: Claims
) -> Iterator[tuple[SentenceView, Around]]:
    """Yield each sentence with where it stands."""
    counts = claims.counts
    parts = page_parts(len(sentences))
    for place, view in enumerate(sentences):
        kind = document.blocks[view.block].kind
        own = counts[place]
        beside = sum(map(bool, counts[max(place - _BESIDE, 0) : place + _BESIDE + 1]))
        yield view, Around(kind, beside - bool(own), claims.share, own, parts[place])


def page_parts(sentences: int) -> tuple[PagePart | None, ...]:
    """Return the part of a page that each of its sentences stands in, by their number."""
    if sentences < _LEAST_PARTED:
        return (None,) * sentences
    last = sentences - _CLOSING
    return tuple(
        PagePart.OPENING
        if place < _OPENING
        else PagePart.CLOSING
        if place >= last
        else _FIFTHS[len(_FIFTHS) * place // sentences]
        for place in range(sentences)
    )
