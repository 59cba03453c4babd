"""What the fuzzers run: one function for each part of medlint that reads what others wrote.

A target takes any bytes and returns, or raises: what a user would see as a traceback, as a hang or
as a wrong promise is an exception here. What medlint refuses with a message is no exception.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from medlint import cli, configfile, loader
from medlint.api import Linter, Options
from medlint.building import Builder
from medlint.config import Config
from medlint.corpus import read_corpus
from medlint.engine import lint
from medlint.errors import ConfigError, FixError, InputError, MedlintError
from medlint.parsing import parse, parse_bytes
from medlint.parsing.decode import decode
from medlint.parsing.normalise import normalise
from medlint.patterns import MAX_SEQUENCES, PhraseError, parse_phrase
from medlint.plain import from_plain, to_plain
from medlint.reporters import annotator
from medlint.rulebook import read_rulebook
from medlint.rulesetfiles import RuleFile, list_files
from medlint.symbols import SymbolTable
from medlint.walk import Excludes, Walker

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))
from wordfile import docx

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medlint.document import Document
    from medlint.rules import Ruleset

MINI = Path(__file__).parents[1] / "fixtures" / "mini"
FORMATS = ("text", "json", "sarif", "github", "html")
SUFFIXES = (".md", ".html", ".txt", ".docx")
# Pieces of medlint's own that are as a user must never see them.
_UNEXPECTED = ("medlint failed on", "the rule failed", "Traceback")
# Seconds that a run may take, and for each byte; traced code takes several times as long as usual.
PATIENCE = 3.0
PER_BYTE = 500e-6
# A unit repeated to these sizes may take this much longer than in proportion.
SMALL, LARGE = 6_000, 48_000
_LEAST = 0.03
_TOLERANCE = 4


class SlowError(Exception):
    """An input took more than its time."""


class WrongError(Exception):
    """medlint broke a promise."""


def expect(condition: object, promise: str) -> None:
    """Raise if a promise is broken."""
    if not condition:
        raise WrongError(promise)


# Parsers


def check_document(document: Document) -> None:
    """Raise unless every place of a document leads where it says."""
    length = len(document.source)
    for index, block in enumerate(document.blocks):
        expect(block.text and block.text == normalise(block.text), "text is normalised")
        expect(block.offsets.text_length == len(block.text), "the map is as long as the text")
        expect(0 <= block.span.start <= block.span.end <= length, "blocks lie in the source")
        expect(0 <= block.section < len(document.sections), "blocks have sections")
        expect((block.level > 0) == (block.kind == "heading"), "headings have levels")
        done = 0
        for sentence in block.sentences:
            expect(done <= sentence.start < sentence.end <= len(block.text), "sentences in order")
            span = block.source_span(sentence.start, sentence.end)
            expect(0 <= span.start <= span.end <= length, "sentences lie in the source")
            done = sentence.end
        if block.removal is not None:
            expect(block.removal.start <= block.span.start, "a removal takes its block")
            expect(block.span.end <= block.removal.end <= length, "a removal lies in the source")
        if block.place is not None and block.place.lead_in is not None:
            expect(block.place.lead_in < index, "a lead-in leads")
    for comment in document.comments:
        expect(0 <= comment.span.start <= comment.span.end <= length, "comments in the source")


def _parse(suffix: str) -> Callable[[bytes], None]:
    def target(data: bytes) -> None:
        with contextlib.suppress(InputError):
            check_document(parse_bytes(data, path=f"x{suffix}"))

    return target


def _repeated(suffix: str) -> Callable[[bytes], None]:
    """Return a target that repeats what lies between two lines of %% and times it."""

    def target(data: bytes) -> None:
        head, unit, tail = _thirds(data.decode("utf-8", "ignore").replace("\0", ""))
        if not unit:
            return

        def seconds(size: int) -> float:
            source = head + unit * (size // len(unit) + 1) + tail
            start = process_time()
            with contextlib.suppress(InputError):
                parse(source, path=f"x{suffix}")
            return process_time() - start

        limit = max(seconds(SMALL), _LEAST) * LARGE / SMALL * _TOLERANCE
        # The machine may have been busy with something else once.
        taken = min(seconds(LARGE) for _ in range(2)) if seconds(LARGE) > limit else 0
        if taken > limit:
            message = f"{taken:.2f} s for {LARGE} characters, {limit:.2f} were expected at most"
            raise SlowError(message)

    return target


def _thirds(text: str) -> tuple[str, str, str]:
    parts = text[:400].split("%%")
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], "".join(parts[2:])


def front_matter(data: bytes) -> None:
    """Read front matter, in YAML or TOML by the first byte, and the settings in it."""
    fence = b"+++\n" if data[:1] == b"+" else b"---\n"
    body = data[1:] if data[:1] in {b"+", b"-"} else data
    source = fence + body + b"\n" + fence + b"\nA miracle.\n"
    with contextlib.suppress(InputError, ConfigError):
        document = parse_bytes(source, path="x.md")
        check_document(document)
        configfile.front_matter(document.front_matter, "x.md", document.source)


def decoding(data: bytes) -> None:
    """Decode bytes; the text can be written again."""
    with contextlib.suppress(InputError):
        expect("\0" not in decode(data, "x"), "binary files are refused")


def word_markup(data: bytes) -> None:
    """Read a Word document whose body, or another part by the first byte, is the data."""
    parts = ("document", "styles", "numbering", "footnotes", "comments")
    name = parts[data[0] % len(parts)] if data else "document"
    whole = docx(files={f"word/{name}.xml": data[1:]})
    _check_word(whole)


def word_package(data: bytes) -> None:
    """Read a Word document of these very bytes, and write findings into it."""
    _check_word(data)


def _check_word(data: bytes) -> None:
    try:
        checked = small_linter().lint_bytes(data, "x.docx")
    except (InputError, ConfigError):
        return
    if checked.report is None:
        return
    if checked.report.document is not None:
        check_document(checked.report.document)
    with contextlib.suppress(InputError):
        annotated = annotator("docx")(data, checked.report)
        again = small_linter().lint_bytes(annotated, "x.docx").report
        expect(again is not None, "a document with comments can be read")


# Rules and settings


def phrase(data: bytes) -> None:
    """Parse and compile a phrase."""
    with contextlib.suppress(PhraseError):
        sequences = parse_phrase(data.decode("utf-8", "replace"))
        expect(0 < len(sequences) <= MAX_SEQUENCES, "phrases stay small")
        table = SymbolTable()
        for sequence in sequences:
            table.linear(sequence)
            table.provide(7, sequence)


@cache
def _mini_files() -> tuple[RuleFile, ...]:
    return list_files(MINI, "mini")


_RULE_FILES = ("rules", "lexicon/more", "guards", "register", "ruleset", "sources")


def rules(data: bytes) -> None:
    """Read a file of a ruleset, its kind by the first byte; what compiles can be run and kept."""
    name = _RULE_FILES[data[0] % len(_RULE_FILES)] if data else "rules"
    place = MINI / f"{name}.yaml"
    own = RuleFile(place, "mini", in_lexicon="/" in name, data=data[1:])
    others = tuple(file for file in _mini_files() if file.place != place)
    files = (own, *others) if name == "ruleset" else (*others, own)
    book = read_rulebook(files)
    ruleset = Builder(book).ruleset()
    expect((ruleset is None) == bool(book.problems), "no rules without a reason")
    expect(all(problem.strip() for problem in book.problems), "problems have words")
    if ruleset is None:
        return
    again: Ruleset = from_plain(to_plain(ruleset))
    document = parse(_CLAIMS, path="x.md")
    settings = Config.default(Path()).choices.settings(date(2026, 1, 1))
    for each in (ruleset, again):
        outcome = lint(document, each, settings)
        expect(all("out of time" in f.error for f in outcome.failures), "rules that load can run")


_CLAIMS = """# Our therapy

