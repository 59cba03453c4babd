"""`frame`: who does what to what, in any construction.

Each construction is written out as plain sequences (see `constructions`), so frames run through
the same matcher as phrases.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from medlint.checks.phrase import ANY, EXCEPT, numbered
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.patterns import Sequence


class Form(StrEnum):
    """The constructions a frame may take."""

    ACTIVE = "active"
    PASSIVE = "passive"
    NOUN = "noun"
    BULLET = "bullet"
    PROPERTY = "property"
    ENABLE = "enable"
    PURPOSE = "purpose"
    FOR = "for"


_DEFAULT_FORMS = (Form.ACTIVE, Form.PASSIVE, Form.NOUN, Form.BULLET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An action and what it must act on to be a benefit."""

    action: str = field(metadata={"doc": "An action concept."})
    target: tuple[str, ...] = field(metadata={"doc": "Concepts of what is acted on."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An agent's action on a target, as verb, noun, participle or property."""

    acts: tuple[Act, ...] = field(metadata={"doc": "Actions with their targets."})
    agent: tuple[str, ...] = field(
        default=(), metadata={"doc": "Concepts of who acts; empty for anyone."}
    )
    forms: tuple[Form, ...] = field(
        default=_DEFAULT_FORMS, metadata={"doc": "The constructions to look for."}
    )
    except_: tuple[str, ...] = field(
        default=(), metadata={"doc": "Phrases; a match that touches one is none."}
    )

    def phrases(self) -> Iterator[tuple[str, int, Sequence]]:
        """Yield (role, number, sequence); the number counts acts and forms together."""
        from medlint.checks.constructions import sequences  # noqa: PLC0415 - for compiling

        for number, act in enumerate(self.acts):
            for ordinal, form in enumerate(self.forms):
                for sequence in sequences(self, act, form):
                    yield ANY, number * len(self.forms) + ordinal, sequence
        yield from numbered(EXCEPT, self.except_)
