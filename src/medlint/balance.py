"""How a page's benefit statements stand against its material risks, as a whole and by section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.findings import Balance, Category, SectionBalance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from medlint.checks.view import Hit
    from medlint.document import Document, Section
    from medlint.results import Kept
    from medlint.rules import Ruleset

# A sentence: its block and its ordinal there.
_Place = tuple[int, int]


def weigh(
    document: Document,
    ruleset: Ruleset,
    hits: Mapping[int, Sequence[Hit]],
    kept: Iterable[Kept],
) -> Balance:
    """Count the sentences that state a benefit and those that name a material risk.

    `hits` are the matches of all rules by number, `kept` what passed guards and register.
    """
    benefits = {
        (item.candidate.hit.sentence.block, item.candidate.hit.sentence.ordinal)
        for item in kept
        if item.candidate.hit is not None and item.rule.category in ruleset.benefits
    }
    risks = _risks(ruleset, hits)
    return Balance(len(benefits), len(risks), _by_section(document, benefits, risks))


def _risks(ruleset: Ruleset, hits: Mapping[int, Sequence[Hit]]) -> set[_Place]:
    """Return the sentences that meet a duty to name risks and do not play them down."""
    risks: set[_Place] = set()
    for number, rule in enumerate(ruleset.rules):
        if rule.category is not Category.MISSING_RISK:
            continue
        for role, sign in (("then", True), ("not", False)):
            found = {
                (hit.sentence.block, hit.sentence.ordinal)
                for hit in hits.get(number, ())
                if hit.role == role
            }
            risks = risks | found if sign else risks - found
    return risks


def _by_section(
    document: Document, benefits: Iterable[_Place], risks: Iterable[_Place]
) -> tuple[SectionBalance, ...]:
    counts = [[0, 0] for _ in document.sections]
    for side, places in enumerate((benefits, risks)):
        for block, _ in places:
            counts[document.blocks[block].section][side] += 1
    return tuple(
        SectionBalance(_heading(document, section), section.level, *pair)
        for section, pair in zip(document.sections, counts, strict=True)
    )


def _heading(document: Document, section: Section) -> str | None:
    return None if section.heading is None else document.blocks[section.heading].text
