"""Records behave as the standard library's dataclasses do."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, fields, replace
from typing import Any, ClassVar

import pytest

from medlint.records import changed, dataclass, field, is_record, names_of, parameters_of
from medlint.records import replace as own_replace


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """A record of every kind of field."""

    x: int
    y: int = 0
    seen: list[int] = field(default_factory=list, compare=False, repr=False)
    cache: dict[int, int] = field(default_factory=dict, init=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A record by keyword."""

    name: str
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Counter:
    """A record that may change."""

    count: int = 0


@dataclass(frozen=True, slots=True)
class Empty:
    """A record without fields."""


def test_a_record_is_compared_by_the_fields_that_take_part() -> None:
    """Equality, order and hash go by value and class, without fields kept out of comparison."""
    one, other = Point(1, 2, [3]), Point(1, 2, [4])
    assert (one == other, hash(one) == hash(other), one != Point(2)) == (True, True, True)
    assert sorted([Point(2), Point(1, 5), Point(1)]) == [Point(1), Point(1, 5), Point(2)]
    assert (one <= other, one < other, Empty() == Empty(), len({Empty(), Empty()})) == (
        True,
        False,
        True,
        1,
    )
    assert Named(name="a") != standard_named("a")


def test_a_record_shows_its_fields() -> None:
    """`repr` is that of a dataclass."""
    assert repr(Point(1, 2, [3])) == "Point(x=1, y=2)"
    assert repr(Named(name="a")) == repr(standard_named("a"))
    assert repr(Empty()) == "Empty()"


def test_defaults_are_made_for_each_record() -> None:
    """A default factory is called anew each time."""
    one, other = Point(1), Point(1)
    one.seen.append(1)
    one.cache[1] = 1
    assert (one.seen, other.seen, other.cache) == ([1], [], {})


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (Point, "missing 1 required positional argument: 'x'"),
        (lambda: Named("a"), "takes 1 positional argument but 2 were given"),
        (lambda: Point(x=1, z=2), "unexpected keyword argument 'z'"),
    ],
)
def test_wrong_arguments_are_refused(build: Any, message: str) -> None:
    """What the signature does not allow is a `TypeError`."""
    with pytest.raises(TypeError, match=message):
        build()


def test_the_first_records_are_made_as_the_later_ones() -> None:
    """`__init__` is compiled after a few; before, fields are set one by one."""

    @dataclass(frozen=True, slots=True)
    class Fresh:
        x: int
        y: int = 5
        seen: list[int] = field(default_factory=list)
        late: list[int] = field(default_factory=list, init=False)

    made = []
    for number in range(40):
        made += [Fresh(number), Fresh(number, seen=[], y=5), Fresh(x=number)]
        for wrong in ({}, {"x": 1, "late": []}, {"x": 1, "z": 2}):
            with pytest.raises(TypeError):
                Fresh(**wrong)
    assert made == [Fresh(number, 5, []) for number in range(40) for _ in range(3)]
    assert [(each.x, each.y, each.seen, each.late) for each in made[::3]] == [
        (number, 5, [], []) for number in range(40)
    ]
    made[0].late.append(1)
    assert made[1].late == []
    assert Fresh.__init__.__qualname__.endswith("Fresh.__init__")


def test_a_frozen_record_cannot_be_changed() -> None:
    """Fields of a frozen record can neither be set nor deleted; others can be set."""
    point: Any = Point(1)
    with pytest.raises(FrozenInstanceError, match="'x'"):
        point.x = 2
    with pytest.raises(FrozenInstanceError, match="'x'"):
        del point.x
    counter = Counter()
    counter.count += 1
    assert counter == Counter(1)
    with pytest.raises(TypeError, match="unhashable"):
        hash(counter)


def test_records_have_slots() -> None:
    """A record takes no attribute that it does not declare."""
    with pytest.raises(AttributeError):
        Counter().other = 1  # type: ignore[attr-defined]


def test_the_standard_helpers_know_records() -> None:
    """`fields`, `replace`, copies, pickles and patterns work as with dataclasses."""
    point = Point(1, 2, [3])
    assert [each.name for each in fields(point)] == ["x", "y", "seen", "cache"]
    assert replace(point, y=5) == Point(1, 5)
    assert copy.deepcopy(point).seen == pickle.loads(pickle.dumps(point)).seen == [3]  # noqa: S301
    match point:
        case Point(x, y):
            assert (x, y) == (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged(Named):
    """A record that inherits fields, and has options that the standard library keeps."""

    kinds: ClassVar[tuple[str, ...]] = ("one", "other")

    note: str = field(default="", metadata={"doc": "A word on it."})


def test_a_record_inherits_fields_and_keeps_what_is_said_of_them() -> None:
    """A base's fields come first; class variables are no fields."""
    tagged = Tagged(name="a", note="b")
    assert (names_of(tagged), names_of(Tagged)) == (("name", "tags", "note"),) * 2
    assert [(each.name, each.type, each.kw_only) for each in fields(Tagged)] == [
        ("name", "str", True),
        ("tags", "tuple[str, ...]", True),
        ("note", "str", True),
    ]
    assert [each.default for each in fields(Tagged)] == [dataclasses.MISSING, (), ""]
    assert fields(Tagged)[-1].metadata == {"doc": "A word on it."}
    assert [each.name for each in fields(Named)] == ["name", "tags"]
    assert tagged != Named(name="a")
    assert (tagged.kinds, dataclasses.asdict(tagged)) == (
        ("one", "other"),
        {"name": "a", "tags": (), "note": "b"},
    )


def test_records_are_known() -> None:
    """Classes and their records are records, with or without fields; nothing else is."""
    values = [Point(1), Point, Empty(), Empty, dataclasses, 1, None]
    assert [is_record(each) for each in values] == [True, True, True, True, False, False, False]
    assert [dataclasses.is_dataclass(each) for each in values] == [*map(is_record, values)]
    assert [names_of(each) for each in (Point, Empty(), 1)] == [
        ("x", "y", "seen", "cache"),
        (),
        (),
    ]
    assert parameters_of(Point) == ("x", "y", "seen")


def test_replacing_makes_a_record_anew() -> None:
    """What `__init__` makes by itself is made again; a changed record has what the first had."""
    point = Point(1, 2, [3])
    point.cache[1] = 1
    for made in (own_replace(point, y=5), replace(point, y=5)):
        assert (made, made.seen, made.cache) == (Point(1, 5), [3], {})
    copied = changed(point, y=5)
    assert (copied, copied.seen, copied.cache) == (Point(1, 5), [3], {1: 1})
    for change in (own_replace, changed):
        with pytest.raises(TypeError, match="z"):
            change(point, z=1)


def standard_named(name: str) -> Any:
    """Return what the standard decorator makes of `Named`."""
    namespace = {"__annotations__": {"name": str, "tags": tuple}, "tags": ()}
    kind = dataclasses.dataclass(frozen=True, kw_only=True)(type("Named", (), namespace))
    return kind(name=name)
