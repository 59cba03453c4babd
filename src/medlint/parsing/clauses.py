"""Clauses of a sentence, split once, for gaps that stay inside one and guards that end with one.

No part-of-speech tagger: closed classes of English function words decide. A clause ends at a
semicolon, colon, dash or bullet, at a subordinating or adversative conjunction, at "and" or a comma
before a new subject with its verb, and around relative clauses and brackets, after which the outer
clause goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medlint.parsing.tokens import Tokens

_HARD = frozenset("; : — • · |".split())
_ADVERSATIVE = frozenset("but however yet whereas although though because unless nor".split())
# These also open a sentence; its first comma then ends their clause.
_SUBORDINATE = frozenset(
    "although though while whereas if since when because unless once whether as until".split()
)
# "Where many therapies fail, ours …": only as the first word.
_OPENING = frozenset(("where",))
# "While" and its like in mid-sentence open a clause only before a subject of their own.
_SOFT_SUBORDINATE = frozenset("while if when since once until so as whether before after".split())
_RELATIVE = frozenset("which who whose whom where".split())
_SUBJECT_PRONOUNS = frozenset("it they we you he she i there this that these those".split())
_DETERMINERS = frozenset(
    "the our your their its a an most many some all no each every this these that those my".split()
)
_BARE_SUBJECTS = frozenset(
    "patients people clients doctors researchers studies results treatment therapy"
    " injections".split()
)
_AUXILIARIES = frozenset(
    "is are was were am be has have had do does did can could may might will would should must"
    " cannot".split()
)
_COORDINATORS = frozenset("and or".split())
_SUBJECT_REACH = 5
_LIST_REACH = 9


def clause_ids(tokens: Tokens) -> tuple[int, ...]:
    """Number the clause that each token belongs to, from 0.

    Ids are not always ascending: after a bracket or an enclosed relative clause the outer clause's
    id comes again.
    """
    return _ids(tokens.norms)


def closing_clause(tokens: Tokens) -> int:
    """Return the clause that a full stop behind the last token would belong to.

    It is another than the last token's where that closes a bracket or is a colon.
    """
    return _ids((*tokens.norms, "."))[-1]


def _ids(norms: tuple[str, ...]) -> tuple[int, ...]:
    count = len(norms)
    ids = [0] * count
    current = following = 0
    # Clauses to go back to: (id, sign that ends the inner clause).
    outer: list[tuple[int, str]] = []
    opening = bool(count) and (
        norms[0] in _SUBORDINATE or norms[0] in _OPENING or _is_denying_participle(norms)
    )
    for index, norm in enumerate(norms):
        if norm == "(":
            following += 1
            outer.append((current, ")"))
            current = following
        elif outer and norm == outer[-1][1]:
            ids[index] = current
            current = outer.pop()[0]
            continue
        elif opening and norm == "," and not _lists_on(norms, index):
            opening = False
            ids[index] = current
            current = following = following + 1
            continue
        elif norm == "," and index + 1 < count and norms[index + 1] in _RELATIVE:
            following += 1
            outer.append((current, ","))
            ids[index] = current
            current = following
            continue
        elif index and _opens_clause(norms, index):
            current = following = following + 1
        ids[index] = current
        if norm in _HARD:
            outer = [entry for entry in outer if entry[1] == ")"]
            current = following = following + 1
    return tuple(ids)


def _is_denying_participle(norms: tuple[str, ...]) -> bool:
    """Tell whether a sentence begins as "(And) not being a drug, it is safe." does."""
    first = 1 if norms[0] in _COORDINATORS else 0
    opening = norms[first : first + 2]
    return len(opening) > 1 and opening[0] == "not" and opening[1].endswith("ing")


def _lists_on(norms: tuple[str, ...], comma: int) -> bool:
    """Tell whether a list goes on after a comma: "If you tried rest, ice and pills, come in.".

    In "If you have pain, ice and pills can help." it does not: no comma ends the list.
    """
    coordinated = False
    for index in range(comma + 1, min(comma + 1 + _LIST_REACH, len(norms))):
        norm = norms[index]
        if norm in _COORDINATORS:
            coordinated = True
        elif norm == ",":
            return coordinated
        elif norm in _AUXILIARIES or norm in _SUBJECT_PRONOUNS or norm in _HARD:
            return False
    return False


def _opens_clause(norms: tuple[str, ...], index: int) -> bool:
    norm = norms[index]
    if norm in _ADVERSATIVE:
        return True
    if norm in _SOFT_SUBORDINATE:
        return _has_subject_and_verb(norms, index + 1)
    if norm in _COORDINATORS or norm == ",":
        return _has_subject_and_verb(norms, index + 1)
    return False


def _has_subject_and_verb(norms: tuple[str, ...], index: int) -> bool:
    """Tell whether a subject with its verb seems to begin at `index`."""
    while index < len(norms) and norms[index] in _COORDINATORS:
        index += 1
    if index >= len(norms):
        return False
    first = norms[index]
    if first in _SUBJECT_PRONOUNS:
        # "this treatment" and "that" as a determiner need their verb in sight.
        if first in _DETERMINERS:
            return _verb_in_sight(norms, index + 1)
        return True
    if first in _DETERMINERS or first in _BARE_SUBJECTS:
        return _verb_in_sight(norms, index + 1)
    return False


def _verb_in_sight(norms: tuple[str, ...], index: int) -> bool:
    for norm in norms[index : index + _SUBJECT_REACH]:
        if norm in _AUXILIARIES:
            return True
        if norm in _COORDINATORS or norm in {",", ";", "."}:
            return False
    return False
