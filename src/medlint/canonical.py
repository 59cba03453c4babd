"""Writes plain data in the form that `marshal` reads, the same bytes for the same data anywhere.

What `marshal` itself writes hangs on what else is alive in the process (it marks as shared whatever
something refers to, interned strings among them), and so on the Python and on what was imported.
A release has to be the same wherever it is built.
"""

from __future__ import annotations

import marshal
from collections import Counter
from typing import Any

_SHARED = 0x80
_LONGEST_SMALL = 255
_TUPLE, _SMALL_TUPLE, _DICT, _DICT_END, _FROZENSET, _REFERENCE = b"(){0>r"


def dumps(value: Any) -> bytes:
    """Return data for `marshal.loads`; of Python 3.4's form, which every later one reads.

    Tuples, dicts and frozensets that are one object stay one; equal strings and bytes become one.

    Args:
        value: tuples, dicts, frozensets, strings, bytes, numbers, booleans and None, nested.
    """
    writer = _Writer()
    writer.count(value)
    writer.write(value)
    return bytes(writer.out)


class _Writer:
    def __init__(self) -> None:
        self.out = bytearray()
        self._uses: Counter[Any] = Counter()
        self._written: dict[Any, int] = {}

    def count(self, value: Any) -> None:
        """Count how often each part that can be shared occurs."""
        key = _key(value)
        if key is None:
            return
        self._uses[key] += 1
        if self._uses[key] == 1:
            for part in _parts(value):
                self.count(part)

    def write(self, value: Any) -> None:
        """Write a value, or where it was written before."""
        key = _key(value)
        if key in self._written:
            self._head(_REFERENCE, self._written[key])
            return
        start = len(self.out)
        shared = self._uses[key] > 1 if key is not None else False
        if shared:
            # The reader numbers what is shared by where it begins.
            self._written[key] = len(self._written)
        if isinstance(value, tuple):
            small = len(value) <= _LONGEST_SMALL
            self._head(_SMALL_TUPLE if small else _TUPLE, len(value), 1 if small else 4)
        elif isinstance(value, dict):
            self.out.append(_DICT)
        elif isinstance(value, frozenset):
            self._head(_FROZENSET, len(value))
        else:
            # Without references, the standard form of a single value hangs on nothing else.
            self.out += marshal.dumps(value, 2)
        for part in _parts(value):
            self.write(part)
        if isinstance(value, dict):
            self.out.append(_DICT_END)
        if shared:
            self.out[start] |= _SHARED

    def _head(self, sign: int, number: int, size: int = 4) -> None:
        self.out.append(sign)
        self.out += number.to_bytes(size, "little")


def _key(value: Any) -> Any:
    """Return what a shared part is known by; None where sharing would save nothing."""
    if isinstance(value, str | bytes):
        return value
    return id(value) if isinstance(value, tuple | dict | frozenset) else None


def _parts(value: Any) -> tuple[Any, ...]:
    if isinstance(value, dict):
        return tuple(part for item in value.items() for part in item)
    if isinstance(value, frozenset):
        return tuple(sorted(value, key=dumps))
    return value if isinstance(value, tuple) else ()
