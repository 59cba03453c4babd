"""Reads YAML nodes into dataclasses, strictly, and writes the JSON Schema of the same types.

Every problem is collected with its line; unknown keys name the nearest right one. Field names map
to keys with "-" for "_" and without a trailing "_" (`except_` is `except`).
"""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from medlint.limits import LARGEST_NUMBER, LONGEST_TEXT, is_too_deep
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

# A file may hold this many nodes; real rule files have a tenth.
MAX_NODES = 500_000
_MAX_DEPTH = 40
_TOO_DEEP = "the file is nested too deeply"
# How many right words a message lists where none is near.
_LISTED_CHOICES = 16
_JSON_TYPES = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_SCALARS = {"str": "text", "int": "a number", "float": "a number", "bool": "true or false"}


class Text(str):
    """A string from a file, with the file's path and the 1-based line it stands in."""

    __slots__ = ("line", "path")
    path: str
    line: int


class _InvalidError(Exception):
    """A node was wrong; the problem is on the list."""


@dataclass(slots=True)
class Reader:
    """Reads one file's nodes and collects what is wrong with them."""

    path: str
    problems: list[str] = field(default_factory=list)

    def compose(self, text: str) -> Any:
        """Parse YAML into a node tree; None (with a problem noted) where it is not YAML."""
        import yaml  # noqa: PLC0415 - only a cache miss reads YAML

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            # Composing recurses in C, where a deep nesting ends the process; events do not.
            depth = 0
            for event in yaml.parse(text, Loader=loader):
                depth += isinstance(event, yaml.CollectionStartEvent)
                depth -= isinstance(event, yaml.CollectionEndEvent)
                if depth > _MAX_DEPTH:
                    self.note(line_of(event), _TOO_DEEP)
                    return None
            root = yaml.compose(text, Loader=loader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            cause = _TOO_DEEP if is_too_deep(error.problem) else f"not YAML: {error.problem}"
            self.note(mark.line + 1 if mark else 1, cause)
            return None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.note(1, f"not YAML: {error}")
            return None
        return root if self._is_tree(root) else None

    def _is_tree(self, root: Any) -> bool:
        """Refuse aliases, which can multiply a small file into a huge one, and deep nesting."""
        seen: set[int] = set()
        pending = [(root, 0)]
        while pending:
            node, depth = pending.pop()
            if node is None:
                continue
            if id(node) in seen:
                self.note(line_of(node), "aliases (*name) are not allowed; write the value out")
                return False
            seen.add(id(node))
            if depth > _MAX_DEPTH or len(seen) > MAX_NODES:
                self.note(line_of(node), "the file is nested too deeply or too large")
                return False
            if isinstance(node.value, list):
                for child in node.value:
                    pair = child if isinstance(child, tuple) else (child,)
                    pending += [(part, depth + 1) for part in pair]
        return True

    def note(self, line: int, problem: str) -> None:
        """Put a problem on the list."""
        self.problems.append(f"{self.path}:{line}: {problem}")

    def read(self, kind: Any, node: Any, key: str) -> Any:
        """Read a node as a type; None where it is wrong."""
        try:
            return self._read(kind, node, key)
        except _InvalidError:
            return None

    def _fail(self, node: Any, problem: str) -> _InvalidError:
        self.note(line_of(node), problem)
        return _InvalidError()

    def _read(self, kind: Any, node: Any, key: str) -> Any:
        origin = get_origin(kind)
        if origin in {types.UnionType, Union}:
            return self._read(_fitting(get_args(kind), node), node, key)
        if origin is tuple:
            return self._sequence(get_args(kind)[0], node, key)
        if is_mapping(origin):
            return self._mapping(get_args(kind), node, key)
        if isinstance(kind, dict):
            return self._variant(kind, node, key)
        if is_dataclass(kind):
            return self._dataclass(kind, node, key)
        return self._scalar(kind, node, key)

    def _scalar(self, kind: Any, node: Any, key: str) -> Any:
        tag = str(node.tag).rpartition(":")[2]
        if isinstance(node.value, list):
            raise self._fail(node, f"“{key}” must be {_described(kind)}, not a {_shape(node)}")
        if issubclass(kind, StrEnum):
            return self._member(kind, node, key)
        if len(node.value) > LONGEST_TEXT:
            raise self._fail(node, f"“{key}” is longer than {LONGEST_TEXT:,} characters")
        if kind is str and tag in {"str", "timestamp"}:
            text = Text(node.value)
            text.path, text.line = self.path, line_of(node)
            return text
        if kind is bool and tag == "bool":
            return node.value.lower() in {"true", "yes", "on"}
        if kind in {int, float} and tag in {"int", "float"}:
            try:
                number = kind(node.value)
            except ValueError:
                pass
            else:
                # Not-a-number is in no range.
                if -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
                    return number
                reach = f"{LARGEST_NUMBER:,}"
                raise self._fail(node, f"“{key}” must lie between -{reach} and {reach}")
        hint = f'; write it in quotes: "{node.value}"' if kind is str else ""
        raise self._fail(node, f"“{key}” must be {_described(kind)}, not “{node.value}”{hint}")

    def _member(self, kind: type[StrEnum], node: Any, key: str) -> StrEnum:
        try:
            return kind(node.value)
        except ValueError:
            values = [member.value for member in kind]
            problem = f"“{key}” cannot be “{node.value}”{nearest(node.value, values)}"
            raise self._fail(node, problem) from None

    def _sequence(self, kind: Any, node: Any, key: str) -> tuple[Any, ...]:
        if not isinstance(node.value, list) or _shape(node) != "list":
            raise self._fail(node, f"“{key}” must be a list")
        items = [self.read(kind, child, key) for child in node.value]
        return tuple(item for item in items if item is not None)

    def _mapping(self, kinds: tuple[Any, ...], node: Any, key: str) -> dict[Any, Any]:
        if _shape(node) != "mapping":
            raise self._fail(node, f"“{key}” must be a mapping")
        result = {}
        for name_node, value_node in node.value:
            name = self.read(kinds[0], name_node, key)
            if name is None:
                continue
            value = self.read(kinds[1], value_node, f"{key}.{name}")
            if name in result:
                self.note(line_of(name_node), f"“{name}” is given twice in “{key}”")
            elif value is not None:
                result[name] = value
        return result

    def _variant(self, kinds: dict[str, Any], node: Any, key: str) -> Any:
        """Read a mapping whose `type` says which dataclass it is."""
        if _shape(node) != "mapping":
            raise self._fail(node, f"“{key}” must be a mapping with a “type”")
        for name_node, value_node in node.value:
            if name_node.value != "type":
                continue
            kind = kinds.get(str(value_node.value))
            if kind is None:
                problem = f"unknown {key} type “{value_node.value}”"
                raise self._fail(value_node, problem + nearest(str(value_node.value), kinds))
            return self._dataclass(kind, node, key, also={"type"})
        raise self._fail(node, f"“{key}” needs a “type”: one of {', '.join(kinds)}")

    def _dataclass(self, kind: Any, node: Any, key: str, also: Iterable[str] = ()) -> Any:
        if _shape(node) != "mapping":
            raise self._fail(node, f"“{key}” must be a mapping")
        known = keys_of(kind)
        before = len(self.problems)
        values: dict[str, Any] = {}
        for name_node, value_node in node.value:
            name = str(name_node.value)
            if name in also:
                continue
            if name not in known:
                self.note(line_of(name_node), f"unknown key “{name}”{nearest(name, known)}")
                continue
            attribute, value_kind = known[name]
            if attribute in values:
                self.note(line_of(name_node), f"key “{name}” is given twice")
                continue
            values[attribute] = self.read(value_kind, value_node, name)
        for name, (attribute, _) in known.items():
            if attribute not in values and _is_required(kind, attribute):
                self.note(line_of(node), f"“{key}” lacks the key “{name}”")
        if len(self.problems) > before:
            raise _InvalidError
        if any(each.name == "line" for each in fields(kind)):
            values["line"] = line_of(node)
        return kind(**values)


def is_mapping(origin: Any) -> bool:
    """Tell whether a generic type is a mapping."""
    return getattr(origin, "__name__", "") in {"Mapping", "dict"}


@lru_cache(maxsize=64)
def keys_of(kind: Any) -> dict[str, tuple[str, Any]]:
    """Return a dataclass's keys with attribute and type; fields marked `hidden` have none."""
    hints = get_type_hints(kind)
    return {
        each.name.rstrip("_").replace("_", "-"): (
            each.name,
            each.metadata.get("variants") or hints[each.name],
        )
        for each in fields(kind)
        if not each.metadata.get("hidden")
    }


def _is_required(kind: Any, attribute: str) -> bool:
    spec = next(each for each in fields(kind) if each.name == attribute)
    return spec.default is MISSING and spec.default_factory is MISSING


def _fitting(kinds: tuple[Any, ...], node: Any) -> Any:
    """Choose the member of a union that a node's shape fits."""
    shape = _shape(node)
    tag = str(node.tag).rpartition(":")[2]
    for kind in kinds:
        origin = get_origin(kind)
        if shape == "list" and origin is tuple:
            return kind
        if shape == "mapping" and (is_mapping(origin) or is_dataclass(kind)):
            return kind
        is_scalar = isinstance(kind, type) and not is_dataclass(kind)
        if shape == "text" and is_scalar and (kind is bool) == (tag == "bool"):
            return kind
    return next(kind for kind in kinds if kind is not types.NoneType)


def _shape(node: Any) -> str:
    if not isinstance(node.value, list):
        return "text"
    return "mapping" if str(node.id) == "mapping" else "list"


def _described(kind: Any) -> str:
    if issubclass(kind, StrEnum):
        return "one of " + ", ".join(member.value for member in kind)
    name = str(kind.__name__)
    return _SCALARS.get(name, name)


def line_of(node: Any) -> int:
    """Return a node's 1-based line."""
    return int(node.start_mark.line) + 1


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint at the nearest right word, or the choice where none is near."""
    choices = list(known)
    close = get_close_matches(word, choices, n=1, cutoff=0.6)
    if close:
        return f"; did you mean “{close[0]}”?"
    if 0 < len(choices) <= _LISTED_CHOICES:
        return f"; use one of: {', '.join(sorted(choices))}"
    return ""


def json_schema(kind: Any) -> dict[str, Any]:  # noqa: PLR0911 - one return for each kind of type
    """Return the JSON Schema of a type, as `Reader` reads it."""
    origin = get_origin(kind)
    if origin in {types.UnionType, Union}:
        options = [json_schema(each) for each in get_args(kind) if each is not types.NoneType]
        return options[0] if len(options) == 1 else {"anyOf": options}
    if origin is tuple:
        return {"type": "array", "items": json_schema(get_args(kind)[0])}
    if is_mapping(origin):
        name, value = get_args(kind)
        return {
            "type": "object",
            "propertyNames": json_schema(name),
            "additionalProperties": json_schema(value),
        }
    if isinstance(kind, dict):
        return {"oneOf": [_variant_schema(name, each) for name, each in kind.items()]}
    if is_dataclass(kind):
        return _dataclass_schema(kind)
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [member.value for member in kind]}
    return {"type": _JSON_TYPES[kind.__name__]}


def _variant_schema(name: str, kind: Any) -> dict[str, Any]:
    schema = _dataclass_schema(kind)
    schema["properties"] = {"type": {"const": name}, **schema["properties"]}
    schema["required"] = ["type", *schema.get("required", [])]
    return schema


def _dataclass_schema(kind: Any) -> dict[str, Any]:
    docs = {each.name: each.metadata.get("doc", "") for each in fields(kind)}
    properties = {}
    required = []
    for key, (attribute, value_kind) in keys_of(kind).items():
        properties[key] = json_schema(value_kind)
        if docs[attribute]:
            properties[key]["description"] = docs[attribute]
        if _is_required(kind, attribute):
            required.append(key)
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
    if required:
        schema["required"] = required
    return schema
