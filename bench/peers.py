"""Other linters of prose: how each is called, and how much of a corpus it can be given.

All but Vale run their own rules, so that they are a yardstick for speed and no equal load; Vale
gets patterns of the same kind and number that medlint's own measurement by rules gets.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import corpora
from measuring import FailedError, Program, run, say, total

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VALE_RULES = 200
# Of each corpus a peer gets the largest of these parts that it does in its budget of seconds.
PARTS = (1 / 64, 1 / 16, 1 / 4, 1.0)
_GROWTH = 5


@dataclass(frozen=True, slots=True)
class Peer:
    """A linter: its name, the programs it may be called by, arguments, and its exit codes."""

    name: str
    programs: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    codes: frozenset[int] = frozenset({0, 1})

    def words(self, settings: Path) -> tuple[str, ...] | None:
        """Return its command line without files, or None where it is not installed."""
        beside = str(Path(sys.executable).parent)
        for name in self.programs:
            program = shutil.which(name) or shutil.which(name, path=beside)
            if program:
                values = {"settings": settings, "packages": _packages(program)}
                return (program, *(each.format(**values) for each in self.arguments))
        return None


PEERS = (
    Peer("proselint", ("proselint",), ("check",)),
    Peer("codespell", ("codespell",), codes=frozenset({0, 65})),
    # Its exit code is the number of its findings.
    Peer("write-good", ("write-good",), codes=frozenset()),
    Peer(
        "textlint",
        ("textlint",),
        ("--config", "{settings}/textlint.json", "--rules-base-directory", "{packages}"),
    ),
    Peer("alex", ("alex",), ("--quiet",)),
    Peer("harper", ("harper-cli", "harper"), ("lint",)),
    Peer("Vale", ("vale",), ("--config", "{settings}/vale.ini", "--no-exit")),
)


def found(settings: Path) -> dict[str, Program]:
    """Return the peers that are installed, to be given files; a missing one is named."""
    prepare(settings)
    programs = {}
    for peer in PEERS:
        words = peer.words(settings)
        if words is None:
            say(f"left out: {peer.name} is not installed")
        else:
            programs[peer.name] = Program(name=peer.name, words=words, codes=peer.codes)
    return programs


def prepare(settings: Path) -> None:
    """Write the settings of peers that have none of their own."""
    styles = settings / "styles" / "Bench"
    styles.mkdir(parents=True)
    (settings / "textlint.json").write_text(json.dumps({"rules": {"write-good": True}}), "utf-8")
    (settings / "vale.ini").write_text(
        "StylesPath = styles\nMinAlertLevel = suggestion\n[*]\nBasedOnStyles = Bench\n", "utf-8"
    )
    for number, phrase in enumerate(corpora.phrases(VALE_RULES)):
        (styles / f"Rule{number}.yml").write_text(
            "extends: existence\nmessage: made up\nlevel: warning\nignorecase: true\n"
            f"tokens:\n  - '{phrase}'\n",
            "utf-8",
        )


def on(program: Program, files: Sequence[Path], share: float = 1.0) -> Program:
    """Return a program that is given files."""
    return Program(
        name=program.name,
        words=(*program.words, *map(str, files)),
        size=total(files),
        share=share,
        codes=program.codes,
    )


def fitted(  # noqa: PLR0913, PLR0917
    program: Program,
    parts: Mapping[float, Sequence[Path]],
    budget: float,
    start: float,
    folder: Path,
    environment: Mapping[str, str],
) -> Program | None:
    """Return a program given the largest part of a corpus that it does in its budget.

    `start` are the seconds that it takes for a single post, which are not part of the budget.

    Some take time by the square of the text, so that a part is tried only if the one before left
    room for more than its growth.
    """
    chosen = None
    for share in PARTS:
        candidate = on(program, parts[share], share)
        try:
            taken = run(candidate, folder, environment)
        except FailedError as error:
            say(f"left out: {error}")
            return chosen
        chosen = candidate
        if (taken.cpu - start) * _GROWTH > budget:
            break
    return chosen


def _packages(program: str) -> Path:
    """Return the folder of packages that a program of npm's lies in."""
    for folder in Path(program).resolve().parents:
        if folder.name == "node_modules":
            return folder
    return Path(program).parent
