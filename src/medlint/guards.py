"""Guards: what turns a match into no claim, or a weaker one.

Follows ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): cue, direction, reach,
terminators; here over clauses instead of whole sentences. A cue inside the matched words does not
count, unless it is their first and the guard hears it there, and two negators cancel.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.records import dataclass

if TYPE_CHECKING:
    from medlint.matcher import Part, Tagged


# The keys of a guard that hold phrases.
GUARD_PHRASES = ("cues", "pseudo", "terminators", "affirmed")


class Direction(StrEnum):
    """On which side of its cue a guard works."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"


class Reach(StrEnum):
    """How far a cue reaches; NEXT adds the neighbouring sentence, BLOCK the whole block."""

    CLAUSE = "clause"
    SENTENCE = "sentence"
    NEXT = "next"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """A guard with the symbols of its cues.

    `within` limits the words between cue and match (0: no limit). `limits` marks the guard of
    stated limits, which drops a weak rule's match that another guard lowers too. `cancels` lets two
    cues undo each other. `opening` counts a cue that a match begins with: "may relieve pain".
    `whole` wants the cue outside the match, not between its words. `own` leaves out cues in what a
    match completes, a lead-in or a question, unless the match begins there. `question` marks the
    guard of yes/no questions. `affirmed` opens a next sentence that makes the claim after all:
    "They ask if it cures gout. It does."
    """

    name: str
    about: str
    direction: Direction
    reach: Reach
    cue: int
    pseudo: int
    terminator: int
    affirmed: int
    within: int = 0
    limits: bool = False
    cancels: bool = False
    opening: bool = False
    whole: bool = False
    own: bool = False
    question: bool = False

    @property
    def symbols(self) -> tuple[int, int, int, int]:
        """All symbols that the guard asks for."""
        return self.cue, self.pseudo, self.terminator, self.affirmed


@dataclass(frozen=True, slots=True)
class Cue:
    """The words that silenced a match: how many sentences away, and the tokens there."""

    offset: int
    part: Part


def governing_cue(
    guard: Guard,
    block: tuple[Tagged, ...],
    position: int,
    parts: tuple[Part, ...],
) -> Cue | None:
    """Return the cue that governs a match, or None.

    Args:
        guard: the guard to ask.
        block: the sentences of the block, with their cues tagged.
        position: which of them holds the match.
        parts: the matched elements.
    """
    if guard.question:
        return _question_cue(guard, block, position)
    own = _own_cues(guard, block[position], parts)
    if own and _affirmed(guard, block, position):
        return None
    if own and not (guard.cancels and len(own) % 2 == 0):
        return Cue(0, own[0])
    return cue_beside(guard, block, position, parts)


def cue_beside(
    guard: Guard,
    block: tuple[Tagged, ...],
    position: int,
    parts: tuple[Part, ...],
) -> Cue | None:
    """Return the cue in another sentence of the block that governs a match, or None.

    Takes what `governing_cue` takes.
    """
    if guard.question or guard.reach in {Reach.CLAUSE, Reach.SENTENCE}:
        return None
    if _set_apart(guard, block[position], parts):
        return None
    for neighbour in _neighbours(guard, len(block), position):
        cues = _cues(guard, block[neighbour])
        if cues:
            return Cue(neighbour - position, cues[0])
    return None


def _set_apart(guard: Guard, tagged: Tagged, parts: tuple[Part, ...]) -> bool:
    """Tell whether words before the match end what a cue in another sentence says of it.

    After "Myth: it does nothing." the sentence "Fact: it cures arthritis." is the writer's own.
    """
    return any(end <= parts[-1][0] for _, end in tagged.cue_parts(guard.terminator))


def _neighbours(guard: Guard, count: int, position: int) -> tuple[int, ...]:
    if guard.reach is Reach.BLOCK:
        return tuple(other for other in range(count) if other != position)
    sides = {
        Direction.FORWARD: (position - 1,),
        Direction.BACKWARD: (position + 1,),
        Direction.BOTH: (position - 1, position + 1),
    }[guard.direction]
    return tuple(side for side in sides if 0 <= side < count)


def _cues(guard: Guard, tagged: Tagged) -> tuple[Part, ...]:
    """Return the guard's real cues in a sentence: not those that a pseudo-cue explains.

    The longer one wins: "no longer recommended" is a cue although "no longer" is none.
    """
    cues = tagged.cue_parts(guard.cue)
    pseudo = tagged.cue_parts(guard.pseudo)
    if not pseudo:
        return cues
    return tuple(cue for cue in cues if not any(_explains(fake, cue) for fake in pseudo))


def _explains(pseudo: Part, cue: Part) -> bool:
    if pseudo[0] >= cue[1] or cue[0] >= pseudo[1]:
        return False
    return not (cue[0] <= pseudo[0] and pseudo[1] < cue[1])


