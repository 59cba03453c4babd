"""The lexicon: what is left of concepts once they are compiled."""

from __future__ import annotations

from medlint.records import dataclass


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the engine needs of the concepts beyond their patterns.

    `synonyms` maps the words of a name to the words of the longest name for the same thing;
    `statuses` maps a therapy concept's symbol to a product status; `carriers` are the symbols
    whose concept a pronoun of the next sentence may stand for; `names` maps symbols to concepts;
    `blanks` maps a blank of rewrites to the symbols of what fills it, the best one first.
    """

    synonyms: dict[tuple[str, ...], tuple[str, ...]]
    statuses: dict[int, str]
    carriers: tuple[int, ...]
    names: dict[int, str]
    blanks: dict[str, tuple[int, ...]]
