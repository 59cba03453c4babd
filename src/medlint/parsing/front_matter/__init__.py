"""Front matter: YAML between "---" lines or TOML between "+++" lines at a draft's start.

Every text value is linted where it stands. Its pieces come from the value's own syntax; where
they do not give the parsed value, the whole value is one piece, never a wrong place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medlint.parsing.builder import DocumentBuilder

_FENCE = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)")
_YAML_END = re.compile(r"(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?:\r\n|\r|\n|\Z)")
_TOML_END = re.compile(r"(?<=[\r\n])\+\+\+[ \t]*(?:\r\n|\r|\n|\Z)")
_YAML_KEY = re.compile(r"(?:^|[\r\n])[ \t]*[\w\"'][^\r\n:#]*:(?=\s|$)")
_TOML_KEY = re.compile(r"(?:^|[\r\n])[ \t]*(?:\[|[\w\"'][^\r\n=#]*=)")


def read_front_matter(builder: DocumentBuilder) -> int:
    """Read the front matter into `builder` and return where the body starts.

    Raises:
        InputError: There is front matter, and it is broken.
    """
    source = builder.source
    fence = _FENCE.match(source)
    if fence is None:
        return 0
    begin = fence.end()
    is_yaml = fence[1] == "---"
    close = (_YAML_END if is_yaml else _TOML_END).search(source, begin)
    if close is None:
        return 0
    end = close.start()
    text = source[begin:end]
    if text.strip() and (_YAML_KEY if is_yaml else _TOML_KEY).search(text) is None:
        return 0  # a thematic break and prose
    if is_yaml:
        from medlint.parsing.front_matter import yaml_values  # noqa: PLC0415

        return close.end() if yaml_values.read(builder, text, begin) else 0
    from medlint.parsing.front_matter import toml_values  # noqa: PLC0415

    toml_values.read(builder, text, begin)
    return close.end()
