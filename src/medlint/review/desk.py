"""A draft on disk under review: every step is written at once, and nothing is written over.

What changed on disk meanwhile is read again; the words that were to be written are kept in a file
beside the draft.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from medlint import fixes
from medlint.api import read_bytes
from medlint.errors import ConfigError, FixError, InputError
from medlint.parsing import is_binary
from medlint.parsing.decode import decode
from medlint.records import dataclass
from medlint.review import session as review
from medlint.review.memory import remember
from medlint.review.phrases import with_phrases

if TYPE_CHECKING:
    from medlint.review.session import Lint, Phrase, Session

_NEW_CONFIGURATION = "# medlint's settings for this folder and those below it.\n"


class ChangedError(FixError):
    """The draft changed on disk; what is there now has been read."""


@dataclass(slots=True)
class Configuration:
    """The file that allowed phrases go to, with its bytes before this review.

    `before` is None where there was no file; `problem` says why none can be written.
    """

    path: Path
    before: bytes | None
    problem: str = ""


@dataclass(slots=True)
class Desk:
    """A draft, its bytes as last read or written, and the state of its review."""

    path: Path
    shown: str
    data: bytes
    lint: Lint
    configuration: Configuration
    session: Session

    def put(self, session: Session) -> None:
        """Make a state the present one, on disk first.

        Raises:
            ChangedError: the draft is another one by now; it has been read again.
            FixError: it cannot be written; nothing changed.
            ConfigError: an allowed phrase cannot be written; nothing changed.
        """
        if session.source != self.session.source:
            self.data = self._written(session.source)
        if session.phrases != self.session.phrases:
            self._write_phrases(session.phrases)
        if session.skipped != self.session.skipped:
            remember(self.path, session.skipped)
        self.session = session

    def _written(self, source: str) -> bytes:
        data = fixes.encode(source, self.data, self.session.source)
        try:
            fixes.write(self.path, data, expected=self.data)
        except FixError as error:
            kept = _kept(self.path, data)
            now = read_bytes(self.path) if self.path.is_file() else self.data
            if now == self.data:
                message = f"{error}{kept}"
                raise FixError(message) from error
            before = self.session
            self.session = opened(now, self.shown, self.lint, before.skipped, before.page_wide)
            self.data = now
            message = f"{self.shown} was changed by another program and has been read again{kept}"
            raise ChangedError(message) from error
        return data

    def _write_phrases(self, phrases: tuple[Phrase, ...]) -> None:
        place = self.configuration
        if place.problem:
            raise ConfigError(place.problem)
        was = self._configured(self.session.phrases)
        will = self._configured(phrases)
        if (place.path.read_bytes() if place.path.exists() else None) != was:
            message = f"{place.path}: changed meanwhile; add the phrase to its “allow” by hand"
            raise ConfigError(message)
        try:
            if will is None:
                place.path.unlink()
            elif was is None:
                with place.path.open("xb") as file:
                    file.write(will)
            else:
                fixes.write(place.path, will, expected=was)
        except OSError as error:
            message = f"{place.path}: cannot be written: {error.strerror}"
            raise ConfigError(message) from error

    def _configured(self, phrases: tuple[Phrase, ...]) -> bytes | None:
        """Return the configuration with phrases; as it was, or none, without."""
        place = self.configuration
        if not phrases:
            return place.before
        text = _NEW_CONFIGURATION if place.before is None else place.before.decode("utf-8-sig")
        return with_phrases(text, phrases, str(place.path)).encode()


def open_draft(
    shown: str,
    lint: Lint,
    configuration: Configuration,
    skipped: frozenset[str] = frozenset(),
    page_wide: frozenset[str] = frozenset(),
) -> Desk:
    """Read and lint a draft; no phrase is to allow what the `page_wide` rules find.

    Raises:
        InputError: it cannot be read, checked or written.
    """
    path = Path(shown)
    if is_binary(shown):
        message = (
            f"{shown}: a Word document is reviewed in Word; `medlint {shown} --format docx "
            f"--output reviewed{path.suffix}` writes the findings into it as comments"
        )
        raise InputError(message)
    data = read_bytes(path)
    if not os.access(path, os.W_OK):
        message = f"{shown}: is read-only, and a review changes it; `medlint {shown}` only reads"
        raise InputError(message)
    session = opened(data, shown, lint, skipped, page_wide)
    return Desk(path, shown, data, lint, configuration, session)


def opened(
    data: bytes, shown: str, lint: Lint, skipped: frozenset[str], page_wide: frozenset[str]
) -> Session:
    """Return the first state of a draft's review.

    Raises:
        InputError: the draft cannot be decoded or checked.
        FixError: its encoding cannot be written back.
    """
    source = decode(data, shown)
    fixes.encode(source, data, source)
    return review.start(source, lint, skipped, page_wide)


def _kept(path: Path, data: bytes) -> str:
    """Keep what could not be written in a file beside the draft, and say where."""
    for number in range(1, 100):
        place = path.with_name(f"{path.name}.review{number if number > 1 else ''}")
        with suppress(FileExistsError):
            try:
                with place.open("xb") as file:
                    file.write(data)
            except OSError as error:
                if isinstance(error, FileExistsError):
                    raise
                break
            return f"; your last step is in {place}"
    return "; your last step could not be kept"
