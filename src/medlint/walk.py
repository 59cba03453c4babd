"""Finds the drafts that a run is about: files as named, folders as walked.

A folder is walked for the suffixes that a parser knows, in the order of names, leaving out what
.gitignore files and `exclude` leave out, hidden folders, folders that are links, and medlint's own
reports, which quote what they found. A file named outright is taken as it is, unless the excludes
are forced.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from medlint.config import absolute
from medlint.errors import ConfigError
from medlint.findings import Failure
from medlint.globs import ignore_file, matcher
from medlint.parsing import known_suffixes
from medlint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

STDIN = "-"
# How a report in HTML begins; it would be a draft with the same findings again.
REPORT_START = "<!doctype html>\n<!-- A report of medlint, and no draft. -->\n"
_LARGEST_GITIGNORE = 1_000_000
_ON_WINDOWS = os.name == "nt"
# What stat.IO_REPARSE_TAG_MOUNT_POINT is on Windows.
_MOUNT_POINT = 0xA0000003
_SKIPPED_FOLDERS = frozenset(("node_modules", "__pycache__", "venv"))


@dataclass(frozen=True, slots=True)
class Excludes:
    """Globs and the folder that they count from."""

    root: Path
    globs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The drafts of a run in order, as the user would call them, and what could not be looked at.

    `empty` are the folders that gave no draft at all.
    """

    paths: tuple[str, ...]
    failures: tuple[Failure, ...] = ()
    empty: tuple[str, ...] = ()


@dataclass(slots=True)
class Walker:
    """Walks folders under one set of rules.

    `excludes_for` gives the excludes that hold in a folder.
    """

    excludes_for: Callable[[Path], tuple[Excludes, ...]]
    force_exclude: bool = False
    _failures: list[Failure] = field(default_factory=list)

    def find(self, names: Iterable[str]) -> Found:
        """Return the drafts that files and folders as named stand for, each once."""
        paths: dict[Path | str, str] = {}
        empty = []
        for name in names:
            if name == STDIN:
                paths.setdefault(STDIN, STDIN)
                continue
            if not name:
                # An unset variable of a script, say; it does not mean the current folder.
                self._failures.append(Failure(path="", error="an empty path names no draft"))
                continue
            place = Path(name)
            if not _is_folder(place):
                if self._is_wanted(place):
                    paths.setdefault(absolute(place), name)
                continue
            before = len(paths)
            if self.force_exclude and self._excluded(place, is_folder=True):
                continue
            for found in self._walk(place):
                paths.setdefault(absolute(found), str(found))
            if len(paths) == before:
                empty.append(name)
        return Found(tuple(paths.values()), tuple(self._failures), tuple(empty))

    def leaves_out(self, place: Path) -> bool:
        """Tell whether a file named outright is left out all the same."""
        if not self.force_exclude:
            return False
        return self._is_left_out(place, _Ignores(absolute(place).parent, self._failures.append))

    def _is_wanted(self, place: Path) -> bool:
        """Tell whether a file named outright is to be read; what cannot be becomes a failure."""
        if self.leaves_out(place):
            return False
        if not os.path.lexists(place):
            error = "there is no such file or folder"
        elif place.suffix.lower() not in suffixes():
            known = ", ".join(sorted(suffixes()))
            error = (
                f"“{place.suffix or place.name}” is no format that medlint reads ({known}); "
                f"give its text on standard input, with --stdin-filename, to read it as one of them"
            )
        else:
            return True
        self._failures.append(Failure(path=str(place), error=error))
        return False

    def _walk(self, folder: Path) -> Iterator[Path]:
        ignores = _Ignores(absolute(folder), self._failures.append)
        stack = [folder]
        while stack:
            place = stack.pop()
            try:
                entries = sorted(os.scandir(place), key=lambda entry: entry.name)
            except OSError as error:
                cause = f"the folder cannot be read: {error.strerror}"
                self._failures.append(Failure(path=str(place), error=cause))
                continue
            folders = []
            for entry in entries:
                path = place / entry.name
                if _is_folder(entry, follow_symlinks=False) and not _is_junction(entry):
                    if not self._is_left_out(path, ignores, is_folder=True):
                        folders.append(path)
                elif _is_draft(entry, path) and not self._is_left_out(path, ignores):
                    yield path
            stack += reversed(folders)

    def _is_left_out(self, path: Path, ignores: _Ignores, *, is_folder: bool = False) -> bool:
        if is_folder and (path.name.startswith(".") or path.name in _SKIPPED_FOLDERS):
            return True
        if ignores.match(absolute(path), is_folder=is_folder):
            return True
        return self._excluded(path, is_folder=is_folder)

    def _excluded(self, path: Path, *, is_folder: bool = False) -> bool:
        whole = absolute(path)
        return any(
            _matches(excludes, whole, is_folder=is_folder)
            for excludes in self.excludes_for(whole.parent)
        )


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Tell whether a folder is Windows' other kind of link to one, which may lead in a circle."""
    if not _ON_WINDOWS:
        return False
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag == _MOUNT_POINT)


