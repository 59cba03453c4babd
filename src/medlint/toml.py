"""Reads TOML from anyone; what would take the standard library's reader for ever is refused."""

from __future__ import annotations

import re
from typing import Any

_MOST_PARTS = 50
_PART = r"""(?:[\w-]++|"[^"\r\n]*+"|'[^'\r\n]*+')"""
# tomllib takes time by more than the square of a key's parts.
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_MOST_PARTS}}}")


def loads(text: str) -> dict[str, Any]:
    """Return the tables of a TOML text.

    Raises:
        ValueError: it is none; the message ends with "(at line 3, ...)" where the place is known.
        RecursionError: it is nested too deeply.
    """
    import tomllib  # noqa: PLC0415 - few drafts and configurations are TOML

    long = _LONG_KEY.search(text)
    if long is not None:
        line = text.count("\n", 0, long.start()) + 1
        message = f"a key of more than {_MOST_PARTS} parts (at line {line}, column 1)"
        raise ValueError(message)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        message = "a number of thousands of digits"
        raise ValueError(message) from None