def _own_cues(guard: Guard, tagged: Tagged, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    cues = (cue for cue in _cues(guard, tagged) if _governs(guard, tagged, cue, parts))
    own = _distinct(tuple(cues))
    if not guard.cancels or len(own) < 2:  # noqa: PLR2004 - only two cues can cancel
        return own
    # "does not prevent and does not cure flu": the second verb has a negator of its own.
    return tuple(cue for cue in own if not _coordinated(guard, tagged, cue, parts))


def _coordinated(guard: Guard, tagged: Tagged, cue: Part, parts: tuple[Part, ...]) -> bool:
    """Tell whether a cue belongs to a further verb that "and" or "or" adds within the match."""
    return parts[0][1] <= cue[0] and any(
        start < cue[0] and cue[1] <= end for start, end in tagged.cue_parts(guard.terminator)
    )


def _distinct(cues: tuple[Part, ...]) -> tuple[Part, ...]:
    """Keep the first of overlapping cues, so that "not been shown to" counts once."""
    kept: list[Part] = []
    for cue in cues:
        if not kept or cue[0] >= kept[-1][1]:
            kept.append(cue)
    return tuple(kept)


def _governs(guard: Guard, tagged: Tagged, cue: Part, parts: tuple[Part, ...]) -> bool:
    # "There is no risk": the match denies the risk itself. The "to" of "failed to relieve" may
    # be part of both, and so may what "no" denies: "no pill or cream will help you".
    norms = tagged.tokens.norms
    if guard.own and cue[0] < tagged.first <= parts[0][0]:
        return False
    if norms[cue[0]] == "no" and cue[0] < parts[0][0] < cue[1]:
        return guard.direction is not Direction.BACKWARD
    if guard.opening and cue[0] == parts[0][0] and cue[1] < parts[-1][1]:
        return True
    last = cue[1] - (cue[1] - cue[0] > 1 and norms[cue[1] - 1] == "to")
    if any(start < last and cue[0] < end for start, end in parts):
        return False
    if guard.whole and parts[0][0] < cue[0] < parts[-1][1]:
        return False
    return _reaches_any(guard, tagged, cue, parts)


def _reaches_any(guard: Guard, tagged: Tagged, cue: Part, parts: tuple[Part, ...]) -> bool:
    """Tell whether the matched words nearest to a cue lie on its side, and in its reach."""
    if guard.direction is not Direction.BACKWARD:
        target = next((part for part in parts if part[0] >= cue[1]), None)
        if target and _reaches(guard, tagged, cue[1], target[0], cue[0], target[0]):
            return True
    if guard.direction is Direction.FORWARD:
        return False
    target = next((part for part in reversed(parts) if part[1] <= cue[0]), None)
    return target is not None and _reaches(guard, tagged, target[1], cue[0], cue[0], target[0])


def _reaches(  # noqa: PLR0913, PLR0917 - two ends of a stretch and what lies at either
    guard: Guard, tagged: Tagged, start: int, end: int, cue: int, target: int
) -> bool:
    """Tell whether nothing between `start` and `end` ends the cue's scope."""
    if guard.reach is Reach.CLAUSE and tagged.clauses[cue] != tagged.clauses[target]:
        return False
    if guard.within and sum(tagged.tokens.is_word[start:end]) > guard.within:
        return False
    return not any(
        start <= terminator < end for terminator, _ in tagged.cue_parts(guard.terminator)
    )


def _question_cue(guard: Guard, block: tuple[Tagged, ...], position: int) -> Cue | None:
    """Find the opener of a yes/no question whose answer does not affirm it."""
    tagged = block[position]
    norms = tagged.tokens.norms
    if not norms or "?" not in norms[-2:]:
        return None
    opener = next((cue for cue in _cues(guard, tagged) if _begins_clause(tagged, cue)), None)
    if opener is None:
        return None
    return None if _affirmed(guard, block, position) else Cue(0, opener)


def _affirmed(guard: Guard, block: tuple[Tagged, ...], position: int) -> bool:
    """Tell whether the next sentence opens with words that make the claim after all."""
    if position + 1 >= len(block):
        return False
    following = block[position + 1]
    first = following.first
    cues = [cue for cue in following.cue_parts(guard.affirmed) if cue[0] >= first]
    return bool(cues) and not any(following.tokens.is_word[first : cues[0][0]])


def _begins_clause(tagged: Tagged, cue: Part) -> bool:
    """Tell whether a cue opens the sentence, or a clause after a sign: "Balding: can it help?".

    What the sentence is read with may open it as well: "Can it:" above "cure arthritis?".
    """
    return any(_opens(tagged, first, cue[0]) for first in {0, tagged.first})


def _opens(tagged: Tagged, first: int, cue: int) -> bool:
    before = tagged.tokens.is_word[first:cue]
    if not any(before):
        return first <= cue
    return not before[-1] and tagged.clauses[cue] != tagged.clauses[first]
