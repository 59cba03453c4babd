"""Loads rulesets: finds their files, reads the compiled form, or compiles and keeps it.

The compiled form is keyed by the content of every rule file and medlint's version, in a checkout
also by the state of medlint's own files, so it can never be stale. It ships in the wheel for the
default rulesets and otherwise lies in the user's cache folder (`MEDLINT_CACHE_DIR` moves it).
"""

from __future__ import annotations

import gc
import marshal
import os
import re
import sys
from contextlib import contextmanager, suppress
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import adler32, crc32

from medlint import __version__
from medlint.errors import RulesetError
from medlint.limits import DEEPEST_EXTENDS
from medlint.records import dataclass
from medlint.rulesetfiles import RuleFile, list_files, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from medlint.rules import Ruleset

_DEFAULT = ("core", "us")
# How many compiled rulesets the cache folder keeps, some 7 MB each.
_MOST_COMPILED = 20
_PACKAGE = Path(__file__).parent
_COMPILED = _PACKAGE / "compiled"
_MARSHAL_VERSION = 4
# Bytes at the head of a compiled file that tell a damaged one.
_CHECKSUM = 4
# Beside the package itself, where the code is that turns drafts and rules into findings.
OWN_FOLDERS = ("checks", "parsing", "parsing/docx", "parsing/front_matter")
_PLACE = r"(.*?):(\d+): "
_NAME = re.compile(rb"^name: *[\"']?([a-z0-9-]+)", re.MULTILINE)
_EXTENDS = re.compile(r"extends: *\[([^\[\]]*)\] *(?:#.*)?")


def shipped_folder() -> Path:
    """Return the folder of the shipped rulesets: in the wheel, or at the checkout's root."""
    return (_PACKAGE if _is_release() else _PACKAGE.parents[1]) / "rulesets"


def shipped() -> tuple[str, ...]:
    """Return the names of the shipped rulesets."""
    return tuple(sorted(path.parent.name for path in shipped_folder().glob("*/ruleset.yaml")))


def jurisdictions() -> tuple[str, ...]:
    """Return the names of the shipped rulesets that stand for a law or code, the default first."""
    found = (
        name
        for name in shipped()
        if b"\njurisdiction:" in (shipped_folder() / name / "ruleset.yaml").read_bytes()
    )
    return tuple(sorted(found, key=lambda name: (name not in _DEFAULT, name)))


def _is_shipped(name: str) -> bool:
    if Path(name).name != name or "\0" in name:
        return False
    return os.path.isfile(shipped_folder() / name / "ruleset.yaml")  # noqa: PTH113  any name


def default_rulesets() -> tuple[str, ...]:
    """Return the rulesets a run uses when none is named."""
    return _DEFAULT


@dataclass(frozen=True, slots=True)
class RuleFiles:
    """The files of some rulesets, and the key of their content."""

    files: tuple[RuleFile, ...]
    key: str


def find(names: Iterable[str], *, base: Path | None = None) -> RuleFiles:
    """Find the files of rulesets and what they extend; light, for nothing is read into rules.

    Raises:
        RulesetError: with every problem found.
    """
    files = gather(tuple(names), base or Path())
    return RuleFiles(files, _key(files, _own_files()))


def load(names: Iterable[str], *, base: Path | None = None, cache: bool = True) -> Ruleset:
    """Load rulesets and what they extend.

    Args:
        names: shipped rulesets by name; folders or rule files by path.
        base: what paths are relative to; the current folder if None.
        cache: whether the compiled form may be read from and written to the cache.

    Raises:
        RulesetError: with every problem found.
    """
    return load_files(find(names, base=base), cache=cache)


def load_files(found: RuleFiles, *, cache: bool = True) -> Ruleset:
    """Load the rulesets whose files were found.

    Raises:
        RulesetError: with every problem found.
    """
    if cache:
        known = _read_compiled(found.key)
        if known is not None:
            return known
    ruleset = _compile(found.files)
    if cache:
        from medlint.plain import to_plain  # noqa: PLC0415

        data = marshal.dumps(to_plain(ruleset), _MARSHAL_VERSION)
        # A full or read-only disk is no error.
        with suppress(OSError):
            _write_compiled(cache_folder() / f"{found.key}.rules", data)
        _tidy(cache_folder())
    return ruleset


def check(path: Path) -> Ruleset:
    """Load one ruleset folder or rule file afresh, with what it extends.

    Raises:
        RulesetError: with every problem found.
    """
    return _compile(gather((str(path),), Path()))


def gather(names: tuple[str, ...], base: Path) -> tuple[RuleFile, ...]:
    """Return the files of rulesets, those they extend first, each ruleset once.

    Raises:
        RulesetError: a ruleset is missing, extends itself or leaves its folder.
    """
    found: dict[Path, tuple[RuleFile, ...]] = {}
    problems: list[str] = []
    for name in names:
        place = _locate(name, base)
        if place is None:
            known = ", ".join(shipped())
            problems.append(f"{name}: no such ruleset; shipped are {known}; or give a folder")
            continue
        try:
            _gather_into(found, place, (), problems)
        except OSError as error:
            problems.append(f"{error.filename}: cannot be read: {error.strerror}")
        except RulesetError as error:
            problems += error.problems
    if problems:
        raise RulesetError(tuple(problems))
    return tuple(file for files in found.values() for file in files)


