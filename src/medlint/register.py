"""The page's register: does it sell or inform?

Weak rules need a promotional surrounding. Cues are data (`register.yaml`); what rules found
counts as promotion too: a page that claims benefit after benefit sells, whether or not it asks for
a booking. Short and unknown texts count as promotional.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import Severity
from medlint.matcher import matches
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medlint.checks.view import SentenceView
    from medlint.document import Document
    from medlint.indexes import PatternIndex

# A draft of fewer words than this is too short to show its register.
SHORT_DRAFT = 120
# A fragment of fewer words sells unless it informs outright; up to so many words, a text without
# any cue sells too.
FRAGMENT = 25
UNKNOWN_DRAFT = 40
# What a sentence adds to the promotional side: with a strong match, a weak one, a hedged one. Text
# that informs says "may relieve pain" as well; it hardly ever says "your knee will be rebuilt".
CLAIM_WEIGHT = 2.0
WEAK_CLAIM_WEIGHTS = {Severity.ERROR: 1.5, Severity.WARNING: 0.95, Severity.SUGGESTION: 0.95}
HEDGED_CLAIM_WEIGHT = 0.6
# Clinics inform in order to sell, so information weighs less than promotion; and a long page needs
# more promotion than a short one. Fitted on labelled pages of both kinds.
INFORMATION_WEIGHT = 0.9
LEAST_DENSITY = 0.2
# A page that speaks as a seller and makes claims sells, however much it informs as well. Charities
# and regulators speak of "our helpline" too, and of the same products; they claim less than this,
# by 100 words.
SELLER = 6.5
SELLER_CLAIMS = 0.85
# What informs without a cue of a seller or a strong claim needs so many weak claims in 100 words.
UNCUED_CLAIMS = 1.0
# A section with several claims speaks for itself where the page is nearly balanced.
SECTION_CLAIMS = 1.5
# What an informative section of a page that sells is forgiven, of the page's promotion. Advice to
# see a doctor stands beside "completely safe, even for premature babies".
FORGIVEN_SHARE = 0.5
# Cues beyond this many of a kind add nothing: a price list is no louder than a price.
CUE_LIMIT = 3
# A promotional cue of at least this weight is a second cue in its own sentence.
SENTENCE_CUE = 1.0


@dataclass(frozen=True, slots=True)
class ClaimWeights:
    """What the claims of each section weigh, one match a sentence."""

    strong: Mapping[int, float]
    weak: Mapping[int, float]


@dataclass(slots=True)
class Score:
    """What speaks for selling and for informing in some stretch of text.

    `claims` is what weak matches add to the promotion, and `cues` the part of it that cues make up.
    """

    promotion: float = 0.0
    cues: float = 0.0
    claims: float = 0.0
    information: float = 0.0
    words: int = 0


@dataclass(frozen=True, slots=True)
class Register:
    """Whether each section promotes; `page` is the whole document's score."""

    page: Score
    selling: frozenset[int]
    cued: frozenset[tuple[int, int]]

    @property
    def is_fragment(self) -> bool:
        """Tell whether the page is so short that it counts as selling for lack of anything else."""
        return self.page.words < UNKNOWN_DRAFT

    def promotes(self, section: int) -> bool:
        """Tell whether a section sells."""
        return section in self.selling

    def has_cue(self, sentence: SentenceView) -> bool:
        """Tell whether a sentence itself holds a promotional cue."""
        return (sentence.block, sentence.ordinal) in self.cued


def read_register(
    cues: PatternIndex,
    document: Document,
    sentences: Iterable[SentenceView],
    claims: ClaimWeights,
) -> Register:
    """Score a document.

    Args:
        cues: the compiled cues, owned by (cue number, weight).
        document: the draft.
        sentences: all its sentences.
        claims: what its claims weigh.
    """
    page = Score()
    sections: dict[int, Score] = {}
    seen: dict[int, int] = {}
    cued: set[tuple[int, int]] = set()
    for sentence in sentences:
        section = sections.setdefault(document.blocks[sentence.block].section, Score())
        tagged = sentence.tagged
        section.words += tagged.words
        page.words += tagged.words
        # A cue's shorter wording may lie in a longer one: "there is no cure for" counts once.
        reached: dict[int, int] = {}
        for match in sorted(matches(cues, tagged), key=lambda each: (each.start, -each.end)):
            number, weight = match.owner
            if match.start < max(tagged.first, reached.get(number, 0)):
                continue
            reached[number] = match.end
            if weight >= SENTENCE_CUE:
                cued.add((sentence.block, sentence.ordinal))
            seen[number] = seen.get(number, 0) + 1
            for score in (page, section):
                if score is page and seen[number] > CUE_LIMIT:
                    continue
                score.promotion += max(weight, 0.0)
                score.cues += max(weight, 0.0)
                score.information += max(-weight, 0.0)
    for number, weight in claims.strong.items():
        sections.setdefault(number, Score()).promotion += weight
        page.promotion += weight
    for number, weight in claims.weak.items():
        sections.setdefault(number, Score()).claims += weight
        page.claims += weight
    seller = _is_seller(page)
    selling = frozenset(
        number for number, score in sections.items() if _sells(page, score, seller=seller)
    )
    return Register(page, selling, frozenset(cued))


def _is_seller(page: Score) -> bool:
    claims = page.claims + page.promotion - page.cues
    return page.cues >= SELLER and claims >= SELLER_CLAIMS * page.words / 100


def _sells(page: Score, section: Score, *, seller: bool) -> bool:
    promotion = page.promotion + page.claims
    if page.words < FRAGMENT:
        return page.information <= promotion + 1
    if page.words < SHORT_DRAFT:
        # An answer of a few sentences makes weak claims as well; alone they do not show that it
        # sells, and from a certain length on neither does silence.
        shown = page.promotion > 0 or page.words < UNKNOWN_DRAFT
        return shown and page.information <= page.promotion
    needed = INFORMATION_WEIGHT * page.information + LEAST_DENSITY * page.words / 100
    if page.information and not page.promotion and page.claims < UNCUED_CLAIMS * page.words / 100:
        # "Daily tablets lower the risk by 99 percent": a few weak claims alone show nothing.
        return False
    if seller or promotion >= needed or not page.information:
        # An informative section of a selling page (risks, references) stays silent.
        spoken = section.promotion + section.claims
        return section.information <= spoken + FORGIVEN_SHARE * promotion
    gap = needed - promotion
    if section.claims >= SECTION_CLAIMS:
        return section.promotion + section.claims > section.information + gap
    return section.promotion > section.information + page.information / 2
