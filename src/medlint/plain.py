"""Turns compiled rulesets into plain data and back, for a cache that cannot run code.

`marshal` holds numbers, strings, tuples, dicts and frozensets only; a dataclass becomes a tuple
headed by its name, and only the classes of this page come back.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from medlint.checks import CHECK_TYPES
from medlint.checks.duplicate_items import Scope
from medlint.checks.frame import Act, Form
from medlint.checks.metric import Formula
from medlint.checks.near import Within
from medlint.checks.points import Points
from medlint.checks.requires import Condition, Duty
from medlint.checks.score import PagePart
from medlint.checks.weighing import Weighing
from medlint.document import BlockKind
from medlint.findings import Category, Product, RulesetInfo, Severity, Source
from medlint.guards import Direction, Guard, Reach
from medlint.indexes import Elements, PatternIndex
from medlint.lexicon import Lexicon
from medlint.records import is_record, parameters_of
from medlint.rules import GuardAction, Rule, Ruleset, Tier
from medlint.tagging import Tagger

if TYPE_CHECKING:
    from collections.abc import Sequence

_DATACLASSES = {
    kind.__name__: kind
    for kind in (
        *CHECK_TYPES.values(),
        Act,
        Condition,
        Duty,
        Elements,
        Guard,
        Lexicon,
        PatternIndex,
        Points,
        Rule,
        Ruleset,
        RulesetInfo,
        Source,
        Tagger,
        Weighing,
    )
}
_ENUMS = {
    kind.__name__: kind
    for kind in (
        BlockKind,
        Category,
        Direction,
        Form,
        Formula,
        GuardAction,
        PagePart,
        Product,
        Reach,
        Scope,
        Severity,
        Tier,
        Within,
    )
}
# Large tables of plain data.
_VERBATIM = frozenset(
    "Tagger.words Elements.sets Elements.groups Tagger.names Tagger.outweighing"
    " PatternIndex.by_symbol Points.concepts Points.named Points.packed Lexicon.synonyms"
    " Lexicon.statuses Lexicon.carriers Lexicon.names Lexicon.blanks Rule.worded".split()
)
# What stands for a value that is no plain data: "data", "enum", "tuple" or "dict"; the name of the
# class; its parts (of a dict the keys, then the values); which of them are nodes themselves.
_Node: TypeAlias = tuple[str, str, tuple[Any, ...], tuple[int, ...]]


def to_plain(value: Any) -> Any:
    """Return plain data for a value; equal parts of it are one object, which is written once."""
    return _node("tuple", "", [_to_plain(value, {})], {})


def _to_plain(value: Any, known: dict[Any, Any]) -> tuple[Any, bool]:
    """Return plain data for a value, and whether that is a node."""
    if isinstance(value, StrEnum):
        return _node("enum", type(value).__name__, [(value.value, False)], known), True
    if isinstance(value, str):
        # Strings of a file carry their line; the cache has no use for it.
        return str(value), False
    if is_record(value):
        name = type(value).__name__
        parts = [
            (_shared(getattr(value, field), known), False)
            if f"{name}.{field}" in _VERBATIM
            else _to_plain(getattr(value, field), known)
            for field in _field_names(name)
        ]
        return _node("data", name, parts, known), True
    if not isinstance(value, tuple | dict):
        return value, False
    kind = "dict" if isinstance(value, dict) else "tuple"
    whole = (*value, *value.values()) if isinstance(value, dict) else value
    parts = [_to_plain(item, known) for item in whole]
    if any(is_node for _, is_node in parts):
        return _node(kind, "", parts, known), True
    plain = tuple(part for part, _ in parts)
    return (_paired(plain) if kind == "dict" else plain), False


def _shared(value: Any, known: dict[Any, Any]) -> Any:
    """Return plain data in which equal parts are one object: less to read, and less memory."""
    if isinstance(value, dict):
        return {_shared(key, known): _shared(item, known) for key, item in value.items()}
    if isinstance(value, tuple):
        value = tuple(_shared(item, known) for item in value)
        # By identity, for 1 equals 1.0.
        return known.setdefault((tuple, *map(id, value)), value)
    if isinstance(value, str | int | float | bytes):
        return known.setdefault((type(value), value), value)
    return value


def _node(kind: str, name: str, parts: list[tuple[Any, bool]], known: dict[_Node, _Node]) -> _Node:
    node = (
        kind,
        name,
        tuple(part for part, _ in parts),
        tuple(place for place, (_, is_node) in enumerate(parts) if is_node),
    )
    try:
        return known.setdefault(node, node)
    except TypeError:  # a table inside cannot be hashed
        return node


def from_plain(node: Any) -> Any:
    """Return the value that plain data stands for; parts that were one object stay one."""
    return _from_node(node, {})[0]


def _from_node(node: _Node, known: dict[int, Any]) -> Any:
    found = known.get(id(node))
    if found is None:
        found = known[id(node)] = _decoded(node, known)
    return found


def _decoded(node: _Node, known: dict[int, Any]) -> Any:
    kind, name, items, nodes = node
    parts = list(items)
    for place in nodes:
        parts[place] = _from_node(items[place], known)
    if kind == "enum":
        return _ENUMS[name](parts[0])
    if kind == "data":
        return _DATACLASSES[name](**dict(zip(_field_names(name), parts, strict=True)))
    return tuple(parts) if kind == "tuple" else _paired(parts)


def _paired(whole: Sequence[Any]) -> dict[Any, Any]:
    half = len(whole) // 2
    return dict(zip(whole[:half], whole[half:], strict=True))


@cache
def _field_names(name: str) -> tuple[str, ...]:
    return parameters_of(_DATACLASSES[name])
