"""Reads YAML and TOML into values that know their lines.

YAML is built from the parser's events rather than composed: a deep nesting cannot overflow the
stack, and an alias shares its value instead of being expanded, so an alias bomb stays as small
as its text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from medlint.errors import ConfigError
from medlint.limits import is_too_deep
from medlint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_DEPTH = 20
_TOO_DEEP = f"nested more than {MAX_DEPTH} deep"
# Values of a file with every alias written out.
MAX_VALUES = 200_000

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on"), True),
    **dict.fromkeys(("false", "no", "off"), False),
}
_NULLS = {"", "~", "null"}
_INTEGER = re.compile(r"[-+]?\d+\Z")
_NUMBER = re.compile(r"[-+]?\d+\.\d*\Z")


@dataclass(frozen=True, slots=True)
class Value:
    """A value and the line of its key.

    `data` is text, a number, a boolean, None, a tuple of values, or a mapping from text to values.
    """

    data: str | float | bool | tuple[Value, ...] | Mapping[str, Value] | None
    line: int

    @property
    def entries(self) -> Mapping[str, Value] | None:
        """The mapping, or None where this is something else."""
        return self.data if isinstance(self.data, dict) else None

    @property
    def kind(self) -> str:
        """What the value is, in a user's words."""
        if isinstance(self.data, dict):
            return "a mapping"
        if isinstance(self.data, tuple):
            return "a list"
        if self.data is None:
            return "empty"
        if isinstance(self.data, bool):
            return "true or false"
        return "text" if isinstance(self.data, str) else "a number"


def plain(data: object, line: int) -> Value:
    """Turn plain data (from TOML or front matter) into a value, all of it on one line.

    What aliases share stays shared.
    """
    return _Plain(line).value(data, 0)


class _Plain:
    def __init__(self, line: int) -> None:
        self._line = line
        self._known: dict[int, Value] = {}

    def value(self, data: object, depth: int) -> Value:
        if data is None or isinstance(data, str | bool | int | float):
            return Value(data, self._line)
        if not isinstance(data, dict | list | tuple):
            return Value(str(data), self._line)
        if id(data) not in self._known:
            # What contains itself, or is nested too deeply, reads as empty.
            self._known[id(data)] = Value(None, self._line)
            if depth < MAX_DEPTH:
                self._known[id(data)] = Value(self._inside(data, depth + 1), self._line)
        return self._known[id(data)]

    def _inside(
        self, data: Mapping[Any, Any] | Sequence[Any], depth: int
    ) -> tuple[Value, ...] | dict[str, Value]:
        if isinstance(data, dict):
            return {str(key): self.value(item, depth) for key, item in data.items()}
        return tuple(self.value(item, depth) for item in data)


def read_yaml(text: str, path: str) -> Value:
    """Read a YAML configuration.

    Raises:
        ConfigError: it is no YAML, nested too deeply, or uses what a configuration cannot.
    """
    import yaml  # noqa: PLC0415  most runs need no YAML

    # A byte-order mark is no part of the text.
    text = text.removeprefix("\ufeff")
    builder = _Builder(path)
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        cause = f"this is not valid YAML: {error.problem or error.context}"
        if is_too_deep(error.problem):
            cause = _TOO_DEEP
        message = f"{path}:{line}: {cause}"
        raise ConfigError(message) from error
    except yaml.YAMLError as error:
        message = f"{path}:1: this is not valid YAML: {str(error).splitlines()[0]}"
        raise ConfigError(message) from error
    return builder.root