We cure ALS without any risk. Is it a miracle? It "heals" arthritis, no doctor says.

- less pain
- less pain
"""


def configuration(data: bytes) -> None:
    """Read a configuration, as pyproject.toml where the first byte is "["."""
    path = _scratch() / ("pyproject.toml" if data[:1] == b"[" else ".medlint.yaml")
    path.write_bytes(data)
    try:
        with contextlib.suppress(ConfigError):
            config = configfile.read(path)
            config.choices_for(path.parent / "a" / "draft.md").settings(date(2026, 1, 1))
            expect(all(problem.strip() for problem in config.problems), "problems have words")
    finally:
        path.unlink()


def ignores(data: bytes) -> None:
    """Walk a folder whose .gitignore is the data, and whose excludes are its lines."""
    folder = _scratch() / "walk"
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_bytes(data)
    (folder / "a.md").write_bytes(b"")
    globs = tuple(data.decode("utf-8", "ignore").splitlines()[:3])
    with contextlib.suppress(ConfigError):
        Walker(lambda _: (Excludes(folder, globs),)).find([str(folder)])


def corpus(data: bytes) -> None:
    """Read a labelled corpus."""
    path = _scratch() / "labels.jsonl"
    path.write_bytes(data)
    with contextlib.suppress(InputError):
        list(read_corpus(path))


# The whole


@cache
def small_linter() -> Linter:
    """Return a linter with three rules."""
    options = Options(no_config=True, rulesets=(str(MINI),), today=date(2026, 1, 1))
    return Linter(Config.default(Path.cwd()), options)


def suppressions(data: bytes) -> None:
    """Lint a draft; suppressing every category for the whole file leaves none of its findings."""
    source = data.decode("utf-8", "ignore").replace("\0", "")
    with contextlib.suppress(InputError, ConfigError):
        checked = small_linter().lint_source(source, "x.txt")
        if checked.report is None:
            return
        names = sorted({f.category.value for f in checked.report.findings} - {"suppression"})
        if not names:
            return
        comment = f"\n\n<!-- medlint-disable-file {', '.join(names)} -->\n"
        again = small_linter().lint_source(source + comment, "x.txt").report
        if again is None or again.document is None:
            return
        left = {finding.category.value for finding in again.findings}
        # A comment that nobody closes swallows ours.
        is_read = any(each.span.start > len(source) for each in again.document.comments)
        expect(not is_read or not left & set(names), "what is suppressed is gone")


def fixes(data: bytes) -> None:
    """Fix a draft, its format by the first byte; a second time changes nothing."""
    suffix = SUFFIXES[data[0] % 3] if data else ".md"
    with contextlib.suppress(InputError, ConfigError, FixError):
        checked = small_linter().fix_bytes(data[1:], f"x{suffix}")
        if checked.changed is not None and checked.fixed < len(data):
            again = small_linter().fix_bytes(checked.changed, f"x{suffix}")
            expect(again.changed is None, "fixing converges")


def command(data: bytes) -> None:
    """Run `medlint check` on a file; format and suffix by the first byte."""
    first = data[0] if data else 0
    form = FORMATS[first % len(FORMATS)]
    path = _scratch() / f"draft{SUFFIXES[first // len(FORMATS) % len(SUFFIXES)]}"
    path.write_bytes(data[1:])
    arguments = ["check", "--no-config", "--format", form, str(path)]
    if first >= 128 and form == "text":
        arguments[1:1] = ["--diff"]
    try:
        with _kept_rules():
            code, out, err = _run(arguments)
    finally:
        path.unlink()
    expect(code in {0, 1, 2}, f"exit {code}")
    expect((code == 2) == bool(err), "what went unchecked is told, and nothing else")
    for text in _UNEXPECTED:
        expect(text not in err, err[-300:])
    if form in {"json", "sarif"}:
        json.loads(out)
    if form in {"text", "github"} and "--diff" not in arguments:
        expect("\x1b" not in out, "no escape sequence reaches a terminal")


_rules: dict[str, Ruleset] = {}


@contextlib.contextmanager
def _kept_rules() -> Iterator[None]:
    """Load rules once for all runs: traced, that takes longer than all the rest of a run."""
    load = loader.load_files

    def load_once(files: loader.RuleFiles, *, cache: bool = True) -> Ruleset:
        if files.key not in _rules:
            _rules[files.key] = load(files, cache=cache)
        return _rules[files.key]

    loader.load_files = load_once
    try:
        yield
    finally:
        loader.load_files = load


def _run(arguments: list[str]) -> tuple[int, str, str]:
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = streams
    try:
        code = cli.run(arguments)
    finally:
        sys.stdout, sys.stderr = kept
    for stream in streams:
        stream.flush()
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return code, out, err


@cache
def _scratch() -> Path:
    # Kept until the process ends; nothing in it is needed afterwards.
    memory = Path("/dev/shm")  # noqa: S108  a folder of our own inside it
    where = str(memory) if memory.is_dir() else None
    _kept.append(tempfile.TemporaryDirectory(prefix="medlint-fuzz-", dir=where))
    return Path(_kept[-1].name)


_kept: list[tempfile.TemporaryDirectory[str]] = []

TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": decoding,
    "plain": _parse(".txt"),
    "markdown": _parse(".md"),
    "html": _parse(".html"),
    "front-matter": front_matter,
    "docx-markup": word_markup,
    "docx-package": word_package,
    "repeat-plain": _repeated(".txt"),
    "repeat-markdown": _repeated(".md"),
    "repeat-html": _repeated(".html"),
    "phrase": phrase,
    "rules": rules,
    "configuration": configuration,
    "ignores": ignores,
    "corpus": corpus,
    "suppressions": suppressions,
    "fixes": fixes,
    "command": command,
}


def run(name: str, data: bytes) -> None:
    """Run a target on bytes, and hold it to its time.

    Raises:
        SlowError: it took more.
        Exception: medlint failed on it.
    """
    start = process_time()
    TARGETS[name](data)
    taken = process_time() - start
    if not name.startswith("repeat-") and taken > PATIENCE + PER_BYTE * len(data):
        message = f"{taken:.2f} s for {len(data)} bytes"
        raise SlowError(message)


__all__ = ["TARGETS", "MedlintError", "SlowError", "WrongError", "run"]
