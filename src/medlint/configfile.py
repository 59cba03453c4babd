"""Finds and reads configuration files, and says everything that is wrong with one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from medlint.config import (
    ELSEWHERE,
    Choices,
    Config,
    Name,
    OnOff,
    Override,
    absolute,
    nearest,
)
from medlint.errors import ConfigError
from medlint.findings import Product, Severity
from medlint.globs import matcher
from medlint.records import replace
from medlint.values import Value, plain, read_pyproject, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from enum import StrEnum

    from medlint.findings import Approval

FILE_NAMES = (".medlint.yaml", ".medlint.yml", "pyproject.toml")
MAX_BYTES = 1_000_000
_MOST_EXTENDED = 50
_HIGHEST_GRADE = 100

_CHOICE_KEYS = (
    "product",
    "rules",
    "select",
    "ignore",
    "allow",
    "approved",
    "disclosed-elsewhere",
    "readability",
)
_KEYS = ("extends", "rulesets", "fail-on", "exclude", "overrides", *_CHOICE_KEYS)
_OVERRIDE_KEYS = ("files", *_CHOICE_KEYS)
_FRONT_MATTER_KEYS = ("product", "rules")

_SEVERITIES = tuple(severity.value for severity in Severity)

_Member = TypeVar("_Member", bound="StrEnum")


def find(folder: Path) -> Path | None:
    """Return the nearest configuration file, from a folder upwards.

    Raises:
        ConfigError: a pyproject.toml on the way cannot be read.
    """
    for place in (folder, *folder.parents):
        for name in FILE_NAMES:
            candidate = place / name
            if is_file(candidate) and (name != "pyproject.toml" or _has_table(candidate)):
                return candidate
    return None


def is_file(path: Path) -> bool:
    """Tell whether a path is that of a file; where one may not look, there is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _has_table(path: Path) -> bool:
    text = _read(path)
    # Parsing is left out for the many projects that have nothing to do with medlint.
    return "medlint" in text and read_pyproject(text, _shown(path)) is not None


def read(path: Path, *, root: Path | None = None) -> Config:
    """Read a configuration file and what it extends.

    What is wrong with its contents is kept in `problems`. Globs count from `root`, by default
    the file's folder.

    Raises:
        ConfigError: it cannot be read, or is no YAML or TOML.
    """
    path = absolute(path)
    start = Config(root=root or path.parent, base=path.parent, path=_shown(path))
    return _read_over(path, start, above=())


def _read_over(path: Path, start: Config, above: tuple[Path, ...]) -> Config:
    """Read a file over what it extends; `above` holds the files that extend it."""
    tree = _tree(path)
    reader = _Reader(_shown(path))
    under = start
    entry = (tree.entries or {}).get("extends")
    if entry is not None and (target := reader.text(entry, "extends")):
        where = f"{reader.path}:{entry.line}"
        under = _extended(path, target, where, start, (*above, path.resolve()))
    return reader.config(tree, under, path.parent)


def _extended(
    path: Path, target: str, where: str, start: Config, above: tuple[Path, ...]
) -> Config:
    """Read what `extends` names, or note why that cannot be."""
    folder = start.base.resolve()
    try:
        wanted = (path.parent / target).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        # Links in a circle, or a NUL.
        problem = f"{where}: “extends” names no file: {error}"
        return replace(start, problems=(*start.problems, problem))
    if not wanted.is_relative_to(folder):
        problem = f"{where}: “extends” leaves the folder {folder.name}; name a file inside it"
    elif wanted in above:
        chain = " → ".join(file.name for file in (*above, wanted))
        problem = f"{where}: “extends” goes round in a circle: {chain}"
    elif len(above) > _MOST_EXTENDED:
        problem = (
            f"{where}: “extends” leads through more than {_MOST_EXTENDED} files; put some together"
        )
    elif not is_file(wanted):
        problem = f"{where}: “extends” names {target}, and there is no such file"
    else:
        return _read_over(wanted, start, above)
    return replace(start, problems=(*start.problems, problem))


def _tree(path: Path) -> Value:
    if path.name == "pyproject.toml":
        tree = read_pyproject(_read(path), _shown(path))
        if tree is None:
            cause = "there is no [tool.medlint] table; add one, or name another file"
            message = f"{_shown(path)}:1: {cause}"
            raise ConfigError(message)
        return tree
    if path.suffix in {".yaml", ".yml"}:
        return read_yaml(_read(path), _shown(path))
    message = f"{_shown(path)}: a configuration is a .yaml file or a pyproject.toml"
    raise ConfigError(message)


