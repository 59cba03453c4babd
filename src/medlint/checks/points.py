"""The points of a rule for concepts and terms, unpacked as sentences ask for them."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What terms are looked up by that hold no word: "^ {therapy}".
ANY_SENTENCE = ""


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a rule: of concepts by symbol, what stands for some in terms, and of terms.

    `packed` holds the terms with their points, packed by what they are looked up by. `under` are
    the points of what stands in the heading above.
    """

    concepts: Mapping[int, int]
    named: Mapping[int, str]
    packed: Mapping[str, bytes]
    under: Points | None = None
    _terms: dict[str, int] = field(default_factory=dict, init=False, compare=False, repr=False)
    _unpacked: set[str] = field(default_factory=set, init=False, compare=False, repr=False)

    def terms(self, norms: Iterable[str]) -> dict[str, int]:
        """Return the points of terms; those that these words can make up are among them."""
        for key in self.packed.keys() & {ANY_SENTENCE, *norms} - self._unpacked:
            self._terms.update(marshal.loads(self.packed[key]))  # noqa: S302 - our own plain data
            self._unpacked.add(key)
        return self._terms
