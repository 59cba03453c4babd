"""Dataclasses that cost a fifth of the standard ones at import.

The standard decorator compiles up to eight methods for each class, about half a millisecond's work,
and a lint run declares some ninety classes. Here only `__init__` is compiled, and not before a
record of the class is made; the other methods are shared. To type checkers, `dataclasses.fields`
and `dataclasses.replace` they are dataclasses.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter, eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["changed", "dataclass"]

_Record = TypeVar("_Record")


def changed(record: _Record, **values: Any) -> _Record:
    """Return a record with other values; a quarter of the time that `dataclasses.replace` takes.

    For dataclasses whose fields `__init__` takes as they are.
    """
    made = object.__new__(record.__class__)
    for name in record.__dataclass_fields__:  # type: ignore[attr-defined]
        value = values[name] if name in values else getattr(record, name)
        object.__setattr__(made, name, value)
    return made


if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass
else:

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
        # Without a text the standard decorator would read the signature, a slow business.
        cls.__doc__ = cls.__doc__ or cls.__name__
        made = dataclasses.dataclass(
            init=False, repr=False, eq=False, slots=slots, kw_only=kw_only
        )(cls)
        made.__init__ = _late_initializer(made, frozen=frozen)
        made.__repr__ = _repr
        _compare_by_value(made, hashed=frozen, ordered=order)
        if frozen:
            made.__setattr__ = made.__delattr__ = _refuse
            # Copies and other processes set attributes too.
            made.__getstate__, made.__setstate__ = _get_state, _set_state
        return made


def _late_initializer(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Return an `__init__` that puts the compiled one in its place when it is first called."""

    def __init__(self: Any, *args: Any, **named: Any) -> None:  # noqa: N807 - it is one
        if cls.__dict__["__init__"] is __init__:
            cls.__init__ = _initializer(cls, frozen=frozen)
        cls.__init__(self, *args, **named)

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _initializer(cls: Any, *, frozen: bool) -> Callable[..., None]:
    """Compile the `__init__` of a dataclass."""
    names: dict[str, Any] = {"assign": object.__setattr__, "unset": object()}
    positional = ["self"]
    keywords: list[str] = []
    body: list[str] = []
    for each in dataclasses.fields(cls):
        name = value = each.name
        parameter = name
        if not each.init:
            names[f"make_{name}"] = each.default_factory
            value = f"make_{name}()"
        elif each.default is not dataclasses.MISSING:
            names[f"default_{name}"] = each.default
            parameter = f"{name}=default_{name}"
        elif each.default_factory is not dataclasses.MISSING:
            names[f"make_{name}"] = each.default_factory
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
    compared = [each.name for each in dataclasses.fields(cls) if each.compare]
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
    shown = (f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse(_self: Any, name: str, *_: Any) -> None:
    message = f"cannot change field {name!r}"
    raise dataclasses.FrozenInstanceError(message)


def _get_state(self: Any) -> tuple[Any, ...]:
    return tuple(getattr(self, each.name) for each in dataclasses.fields(self))


def _set_state(self: Any, state: tuple[Any, ...]) -> None:
    for each, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