def _read(path: Path) -> str:
    try:
        # Reading a pipe or a device would wait for ever.
        if path.exists() and not path.is_file():
            message = f"{_shown(path)}: is no regular file"
            raise ConfigError(message)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            message = f"{_shown(path)}: is larger than {MAX_BYTES} bytes; that is no configuration"
            raise ConfigError(message)
        return data.decode("utf-8-sig")
    except OSError as error:
        message = f"{_shown(path)}: cannot be read: {error.strerror}"
        raise ConfigError(message) from error
    except UnicodeDecodeError as error:
        message = f"{_shown(path)}: is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise ConfigError(message) from error


def _shown(path: Path) -> str:
    """Return the path as a message shows it: from here where it is below, otherwise whole."""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def front_matter(data: Mapping[str, Any], path: str, source: str) -> tuple[Choices, list[Name]]:
    """Read `medlint: {product: …, rules: …}` of a draft's front matter.

    Returns the choices and the rules that they name.

    Raises:
        ConfigError: something in it is wrong; everything is told at once.
    """
    if "medlint" not in data:
        return Choices(), []
    found = re.search(r"^\W*medlint\b", source, re.MULTILINE)
    line = source.count("\n", 0, found.end()) + 1 if found else 1
    reader = _Reader(path)
    choices = reader.choices(plain(data["medlint"], line), _FRONT_MATTER_KEYS, "“medlint”")
    if reader.problems:
        raise ConfigError("\n".join(reader.problems))
    return choices, reader.names