def digests(names: Iterable[str], base: Path) -> dict[str, str]:
    """Return the SHA-256 of each ruleset's files, names and contents, by the ruleset's name.

    Raises:
        RulesetError: a ruleset is missing, extends itself or leaves its folder.
    """
    from medlint.digest import sha256  # noqa: PLC0415 - only records of runs need it

    found: dict[Path, Any] = {}
    called: dict[Path, str] = {}
    for file in gather(tuple(names), base):
        folder = file.place.parent.parent if file.in_lexicon else file.place.parent
        # A single rule file is a ruleset of its own.
        place = folder if (folder / "ruleset.yaml").is_file() else file.place
        name = f"{'lexicon/' if file.in_lexicon else ''}{file.name}"
        digest = found.setdefault(place, sha256())
        digest.update(f"{name}\0{len(file.data)}\0".encode())
        digest.update(file.data)
        said = _NAME.search(file.data) if file.name == "ruleset.yaml" else None
        called.setdefault(place, said[1].decode() if said else file.ruleset)
    return {called[place]: digest.hexdigest() for place, digest in found.items()}


def _locate(name: str, base: Path) -> Path | None:
    if _is_shipped(name):
        return (shipped_folder() / name).resolve()
    path = base / name
    try:
        return path.resolve() if path.exists() else None
    except (OSError, ValueError, RuntimeError):
        # Links in a circle, a name too long, a NUL.
        return None


def _gather_into(
    found: dict[Path, tuple[RuleFile, ...]],
    place: Path,
    trail: tuple[Path, ...],
    problems: list[str],
) -> None:
    if place in found:
        return
    if place in trail:
        loop = " → ".join(path.name for path in (*trail[trail.index(place) :], place))
        problems.append(f"{place.name}: rulesets extend each other in a circle: {loop}")
        return
    if len(trail) > DEEPEST_EXTENDS:
        problems.append(f"{place.name}: more than {DEEPEST_EXTENDS} rulesets extend one another")
        return
    if place.is_file():
        _gather_into(found, (shipped_folder() / "core").resolve(), trail, problems)
        found[place] = _single_file(place)
        return
    files = list_files(place, place.name)
    head = next((file for file in files if file.name == "ruleset.yaml"), None)
    if head is None:
        problems.append(f"{place}: a ruleset folder needs a ruleset.yaml")
        return
    for name in _extends(head):
        ours = _is_shipped(name)
        try:
            target = ((shipped_folder() if ours else place.parent) / name).resolve()
        except (OSError, ValueError, RuntimeError) as error:
            problems.append(f"{head.path}: extends “{name}”, which is no folder: {error}")
            continue
        if not ours and place.parent not in target.parents:
            problems.append(f"{head.path}: extends “{name}”, which leaves the folder around it")
        elif not target.is_dir():
            known = ", ".join(shipped())
            problem = f"extends “{name}”, which does not exist; shipped: {known}"
            problems.append(f"{head.path}: {problem}")
        else:
            _gather_into(found, target, (*trail, place), problems)
    found[place] = files


def _single_file(path: Path) -> tuple[RuleFile, ...]:
    return (RuleFile(path, path.stem, in_lexicon=False, data=read(path)),)


def _extends(head: RuleFile) -> tuple[str, ...]:
    """Read `extends` without the YAML machinery where the file is of the usual form."""
    text = head.data.decode("utf-8-sig", "replace")
    if "extends" not in text:
        return ()
    for line in text.splitlines():
        usual = _EXTENDS.fullmatch(line)
        if usual:
            names = (name.strip(" \"'") for name in usual[1].split(","))
            return tuple(name for name in names if name)
    return _extends_by_yaml(head, text)


def _extends_by_yaml(head: RuleFile, text: str) -> tuple[str, ...]:
    from medlint.rulefiles import RulesetEntry  # noqa: PLC0415
    from medlint.schema import Reader  # noqa: PLC0415

    reader = Reader(head.path)
    root = reader.compose(text)
    entry = reader.read(RulesetEntry, root, head.name) if root is not None else None
    return entry.extends if entry is not None else ()