class _Builder:
    """Builds one value from parser events, with a stack instead of recursion."""

    def __init__(self, path: str) -> None:
        self.root = Value({}, 1)
        self._path = path
        self._documents = 0
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Value, int]] = {}

    def take(self, event: Any) -> None:
        """Take the next event."""
        line = event.start_mark.line + 1
        match type(event).__name__:
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    self._refuse(line, "a second YAML document; keep one to a file")
            case "AliasEvent":
                if event.anchor not in self._anchors:
                    self._refuse(line, f"“*{event.anchor}” stands for no finished value above it")
                self._add(*self._anchors[event.anchor], line)
            case "ScalarEvent":
                self._tagless(event, line)
                data = _scalar(event.value) if event.implicit[0] else event.value
                self._finish(Value(data, line), 1, event.anchor)
            case "MappingStartEvent" | "SequenceStartEvent":
                self._tagless(event, line)
                if len(self._stack) >= MAX_DEPTH:
                    self._refuse(line, _TOO_DEEP)
                is_mapping = type(event).__name__ == "MappingStartEvent"
                self._stack.append(_Open(line, event.anchor, is_mapping=is_mapping))
            case "MappingEndEvent" | "SequenceEndEvent":
                done = self._stack.pop()
                self._finish(done.value(), done.size, done.anchor)
            case _:
                pass

    def _tagless(self, event: Any, line: int) -> None:
        if event.tag not in {None, "!"}:
            self._refuse(line, f"the tag “{event.tag}” means nothing here; leave it out")

    def _finish(self, value: Value, size: int, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = value, size
        self._add(value, size, value.line)

    def _add(self, value: Value, size: int, line: int) -> None:
        if not self._stack:
            # An empty file is an empty configuration.
            self.root = Value({}, line) if value.data is None else value
            return
        self._stack[-1].size += size
        if self._stack[-1].size > MAX_VALUES:
            self._refuse(line, f"more than {MAX_VALUES:,} values, aliases written out")
        problem = self._stack[-1].add(value, line)
        if problem:
            self._refuse(line, problem)

    def _refuse(self, line: int, cause: str) -> None:
        message = f"{self._path}:{line}: {cause}"
        raise ConfigError(message)


class _Open:
    """A mapping or list whose end has not come yet."""

    def __init__(self, line: int, anchor: str | None, *, is_mapping: bool) -> None:
        self.anchor = anchor
        self.size = 1
        self._line = line
        self._is_mapping = is_mapping
        self._items: list[Value] = []
        self._entries: dict[str, Value] = {}
        self._key: tuple[str, int] | None = None

    def add(self, value: Value, line: int) -> str | None:
        """Add a key, a value or an item; return what is wrong with it, if anything."""
        if not self._is_mapping:
            self._items.append(Value(value.data, line))
            return None
        if self._key is None:
            return self._add_key(value, line)
        key, key_line = self._key
        self._entries[key] = Value(value.data, key_line)
        self._key = None
        return None

    def _add_key(self, value: Value, line: int) -> str | None:
        if isinstance(value.data, dict | tuple):
            return "a key must be text"
        key = _as_text(value.data)
        if key in self._entries:
            return f"“{key}” stands here twice"
        self._key = (key, line)
        return None

    def value(self) -> Value:
        return Value(self._entries if self._is_mapping else tuple(self._items), self._line)


def _scalar(text: str) -> str | float | bool | None:
    """Read a plain scalar as YAML 1.1 does, as far as a configuration needs it."""
    lowered = text.lower()
    if lowered in _BOOLEANS:
        return _BOOLEANS[lowered]
    if lowered in _NULLS:
        return None
    if _INTEGER.match(text):
        # Python refuses to read thousands of digits; such a thing is text here, and refused.
        return int(text) if len(text) < 20 else text  # noqa: PLR2004
    return float(text) if _NUMBER.match(text) else text


def _as_text(data: object) -> str:
    if isinstance(data, bool):
        return "on" if data else "off"
    return "" if data is None else str(data)


def read_pyproject(text: str, path: str) -> Value | None:
    """Read `[tool.medlint]` of a pyproject.toml; None where there is no such table.

    Raises:
        ConfigError: the file is no TOML.
    """
    from medlint import toml  # noqa: PLC0415  most runs need no TOML

    try:
        data = toml.loads(text)
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        cause = str(error) or "nested too deeply"
        message = f"{path}:{found[1] if found else 1}: this is not valid TOML: {cause}"
        raise ConfigError(message) from error
    tool = data.get("tool")
    table = tool.get("medlint") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        return None
    return _located(
        table, text.splitlines(), _line_of(text.splitlines(), r"\[+\s*tool\.medlint", 1)
    )


def _located(table: Mapping[str, Any], lines: list[str], above: int) -> Value:
    """Give a TOML table's values the lines on which their keys stand, as far as text shows them."""
    entries = {}
    for key, data in table.items():
        name = re.escape(key)
        line = _line_of(lines, rf"\s*(?:\[+.*\b{name}[\"']?\s*\]|[\"']?{name}[\"']?\s*=)", above)
        entries[key] = _located(data, lines, line) if isinstance(data, dict) else plain(data, line)
    return Value(entries, above)


def _line_of(lines: list[str], pattern: str, above: int) -> int:
    """Return the first line from `above` on that begins with the pattern, or `above`."""
    wanted = re.compile(pattern)
    found = (n for n, line in enumerate(lines[above - 1 :], above) if wanted.match(line))
    return next(found, above)
