"""A fixed workload of patterns, dictionaries and tuples, which medlint's time is compared with.

What medlint does is much the same to a processor, so that both are fast or slow together; and this
never changes.
"""

from __future__ import annotations

import re
import sys

_TEXT = (
    "The gardener of house {0} has planted {1} apple trees along the wall, and each year he counts "
    "the apples twice: once for himself, and once for the fair on 14 September. "
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d+|[^\w\s]")
_DATE = re.compile(r"\b(\d{1,2}) (September|October|November)\b")
_ROUNDS = 2_500


def work(rounds: int = _ROUNDS) -> int:
    """Do the work and return a number that depends on all of it."""
    places: dict[str, list[tuple[int, int]]] = {}
    dates = 0
    for number in range(rounds):
        text = _TEXT.format(number, number * 7 % 1_000).lower()
        dates += len(_DATE.findall(text.title()))
        for ordinal, match in enumerate(_WORD.finditer(text)):
            places.setdefault(match[0], []).append((number, ordinal))
    follow = 0
    for each in places.values():
        known = frozenset(each)
        follow += sum((number, ordinal + 1) in known for number, ordinal in each)
    return dates + follow + sum(map(len, places.values()))


if __name__ == "__main__":
    sys.exit(0 if work() else 1)