def _compile(files: tuple[RuleFile, ...]) -> Ruleset:
    from medlint.building import Builder  # noqa: PLC0415 - only a cache miss compiles
    from medlint.rulebook import read_rulebook  # noqa: PLC0415

    with _without_collecting():
        book = read_rulebook(files)
        ruleset = Builder(book).ruleset()
    if book.problems or ruleset is None:
        raise RulesetError(_in_file_order(book.problems))
    return ruleset


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave garbage alone meanwhile: millions of small objects are made, and hardly one is lost."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _in_file_order(problems: Iterable[str]) -> tuple[str, ...]:
    """Sort problems by file, in the order the files came up, and line."""
    files: dict[str, int] = {}

    def key(problem: str) -> tuple[int, int]:
        place = re.match(_PLACE, problem)
        path, line = (place[1], int(place[2])) if place else ("", 0)
        return files.setdefault(path, len(files)), line

    return tuple(sorted(dict.fromkeys(problems), key=key))


def _key(files: tuple[RuleFile, ...], own: tuple[str, ...] = ()) -> str:
    """Return a key of rule files and of the state of medlint's own.

    Two checksums and the size tell edits apart; a cryptographic hash costs six milliseconds to
    import, and whoever could forge a file could write to the cache as well.
    """
    states = [__version__, *own]
    states += [f"{file.ruleset}/{file.in_lexicon}/{file.name}/{len(file.data)}" for file in files]
    crc, adler, size = 0, 1, 0
    for data in ("\0".join(states).encode(), *(file.data for file in files)):
        crc, adler, size = crc32(data, crc), adler32(data, adler), size + len(data)
    return f"{crc:08x}{adler:08x}{size:x}"


def _own_files() -> tuple[str, ...]:
    """Return the state of medlint's own files in a checkout; a release has its version."""
    if _is_release():
        return ()
    states = []
    for folder in (_PACKAGE, *(_PACKAGE / name for name in OWN_FOLDERS)):
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    state = entry.stat()
                    states.append(f"{entry.name}/{state.st_size}/{state.st_mtime_ns}")
    return tuple(sorted(states))


def _is_release() -> bool:
    return (_PACKAGE / "rulesets").is_dir()


def cache_folder() -> Path:
    """Return the folder for compiled rulesets; it need not exist."""
    chosen = os.environ.get("MEDLINT_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
        return (Path(root) if root else _home() / "AppData" / "Local") / "medlint"
    if sys.platform == "darwin":
        return _home() / "Library" / "Caches" / "medlint"
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else _home() / ".cache") / "medlint"


def _home() -> Path:
    """Return the user's folder; where there is none, a place that nothing can be written to."""
    try:
        return Path.home()
    except RuntimeError:
        # A shared folder is no substitute: others could put rules there.
        return Path(os.devnull)


def _read_compiled(key: str) -> Ruleset | None:
    """Return the compiled form of that key; a damaged file counts as none."""
    from medlint.plain import from_plain  # noqa: PLC0415

    for folder in (_COMPILED, cache_folder()):
        try:
            with _mapped(folder / f"{key}.rules") as data:
                plain = _unmarshalled(data)
        except (OSError, ValueError):
            # There is none, or it is empty.
            continue
        if plain is not None:
            ruleset: Ruleset = from_plain(plain)
            return ruleset
    return None


@contextmanager
def _mapped(path: Path) -> Iterator[memoryview]:
    """Map a file into memory, which takes less than a copy of some megabytes."""
    with (
        path.open("rb") as file,
        mmap(file.fileno(), 0, access=ACCESS_READ) as data,
        memoryview(data) as view,
    ):
        yield view


def _unmarshalled(data: memoryview) -> Any:
    """Return the plain data of a compiled form; None if it is damaged."""
    with data[_CHECKSUM:] as body:
        if data[:_CHECKSUM] != _checksum(body):
            return None
        try:
            return marshal.loads(body)  # noqa: S302 - our own plain data
        except (ValueError, EOFError, TypeError):  # a Python that reads another form
            return None


def _checksum(data: bytes | memoryview) -> bytes:
    return adler32(data).to_bytes(_CHECKSUM, "big")


def _write_compiled(path: Path, data: bytes) -> None:
    """Write a compiled form atomically.

    Raises:
        OSError: it cannot be written; nothing is left behind then.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(_checksum(data) + data)
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def _tidy(folder: Path) -> None:
    """Keep the compiled forms that were written last; every edit of a rule leaves one behind."""
    written: list[tuple[float, Path]] = []
    with suppress(OSError):
        for path in folder.glob("*.rules"):
            with suppress(OSError):  # another run may tidy as well
                written.append((path.stat().st_mtime, path))
    for _, path in sorted(written, reverse=True)[_MOST_COMPILED:]:
        with suppress(OSError):
            path.unlink()


def write_compiled(names: Iterable[str], folder: Path) -> Path:
    """Compile rulesets into a folder, for a release; returns the file written.

    The same rules, as seen from the current folder, give the same bytes on any Python and machine.

    Raises:
        RulesetError: with every problem found.
        OSError: the file cannot be written.
    """
    from medlint import canonical  # noqa: PLC0415 - for releases only
    from medlint.plain import to_plain  # noqa: PLC0415

    files = gather(tuple(names), Path())
    path = folder / f"{_key(files)}.rules"
    _write_compiled(path, canonical.dumps(to_plain(_compile(files))))
    return path
