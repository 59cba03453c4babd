"""Finds the files of a ruleset; light, since every run does it to key the cache."""

from __future__ import annotations

from pathlib import Path

from medlint.records import dataclass


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
    paths = [path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"}]
    if lexicon.is_dir():
        paths += [path for path in lexicon.iterdir() if path.suffix == ".yaml"]
    ordered = sorted(paths, key=lambda path: (path.name != "ruleset.yaml", path.as_posix()))
    return tuple(
        RuleFile(
            place=path,
            ruleset=name,
            in_lexicon=path.parent == lexicon,
            data=path.read_bytes(),
        )
        for path in ordered
    )


def shown_path(path: Path) -> str:
    """Return a path as messages show it: from the current folder where it lies below."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
