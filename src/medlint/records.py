"""Dataclasses that cost little at import.

The standard module brings `inspect` along, and its decorator compiles up to eight methods for each
class; a lint run declares some ninety. Here only `__init__` is compiled, and not before some
records of the class were made; the other methods are shared. To type checkers, `dataclasses.fields`
and `dataclasses.replace` they are dataclasses: the standard module is imported when it is asked.
"""

from __future__ import annotations

from operator import attrgetter, eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["changed", "dataclass", "field", "is_record", "names_of", "parameters_of", "replace"]

_Record = TypeVar("_Record")
_ABSENT: Any = object()
# Where a class keeps its fields; one that inherits them has its own.
_FIELDS = "__record_fields__"
# Compiling `__init__` takes as long as setting the fields of a dozen records one by one. Most
# classes make one or two of them in a run, or many.
_FEW = 3


def changed(record: _Record, **values: Any) -> _Record:
    """Return a record with other values, copied field by field: a quarter of what `replace` takes.

    For records whose `__init__` takes all fields as they are.

    Raises:
        TypeError: the record has no such field.
    """
    made = object.__new__(record.__class__)
    for name in names_of(record):
        value = values.pop(name) if name in values else getattr(record, name)
        object.__setattr__(made, name, value)
    if values:
        message = f"{record.__class__.__qualname__} has no field {', '.join(values)}"
        raise TypeError(message)
    return made


def is_record(value: Any) -> bool:
    """Tell whether a value is a record, or a class of them."""
    return hasattr(value, _FIELDS)


def names_of(record: Any) -> tuple[str, ...]:
    """Return the names of a record's fields, or of a class's; () where it is no record."""
    return tuple(getattr(record, _FIELDS, ()))


def parameters_of(record: Any) -> tuple[str, ...]:
    """Return the names of the fields that `__init__` takes; () where it is no record."""
    fields = getattr(record, _FIELDS, {})
    return tuple(name for name, each in fields.items() if each.init)


if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
else:

    def replace(record: Any, /, **values: Any) -> Any:
        """Return a record made anew with other values, as the standard function does."""
        for name in parameters_of(record):
            if name not in values:
                values[name] = getattr(record, name)
        return record.__class__(**values)

    def field(*, default: Any = _ABSENT, **options: Any) -> Any:
        """Say more of a field than its default; the options are those of the standard function."""
        return _Field(default, options)

    def dataclass(
        cls: Any = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        order: bool = False,
    ) -> Any:
        """Make a class a dataclass; the options are those of the standard decorator."""
        if cls is None:
            return lambda each: dataclass(
                each, frozen=frozen, slots=slots, kw_only=kw_only, order=order
            )
        fields = _fields(cls, kw_only=kw_only)
        made = _with_slots(cls, fields) if slots else cls
        setattr(made, _FIELDS, fields)
        made.__dataclass_fields__ = _StandardFields()
        made.__match_args__ = tuple(
            name for name, each in fields.items() if each.init and not each.kw_only
        )
        made.__init__ = _late_initializer(made, frozen=frozen)
        made.__repr__ = _repr
        _compare_by_value(made, hashed=frozen, ordered=order)
        if frozen:
            made.__setattr__ = made.__delattr__ = _refuse
            # Copies and other processes set attributes too.
            made.__getstate__, made.__setstate__ = _get_state, _set_state
        return made


class _Field:
    """What is known of a field: its default, and the standard function's other options."""

    __slots__ = ("compare", "factory", "init", "kind", "kw_only", "options", "repr", "start")

    def __init__(self, start: Any, options: dict[str, Any]) -> None:
        self.start = start
        self.factory = options.get("default_factory", _ABSENT)
        self.init = options.get("init", True)
        self.repr = options.get("repr", True)
        self.compare = options.get("compare", True)
        self.options = options
        # Known once its class is made.
        self.kind = ""
        self.kw_only = False


class _StandardFields:
    """The fields of a class as the standard library keeps them, made when they are asked for."""

    def __get__(self, _: Any, owner: Any) -> dict[str, Any]:
        from dataclasses import MISSING, field, make_dataclass  # noqa: PLC0415  brings `inspect`

        fields = []
        for name, each in getattr(owner, _FIELDS).items():
            start = MISSING if each.start is _ABSENT else each.start
            spec = field(default=start, kw_only=each.kw_only, **each.options)
            fields.append((name, each.kind, spec))
        kind: Any = make_dataclass(owner.__name__, fields)
        made: dict[str, Any] = kind.__dataclass_fields__
        owner.__dataclass_fields__ = made
        return made


def _fields(cls: Any, *, kw_only: bool) -> dict[str, _Field]:
    """Return the fields of a class by name, those that it inherits first."""
    fields: dict[str, _Field] = {}
    for base in cls.__mro__[-1:0:-1]:
        fields |= base.__dict__.get(_FIELDS, {})
    # Of a class without annotations of its own this is empty, not that of a base.
    for name, kind in cls.__annotations__.items():
        if kind.startswith("ClassVar"):
            continue
        given = cls.__dict__.get(name, _ABSENT)
        each = given if isinstance(given, _Field) else _Field(given, {})
        each.kind, each.kw_only = kind, kw_only
        fields[name] = each
        if each.start is not _ABSENT:
            setattr(cls, name, each.start)
        elif given is not _ABSENT:
            delattr(cls, name)
    return fields


