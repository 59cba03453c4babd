"""The constructions of a frame, written out over its agent's, action's and target's concepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medlint.checks.frame import Form
from medlint.patterns import ConceptRef, Edge, Gap, Group, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.checks.frame import Act, Frame
    from medlint.patterns import Element, Sequence

_CARRIED = ConceptRef("carried")
_LONG = Gap(6)
_SHORT = Gap(3)
_MID = Gap(4)


def _words(words: str) -> Words:
    return Words(frozenset(words.split()))


_BE = _words("is are was were be been being get gets got")
_OF = _words("of in from for to with")
_FOR = _words("for against")
_TO = _words("to")
_BY = _words("by with through via using after thanks")
_ENABLERS = _words(
    "help helps helped helping allow allows allowing enable enables enabling let lets letting"
    " encourage encourages encouraging aid aids aiding assist assists assisting cause causes able"
)


def sequences(frame: Frame, act: Act, form: Form) -> Iterator[Sequence]:
    """Yield the sequences of one of a frame's acts in one of its forms."""
    return _BUILDERS[form](frame, act, _union(act.target))


def _subjects(frame: Frame) -> tuple[Sequence, ...]:
    """Return what may stand for the agent before its verb, with the gap up to it.

    A pronoun stands close to its verb; none where anyone may act.
    """
    if not frame.agent:
        return ()
    return ((_union(frame.agent), _LONG), (_CARRIED, _MID))


def _doers(frame: Frame) -> tuple[Sequence, ...]:
    """Return what may stand for the agent after the verb."""
    return ((_union(frame.agent),),) if frame.agent else ()


def _union(concepts: tuple[str, ...]) -> Element:
    if len(concepts) == 1:
        return ConceptRef(concepts[0])
    return Group(tuple((ConceptRef(concept),) for concept in concepts))


def _active(frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    for subject in _subjects(frame):
        yield (*subject, ConceptRef(act.action, "verb"), _LONG, target)
    if not frame.agent:
        yield (ConceptRef(act.action, "finite"), _LONG, target)


def _passive(frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    suffered: Sequence = (target, _SHORT, _BE, _SHORT, ConceptRef(act.action, "past"))
    if not frame.agent:
        yield suffered
    for doer in _doers(frame):
        yield (*suffered, _SHORT, _BY, _SHORT, *doer)
    for subject in _subjects(frame):
        yield (*subject, *suffered)


def _noun(frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    noun = ConceptRef(act.action, "noun")
    bodies: tuple[Sequence, ...] = ((noun, _OF, _SHORT, target), (target, noun))
    if not frame.agent:
        yield from bodies
    participle: Sequence = (ConceptRef(act.action, "past"), Gap(2), target)
    for subject in _subjects(frame):
        for body in (*bodies, participle):
            yield (*subject, *body)
    for doer in _doers(frame):
        yield (*bodies[0], _MID, _BY, _SHORT, *doer)


def _bullet(_frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    start = (Edge("^^"), Gap(1))
    for form in ("base", "past", "ing"):
        yield (*start, ConceptRef(act.action, form), _LONG, target)
    yield (*start, ConceptRef(act.action, "noun"), _OF, _SHORT, target)
    yield (*start, target, ConceptRef(act.action, "noun"), Edge("$"))
    yield (*start, ConceptRef(act.action, "adjective"), _SHORT, target)


def _property(frame: Frame, act: Act, _target: Element) -> Iterator[Sequence]:
    adjective = ConceptRef(act.action, "adjective")
    for subject in _subjects(frame):
        yield (*subject, adjective)
    for doer in _doers(frame):
        yield (adjective, _SHORT, *doer)
    if not frame.agent:
        yield (adjective,)


def _enable(frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    body: Sequence = (ConceptRef(act.action, "verb"), _LONG, target)
    for subject in _subjects(frame):
        yield (*subject, _ENABLERS, _LONG, *body)
    if not frame.agent:
        yield (_ENABLERS, _MID, *body)


def _purpose(frame: Frame, act: Act, target: Element) -> Iterator[Sequence]:
    body: Sequence = (_TO, Gap(2), ConceptRef(act.action, "base"), _LONG, target)
    for subject in _subjects(frame):
        yield (*subject, *body)
    for doer in _doers(frame):
        yield (*body, _LONG, *doer)
    if not frame.agent:
        yield body


def _for(frame: Frame, _act: Act, target: Element) -> Iterator[Sequence]:
    for doer in _doers(frame):
        yield (*doer, Gap(2), _FOR, _MID, target)


_BUILDERS = {
    Form.ACTIVE: _active,
    Form.PASSIVE: _passive,
    Form.NOUN: _noun,
    Form.BULLET: _bullet,
    Form.PROPERTY: _property,
    Form.ENABLE: _enable,
    Form.PURPOSE: _purpose,
    Form.FOR: _for,
}
