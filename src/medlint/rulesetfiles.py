"""Finds the files of a ruleset; light, since every run does it to key the cache."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from medlint.errors import RulesetError
from medlint.limits import LARGEST_FILE, MOST_FILES
from medlint.records import dataclass

if TYPE_CHECKING:
    from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of a ruleset: its place, its ruleset and its bytes."""

    place: Path
    ruleset: str
    in_lexicon: bool
    data: bytes

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.place.name

    @property
    def path(self) -> str:
        """The file's place as shown to users."""
        return shown_path(self.place)


def list_files(folder: Path, name: str) -> tuple[RuleFile, ...]:
    """Return a ruleset folder's files, ruleset.yaml first, the others by name."""
    lexicon = folder / "lexicon"
    paths = _paths(folder, (".yaml", ".yml"), folder)
    if lexicon.is_dir():
        _refuse_exit(lexicon, folder)
        paths += _paths(lexicon, (".yaml",), folder)
    if len(paths) > MOST_FILES:
        raise RulesetError((f"{shown_path(folder)}: more than {MOST_FILES:,} rule files",))
    ordered = sorted(paths, key=lambda path: (path.name != "ruleset.yaml", path.as_posix()))
    return tuple(
        RuleFile(
            place=path,
            ruleset=name,
            in_lexicon=path.parent == lexicon,
            data=read(path),
        )
        for path in ordered
    )


def _paths(folder: Path, suffixes: tuple[str, ...], root: Path) -> list[Path]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith(suffixes):
                path = folder / entry.name
                if entry.is_symlink():
                    _refuse_exit(path, root)
                found.append(path)
    return found


def _refuse_exit(path: Path, root: Path) -> None:
    """Refuse a link that leads out of the ruleset's folder: it could have any file read."""
    if not path.resolve().is_relative_to(root.resolve()):
        problem = f"{path}: leads out of the ruleset's folder; rule files lie inside it"
        raise RulesetError((problem,))


def read(path: Path) -> bytes:
    """Return a rule file's bytes.

    Raises:
        RulesetError: it is no regular file, or too large.
        OSError: it cannot be read.
    """
    with _opened(path) as file:
        # Asking for more than there is would fetch, and give back, that much memory for each file.
        size = min(os.fstat(file.fileno()).st_size, LARGEST_FILE) + 1
        data = file.read(size)
        if len(data) == size:
            # It grows while it is read, or is too large.
            data += file.read(LARGEST_FILE + 1 - size)
    if len(data) > LARGEST_FILE:
        problem = f"{shown_path(path)}:1: larger than {LARGEST_FILE:,} bytes; split it"
        raise RulesetError((problem,))
    return data


def _opened(path: Path) -> BinaryIO:
    # Opening a pipe would wait for ever.
    if not stat.S_ISREG(path.stat().st_mode):
        raise RulesetError((f"{shown_path(path)}: is no regular file",))
    return path.open("rb")


def shown_path(path: Path) -> str:
    """Return a path as messages show it: from the current folder where it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