def _is_draft(entry: os.DirEntry[str], path: Path) -> bool:
    # Word notes who has a document open in a file beside it; that is no draft.
    if entry.name.startswith("~$"):
        return False
    # A broken link stays in: reading it fails, which says more than passing it over.
    return path.suffix.lower() in suffixes() and not _is_folder(entry) and not is_report(path)


def _is_folder(place: Path | os.DirEntry[str], *, follow_symlinks: bool = True) -> bool:
    """Tell whether something is a folder; what cannot be looked at is none."""
    try:
        if isinstance(place, Path):
            return place.is_dir()
        return place.is_dir(follow_symlinks=follow_symlinks)
    except (OSError, ValueError):
        # Links in a circle, a name too long, a folder that may not be searched.
        return False


def is_report(path: Path) -> bool:
    """Tell whether a file is a report that medlint wrote in HTML."""
    if not path.suffix.lower().startswith(".htm"):
        return False
    start = REPORT_START.encode()
    try:
        # Opening a pipe would wait for ever.
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return file.read(len(start)) == start
    except OSError:
        return False


def suffixes() -> frozenset[str]:
    """Return the file suffixes that a parser knows, in small letters."""
    return _suffixes()


@cache
def _suffixes() -> frozenset[str]:
    return frozenset(known_suffixes())


def _matches(excludes: Excludes, path: Path, *, is_folder: bool) -> bool:
    if not excludes.globs or path == excludes.root or not path.is_relative_to(excludes.root):
        return False
    relative = path.relative_to(excludes.root).as_posix()
    return _compiled(excludes.globs)(f"{relative}/" if is_folder else relative)


@cache
def _compiled(globs: tuple[str, ...]) -> Callable[[str], bool]:
    try:
        return matcher(globs)
    except ValueError as error:
        message = f"--exclude: {error}"
        raise ConfigError(message) from error


class _Ignores:
    """The .gitignore files that hold in a folder, from its repository's root downwards."""

    def __init__(self, folder: Path, complain: Callable[[Failure], None]) -> None:
        places = (folder, *folder.parents)
        self._complain = complain
        # Without a repository around it, a folder's own .gitignore files count all the same.
        top = next((n for n, place in enumerate(places) if os.path.lexists(place / ".git")), 0)
        self._root = places[top]
        self._checks: dict[Path, Callable[[str], bool | None] | None] = {}

    def match(self, path: Path, *, is_folder: bool) -> bool:
        """Tell whether a path is ignored; the .gitignore nearest to it decides."""
        for folder in path.parents:
            check = self._check(folder)
            if check is not None:
                relative = path.relative_to(folder).as_posix()
                found = check(f"{relative}/" if is_folder else relative)
                if found is not None:
                    return found
            if folder == self._root:
                break
        return False

    def _check(self, folder: Path) -> Callable[[str], bool | None] | None:
        if folder not in self._checks:
            self._checks[folder] = self._read(folder / ".gitignore")
        return self._checks[folder]

    def _read(self, path: Path) -> Callable[[str], bool | None] | None:
        try:
            # Opening a pipe would wait for ever.
            if not path.is_file():
                return None
            with path.open("rb") as file:
                data = file.read(_LARGEST_GITIGNORE + 1)
        except OSError:
            return None
        if len(data) > _LARGEST_GITIGNORE:
            error = f"is larger than {_LARGEST_GITIGNORE:,} bytes, and was not respected"
            self._complain(Failure(path=str(path), error=error))
            return None
        return ignore_file(data.decode("utf-8", "replace"))