def _with_slots(cls: Any, fields: dict[str, _Field]) -> Any:
    """Return a class made anew, for one that stands can get no slots any more."""
    inherited = {name for base in cls.__mro__[1:] for name in base.__dict__.get("__slots__", ())}
    names = {name: each for name, each in cls.__dict__.items() if name not in fields}
    for name in ("__dict__", "__weakref__"):
        names.pop(name, None)
    names["__slots__"] = tuple(name for name in fields if name not in inherited)
    made = type(cls)(cls.__name__, cls.__bases__, names)
    made.__qualname__ = cls.__qualname__
    return made


def _late_initializer(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Return an `__init__` that puts a compiled one in its place once that pays.

    The fields of the first few records are set one by one. What is not given as it usually is goes
    to the compiled one.
    """
    made = 0

    def __init__(self: Any, *args: Any, **named: Any) -> None:  # noqa: N807 - it is one
        nonlocal made
        made += 1
        if made <= _FEW and _set_fields(cls, self, args, named):
            return
        if cls.__dict__["__init__"] is __init__:
            cls.__init__ = _initializer(cls, frozen=frozen)
        cls.__init__(self, *args, **named)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _set_fields(cls: Any, record: Any, args: tuple[Any, ...], named: dict[str, Any]) -> bool:
    """Set a record's fields from arguments; False, and nothing is set, unless all is plain."""
    given = dict(zip(cls.__match_args__, args, strict=False))
    if len(args) > len(given) or not given.keys().isdisjoint(named):
        return False
    given |= named
    values = {}
    for name, each in getattr(cls, _FIELDS).items():
        if name in given and each.init:
            values[name] = given.pop(name)
        elif each.start is not _ABSENT:
            values[name] = each.start
        elif each.factory is not _ABSENT:
            values[name] = each.factory()
        else:
            return False
    if given:
        return False
    for name, value in values.items():
        object.__setattr__(record, name, value)
    if hasattr(cls, "__post_init__"):
        record.__post_init__()
    return True


def _initializer(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Compile the `__init__` of a dataclass."""
    names: dict[str, Any] = {"assign": object.__setattr__, "unset": object()}
    positional = ["self"]
    keywords: list[str] = []
    body: list[str] = []
    for name, each in getattr(cls, _FIELDS).items():
        parameter = value = name
        if not each.init:
            names[f"make_{name}"] = each.factory
            value = f"make_{name}()"
        elif each.start is not _ABSENT:
            names[f"default_{name}"] = each.start
            parameter = f"{name}=default_{name}"
        elif each.factory is not _ABSENT:
            names[f"make_{name}"] = each.factory
            parameter = f"{name}=unset"
            value = f"make_{name}() if {name} is unset else {name}"
        if each.init:
            (keywords if each.kw_only else positional).append(parameter)
        slot = cls.__dict__.get(name)
        if not frozen:
            body.append(f"self.{name} = {value}")
        elif hasattr(slot, "__set__"):
            # A third less than by name.
            names[f"set_{name}"] = slot.__set__
            body.append(f"set_{name}(self, {value})")
        else:
            body.append(f"assign(self, {name!r}, {value})")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    parameters = [*positional, *(("*", *keywords) if keywords else ())]
    source = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"])
    exec(source, names)  # noqa: S102 - made of field names alone, as in the standard library
    initializer: Callable[..., None] = names["__init__"]
    initializer.__qualname__ = f"{cls.__qualname__}.__init__"
    return initializer


def _compare_by_value(cls: Any, *, hashed: bool, ordered: bool) -> None:
    compared = [name for name, each in getattr(cls, _FIELDS).items() if each.compare]
    values: Callable[[Any], Any] = attrgetter(*compared) if compared else _nothing

    def comparison(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
        def method(self: Any, other: Any) -> Any:
            if other.__class__ is not self.__class__:
                return NotImplemented
            return compare(values(self), values(other))

        return method

    for operation in (eq, lt, le, gt, ge) if ordered else (eq,):
        setattr(cls, f"__{operation.__name__}__", comparison(operation))
    cls.__hash__ = (lambda self: hash(values(self))) if hashed else None


def _nothing(_: Any) -> tuple[()]:
    return ()


def _repr(self: Any) -> str:
    fields = getattr(self, _FIELDS).items()
    shown = (f"{name}={getattr(self, name)!r}" for name, each in fields if each.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse(_self: Any, name: str, *_: Any) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415  brings `inspect` along

    message = f"cannot change field {name!r}"
    raise FrozenInstanceError(message)


def _get_state(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in names_of(self))


def _set_state(self: Any, state: tuple[Any, ...]) -> None:
    for name, value in zip(names_of(self), state, strict=True):
        object.__setattr__(self, name, value)
