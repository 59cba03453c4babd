"""Concepts: the vocabulary that rules are written in."""

from __future__ import annotations

from medlint.records import dataclass

# The forms of an action and the wider form each belongs to.
ACTION_FORMS = {
    "base": "finite",
    "past": "finite",
    "finite": "verb",
    "ing": "verb",
    "verb": "",
    "noun": "",
    "adjective": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A named set of words and phrases.

    `terms` holds groups of names of one and the same thing, mostly of one name each; `includes`
    names narrower concepts; `status` is the product status of a therapy; `hides` marks
    look-alikes; inside its longer terms those of the concepts that `outweighs` names do not count;
    `carries` lets a pronoun in the next sentence stand for the concept.
    """

    name: str
    about: str = ""
    terms: tuple[tuple[str, ...], ...] = ()
    inflect: str = ""
    includes: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    status: str = ""
    hides: bool = False
    outweighs: tuple[str, ...] = ()
    carries: bool = False
    path: str = ""
    line: int = 0

    @property
    def is_action(self) -> bool:
        """Tell whether the concept has verb, noun or adjective forms."""
        return bool(self.verbs or self.nouns or self.adjectives)