class _Reader:
    """Reads the values of one file and collects what is wrong with them."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.problems: list[str] = []
        self.names: list[Name] = []

    def config(self, tree: Value, under: Config, folder: Path) -> Config:
        """Return the configuration that the file lays over the one it extends."""
        entries = self._entries(tree, "the configuration", _KEYS)
        choices = self._choices(entries)
        rulesets = under.rulesets
        if "rulesets" in entries:
            prefix = "" if folder == under.base else f"{folder.relative_to(under.base).as_posix()}/"
            rulesets = tuple(
                # A path counts from the file that says it, a bare name is a ruleset's own.
                Name(prefix + text if "/" in text else text, where)
                for text, where in self._placed_texts(entries["rulesets"], "rulesets")
            )
        fail_on = self._member(entries.get("fail-on"), "fail-on", Severity)
        exclude = self._globs(entries.get("exclude"), "exclude")
        overrides = self._overrides(entries.get("overrides"))
        return replace(
            under,
            rulesets=rulesets,
            fail_on=fail_on or under.fail_on,
            exclude=under.exclude + exclude,
            choices=under.choices.under(choices),
            overrides=under.overrides + overrides,
            names=(*under.names, *self.names),
            problems=(*under.problems, *self.problems),
        )

    def choices(self, value: Value, keys: tuple[str, ...], what: str) -> Choices:
        """Read a mapping that holds choices only."""
        return self._choices(self._entries(value, what, keys))

    def text(self, value: Value, key: str) -> str:
        """Return the value as text; what is none becomes a problem."""
        if isinstance(value.data, str):
            return value.data
        hint = "; put quotation marks around it" if not isinstance(value.data, dict | tuple) else ""
        self._problem(value, f"“{key}” must be text, not {value.kind}{hint}")
        return ""

    def _choices(self, entries: Mapping[str, Value]) -> Choices:
        select = entries.get("select")
        return Choices(
            product=self._member(entries.get("product"), "product", Product),
            rules=self._rules(entries.get("rules")),
            select=None if select is None else self._named(select, "select"),
            ignore=self._named(entries.get("ignore"), "ignore"),
            allow=self._texts(entries.get("allow"), "allow"),
            approved=self._approved(entries.get("approved")),
            disclosed_elsewhere=self._elsewhere(entries.get("disclosed-elsewhere")),
            readability=self._readability(entries.get("readability")),
        )

    def _approved(self, value: Value | None) -> tuple[Approval, ...]:
        if value is None:
            return ()
        from medlint.approvalfile import ApprovalReader  # noqa: PLC0415  few configurations need it

        reader = ApprovalReader(self.path, self._problem)
        approved = reader.read(value)
        self.names += reader.names
        return approved

    def _rules(self, value: Value | None) -> dict[str, OnOff]:
        chosen: dict[str, OnOff] = {}
        for name, setting in self._entries(value, "“rules”").items():
            self.names.append(Name(name, f"{self.path}:{setting.line}"))
            # YAML reads a bare `off` as false.
            if setting.data is False or setting.data == "off":
                chosen[name] = False
            elif isinstance(setting.data, str) and setting.data in _SEVERITIES:
                chosen[name] = Severity(setting.data)
            else:
                known = ", ".join(_SEVERITIES)
                self._problem(setting, f"the rule “{name}” can be off, {known}")
        return chosen

    def _overrides(self, value: Value | None) -> tuple[Override, ...]:
        overrides = []
        for item in self._items(value, "overrides"):
            entries = self._entries(item, "an override", _OVERRIDE_KEYS)
            if not entries:
                continue
            if "files" not in entries:
                self._problem(item, "an override needs “files”, the globs it holds for")
            files = self._globs(entries.get("files"), "files")
            overrides.append(Override(files, self._choices(entries)))
        return tuple(overrides)

    def _readability(self, value: Value | None) -> dict[str, object]:
        options: dict[str, object] = {}
        entries = self._entries(value, "“readability”", ("grade", "metric"))
        if (grade := entries.get("grade")) is not None:
            if isinstance(grade.data, bool) or not isinstance(grade.data, int | float):
                self._problem(grade, f"“grade” must be a number, not {grade.kind}")
            elif 0 <= grade.data <= _HIGHEST_GRADE:
                options["grade"] = float(grade.data)
            else:
                self._problem(grade, f"“grade” must lie between 0 and {_HIGHEST_GRADE}")
        if (metric := entries.get("metric")) is not None:
            from medlint.checks.metric import Formula  # noqa: PLC0415  few configurations need it

            formula = self._member(metric, "metric", Formula)
            options["metric"] = formula.value if formula else ""
        return options

    def _elsewhere(self, value: Value | None) -> tuple[str, ...]:
        known = [category.value for category in ELSEWHERE]
        texts = []
        for text, where in self._placed_texts(value, "disclosed-elsewhere"):
            if text in known:
                texts.append(text)
            else:
                hint = nearest(text, known)
                self.problems.append(f"{where}: “{text}” cannot be disclosed elsewhere{hint}")
        return tuple(texts)

    def _named(self, value: Value | None, key: str) -> tuple[str, ...]:
        placed = self._placed_texts(value, key)
        self.names.extend(Name(text, where) for text, where in placed)
        return tuple(text for text, _ in placed)

    def _globs(self, value: Value | None, key: str) -> tuple[str, ...]:
        globs = []
        for text, where in self._placed_texts(value, key):
            try:
                matcher((text,))
            except ValueError as error:
                self.problems.append(f"{where}: “{text}” is no glob: {error}")
            else:
                globs.append(text)
        return tuple(globs)

    def _texts(self, value: Value | None, key: str) -> tuple[str, ...]:
        return tuple(text for text, _ in self._placed_texts(value, key))

    def _placed_texts(self, value: Value | None, key: str) -> list[tuple[str, str]]:
        """Return each text of a list with the place it stands; one text counts as a list."""
        if value is not None and isinstance(value.data, str):
            return [(value.data, f"{self.path}:{value.line}")]
        items = self._items(value, key)
        texts = [(self.text(item, key), f"{self.path}:{item.line}") for item in items]
        return [(text, where) for text, where in texts if text.strip()]

    def _items(self, value: Value | None, key: str) -> tuple[Value, ...]:
        if value is None or value.data is None:
            return ()
        if isinstance(value.data, tuple):
            return value.data
        self._problem(value, f"“{key}” must be a list, not {value.kind}")
        return ()

    def _entries(
        self, value: Value | None, what: str, keys: Iterable[str] | None = None
    ) -> Mapping[str, Value]:
        """Return a mapping's entries, those under an unknown key left out and reported."""
        if value is None or value.data is None:
            return {}
        if value.entries is None:
            self._problem(value, f"{what} must be a mapping, not {value.kind}")
            return {}
        if keys is None:
            return value.entries
        for key, item in value.entries.items():
            if key not in keys:
                self._problem(item, f"unknown key “{key}”{nearest(key, keys)}")
        return {key: item for key, item in value.entries.items() if key in keys}

    def _member(self, value: Value | None, key: str, kind: type[_Member]) -> _Member | None:
        if value is None:
            return None
        text = self.text(value, key)
        known = [member.value for member in kind]
        if text in known:
            return kind(text)
        if text:
            self._problem(value, f"“{key}” cannot be “{text}”{nearest(text, known)}")
        return None

    def _problem(self, value: Value, cause: str) -> None:
        self.problems.append(f"{self.path}:{value.line}: {cause}")
