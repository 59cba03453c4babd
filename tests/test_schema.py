"""Strict reading: YAML into types, with every problem at its line; and the schema of the types."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the schema reads the hints at run time
from dataclasses import dataclass, field
from enum import StrEnum
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.rulefiles import FILE_TYPES, LEXICON_TYPE, RULES_TYPE
from medlint.schema import Reader, Text, json_schema, keys_of, nearest


class Colour(StrEnum):
    """Some values."""

    RED = "red"
    GREEN = "green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A variant."""

    radius: float = field(metadata={"doc": "How wide."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """Another variant."""

    side: int = 1
    except_: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """All kinds of keys."""

    name: str
    paint_colour: Colour = Colour.RED
    shape: Any = field(default=None, metadata={"variants": {"circle": Circle, "square": Square}})
    tags: tuple[str, ...] = ()
    flags: Mapping[str, bool] = field(default_factory=dict)
    either: Colour | Mapping[str, Colour] | None = None
    names: tuple[str | tuple[str, ...], ...] = ()
    line: int = field(default=0, metadata={"hidden": True})


def read(kind: Any, text: str) -> tuple[Any, list[str]]:
    """Return what a text reads as, and the problems."""
    reader = Reader("x.yaml")
    root = reader.compose(dedent(text))
    return (None if root is None else reader.read(kind, root, "thing")), reader.problems


def test_everything_right_is_read() -> None:
    """Keys have hyphens, variants follow their `type`, and the line of each entry is kept."""
    value, problems = read(
        tuple[Thing, ...],
        """
        - name: a
          paint-colour: green
          shape: {type: circle, radius: 2.5}
          tags: [x, y]
          flags: {p: on, q: no}
          either: {k: red}
          names: [one, [two, three]]
        - {name: b, either: green, shape: {type: square, side: 3, except: [z]}}
        """,
    )
    expected = (
        Thing(
            name="a",
            paint_colour=Colour.GREEN,
            shape=Circle(radius=2.5),
            tags=("x", "y"),
            flags={"p": True, "q": False},
            either={"k": Colour.RED},
            names=("one", ("two", "three")),
            line=2,
        ),
        Thing(name="b", either=Colour.GREEN, shape=Square(side=3, except_=("z",)), line=9),
    )
    assert (value, problems) == (expected, [])


def test_strings_know_their_place() -> None:
    """A string from a file carries its path and line."""
    value, _ = read(Thing, "name: a\ntags:\n  - x\n")
    tag = value.tags[0]
    assert isinstance(tag, Text)
    assert (tag, tag.path, tag.line) == ("x", "x.yaml", 3)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("{}", ["x.yaml:1: “thing” lacks the key “name”"]),
        ("[a]", ["x.yaml:1: “thing” must be a mapping"]),
        ("a", ["x.yaml:1: “thing” must be a mapping"]),
        ("name: a\nnmae: b", ["x.yaml:2: unknown key “nmae”; did you mean “name”?"]),
        (
            "name: a\nzzz: b",
            [("x.yaml:2: unknown key “zzz”; use one of: either, flags, name, names, paint-colour,"
             " shape, tags")],
        ),
        ("name: a\npaint_colour: red",
         ["x.yaml:2: unknown key “paint_colour”; did you mean “paint-colour”?"]),
        ("name: a\nname: b", ["x.yaml:2: key “name” is given twice"]),
        ("name: a\nline: 3", [("x.yaml:2: unknown key “line”; use one of: either, flags, name,"
                             " names, paint-colour, shape, tags")]),
        ("name: 1.0", ['x.yaml:1: “name” must be text, not “1.0”; write it in quotes: "1.0"']),
        ("name: no", ['x.yaml:1: “name” must be text, not “no”; write it in quotes: "no"']),
        ("name: [a]", ["x.yaml:1: “name” must be text, not a list"]),
        ("name: {a: b}", ["x.yaml:1: “name” must be text, not a mapping"]),
        ("name: a\ntags: x", ["x.yaml:2: “tags” must be a list"]),
        ("name: a\ntags: {x: y}", ["x.yaml:2: “tags” must be a list"]),
        ("name: a\nflags: [x]", ["x.yaml:2: “flags” must be a mapping"]),
        ("name: a\nflags: {x: maybe}",
         ["x.yaml:2: “flags.x” must be true or false, not “maybe”"]),
        ("name: a\nflags: {x: on, x: off}", ["x.yaml:2: “x” is given twice in “flags”"]),
        ("name: a\npaint-colour: gren",
         ["x.yaml:2: “paint-colour” cannot be “gren”; did you mean “green”?"]),
        ("name: a\npaint-colour: blue",
         ["x.yaml:2: “paint-colour” cannot be “blue”; use one of: green, red"]),
        ("name: a\npaint-colour: [red]",
         ["x.yaml:2: “paint-colour” must be one of red, green, not a list"]),
        ("name: a\nshape: {radius: 1}",
         ["x.yaml:2: “shape” needs a “type”: one of circle, square"]),
        ("name: a\nshape: circle", ["x.yaml:2: “shape” must be a mapping with a “type”"]),
        ("name: a\nshape: {type: circel, radius: 1}",
         ["x.yaml:2: unknown shape type “circel”; did you mean “circle”?"]),
        ("name: a\nshape: {type: circle, radius: wide}",
         ["x.yaml:2: “radius” must be a number, not “wide”"]),
        ("name: a\nshape: {type: square, side: 1.5}",
         ["x.yaml:2: “side” must be a number, not “1.5”"]),
        ("name: a\nshape: {type: square, radius: 1}",
         ["x.yaml:2: unknown key “radius”; use one of: except, side"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text: str, problems: list[str]) -> None:
    """Each mistake is named with file, line, cause and the nearest right word."""
    assert read(Thing, text) == (None, problems)


def test_all_problems_are_told_at_once() -> None:
    """Reading goes on after a mistake, in the same entry and in the next."""
    _, problems = read(
        tuple[Thing, ...],
        """
        - {nme: a, tags: 3}
        - name: [b]
        - name: c
        - paint-colour: blue
        """,
    )
    assert [problem.partition(": ")[0] for problem in problems] == [
        "x.yaml:2", "x.yaml:2", "x.yaml:2", "x.yaml:3", "x.yaml:5", "x.yaml:5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [b\nc: d", "x.yaml:2: not YAML: did not find expected ',' or ']'"),
        ("a: b: c", "x.yaml:1: not YAML: mapping values are not allowed in this context"),
        ("a: *b", "x.yaml:1: not YAML: found undefined alias"),
        ("a: &x 1\nb: *x", "x.yaml:1: aliases (*name) are not allowed; write the value out"),
        ("[" * 100 + "]" * 100, "x.yaml:1: the file is nested too deeply"),
        ("[" * 100_000, "x.yaml:1: the file is nested too deeply"),
        ("a: 1\n---\nb: 2", "x.yaml:2: not YAML: but found another document"),
        ("a: \x00", "x.yaml:1: not YAML"),
    ],
)
def test_what_is_no_yaml(text: str, problem: str) -> None:
    """Broken, hostile and many-document YAML is one clear problem, at once."""
    value, problems = read(Thing, text)
    assert value is None
    assert [each[: len(problem)] for each in problems] == [problem]


def test_an_alias_bomb_is_refused_quickly() -> None:
    """Aliases that multiply are refused unread."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    value, problems = read(Thing, "\n".join(lines))
    assert value is None
    assert problems == ["x.yaml:1: aliases (*name) are not allowed; write the value out"]


@given(st.text(max_size=60) | st.text(alphabet="ab:-[]{}&*!|>'\"#?,% \n", max_size=60))
def test_any_text_is_read_or_a_problem(text: str) -> None:
    """Nothing but a value or problems comes out of any text."""
    reader = Reader("x.yaml")
    root = reader.compose(text)
    value = None if root is None else reader.read(Thing, root, "thing")
    assert value is None or not reader.problems
    assert all(problem.startswith("x.yaml:") for problem in reader.problems)


def test_nearest() -> None:
    """A hint names the nearest word, or the choice where it is small."""
    assert nearest("gren", ["green", "red"]) == "; did you mean “green”?"
    assert nearest("x", ["b", "a"]) == "; use one of: a, b"
    assert nearest("x", [str(number) for number in range(100)]) == ""


def test_keys() -> None:
    """A trailing underscore and the hidden fields do not show."""
    assert list(keys_of(Square)) == ["side", "except"]
    assert "line" not in keys_of(Thing)


def test_json_schema_says_the_same() -> None:
    """The JSON Schema of a type lists its keys, variants, values and what is required."""
    assert json_schema(Thing) == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "paint-colour": {"type": "string", "enum": ["red", "green"]},
            "shape": {
                "oneOf": [
                    {
                        "type": "object",
                        "properties": {
                            "type": {"const": "circle"},
                            "radius": {"type": "number", "description": "How wide."},
                        },
                        "additionalProperties": False,
                        "required": ["type", "radius"],
                    },
                    {
                        "type": "object",
                        "properties": {
                            "type": {"const": "square"},
                            "side": {"type": "integer"},
                            "except": {"type": "array", "items": {"type": "string"}},
                        },
                        "additionalProperties": False,
                        "required": ["type"],
                    },
                ]
            },
            "tags": {"type": "array", "items": {"type": "string"}},
            "flags": {
                "type": "object",
                "propertyNames": {"type": "string"},
                "additionalProperties": {"type": "boolean"},
            },
            "either": {
                "anyOf": [
                    {"type": "string", "enum": ["red", "green"]},
                    {
                        "type": "object",
                        "propertyNames": {"type": "string"},
                        "additionalProperties": {"type": "string", "enum": ["red", "green"]},
                    },
                ]
            },
            "names": {
                "type": "array",
                "items": {
                    "anyOf": [
                        {"type": "string"},
                        {"type": "array", "items": {"type": "string"}},
                    ]
                },
            },
        },
        "additionalProperties": False,
        "required": ["name"],
    }


@pytest.mark.parametrize("kind", [RULES_TYPE, LEXICON_TYPE, *FILE_TYPES.values()])
def test_the_schemas_of_rule_files_are_valid(kind: Any) -> None:
    """Every file type's schema is a JSON Schema in which every key is described."""
    jsonschema = pytest.importorskip("jsonschema")
    schema = json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    entry = schema.get("items", schema)
    undescribed = [key for key, value in entry["properties"].items() if "description" not in value]
    assert undescribed == []
