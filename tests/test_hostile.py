"""What nobody means well with: bad input on the real command line, kind by kind.

`docs/robustness.md` lists the kinds and where each is tested. Every run here is a process of its
own; none may end in a traceback, hang, leave a file half-written or call unchecked text clean.
"""

from __future__ import annotations

import io
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from time import process_time, sleep
from typing import TYPE_CHECKING, Any

import pytest

import medlint as package
from medlint.api import Linter, Options
from medlint.config import Config
from medlint.errors import InputError
from medlint.parsing import parse
from timing import no_collection
from wordfile import docx, p

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from medlint.rules import Ruleset

SOURCES = str(Path(package.__file__).parents[1])
CLAIM = "Our therapy cures ALS.\n"
FOUND = "{}:1:13: error: “cures ALS” promises a cure. [cure-verb]"
PATIENCE = 60

pytestmark = pytest.mark.skipif(os.name == "nt", reason="these kinds are those of POSIX systems")


@dataclass(frozen=True)
class Run:
    """What a command line gave."""

    code: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        """Standard error's lines, without the name of the program."""
        return [line.removeprefix("medlint: ") for line in self.err.splitlines()]


@pytest.fixture
def folder(tmp_path: Path, mini_folder: Path) -> Path:
    """Return a folder whose configuration names three small rules."""
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n", "utf-8")
    return tmp_path


def medlint(
    folder: Path,
    *arguments: str | bytes,
    prefix: tuple[str, ...] = (),
    env: Mapping[str, str | None] | None = None,
    patience: float = PATIENCE,
    **options: Any,
) -> Run:
    """Run medlint in a folder; whatever it meets, there is no traceback."""
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    for name, value in (env or {}).items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL} if "input" not in options else {}
    streams |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "medlint", *arguments],
        cwd=folder,
        env=environment,
        timeout=patience,
        check=False,
        **(streams | options),
    )
    error = (done.stderr or b"").decode("utf-8", "replace")
    assert "Traceback" not in error
    assert "please report it" not in error
    return Run(done.returncode, done.stdout or b"", error)


# Files that are no drafts: one run over all of them


def zipped(**parts: bytes) -> bytes:
    """Return an archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), data)
    return buffer.getvalue()


MERGES = "".join(f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9))
ALIASES = "a0: &a0 [x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 20)
)
NO_WORD = "is no Word document, or a damaged one (File is not a zip file); open it in Word and save it as .docx"
UNCHECKED: dict[str, tuple[bytes, str]] = {
    "binary.md": (
        b"PNG\0\x01\x02",
        (
            ":1: NUL byte at position 3: a binary file, or UTF-16 without a byte order mark; save the"
            " file as UTF-8 or leave it out with exclude"
        ),
    ),
    "control.txt": (
        b"a\xc0\x80b",
        ":1: byte 0xc0 at position 1 is not valid UTF-8; save the file as UTF-8",
    ),
    "latin.md": (
        "Café".encode("latin-1"),
        ":1: byte 0xe9 at position 3 is not valid UTF-8; save the file as UTF-8",
    ),
    "surrogate.txt": (
        b"\xff\xfe" + "ab".encode("utf-16-le") + b"\x00\xd8c\x00",
        ":1: byte 0x00 at position 6 is not valid UTF-16; save the file as UTF-8",
    ),
    "odd.txt": (
        b"\xff\xfea",
        ":1: byte 0x61 at position 2 is not valid UTF-16; save the file as UTF-8",
    ),
    "wide.txt": (
        "a".encode("utf-32"),
        ":1: UTF-32 at byte 0 is not supported; save the file as UTF-8",
    ),
    "half.txt": (
        b"\xed\xa0\x80",
        ":1: byte 0xed at position 0 is not valid UTF-8; save the file as UTF-8",
    ),
    "foreign.md": (
        ("Мы лечим артрит без риска и боли. " * 3).encode(),
        ": the text is not in the Latin script; medlint checks English",
    ),
    "deep-yaml.md": (
        b"---\na: " + b"[" * 3000 + b"]" * 3000 + b"\n---\n",
        ": nested too deep to read; split the file or flatten its nesting",
    ),
    "deep-toml.md": (
        b"+++\na = " + b"[" * 9000 + b"]" * 9000 + b"\n+++\n",
        ": nested too deep to read; split the file or flatten its nesting",
    ),
    "open-yaml.md": (
        b"---\na: [b\n---\n",
        (
            ":3: broken front matter: did not find expected ',' or ']'; correct it, or remove the fences"
            " around it"
        ),
    ),
    "merges.md": (
        f"---\na0: &a0 {{x: 1}}\n{MERGES}---\n".encode(),
        (
            ":2: broken front matter: what a merge key (<<) brings in has merge keys itself; write it"
            " out; correct it, or remove the fences around it"
        ),
    ),
    "aliases.md": (
        f"---\n{ALIASES}medlint: *a19\n---\n{CLAIM}".encode(),
        ":22: “medlint” must be a mapping, not a list",
    ),
    "itself.md": (
        b"---\nmedlint: &m [*m, *m, *m]\n---\n",
        ":2: “medlint” must be a mapping, not a list",
    ),
    "date.md": (
        b"---\ndate: 2026-99-99\n---\n",
        ":2: broken front matter: month must be in 1..12; correct it, or remove the fences around it",
    ),
    "type.md": (
        b"---\na: !!int ''\n---\n",
        (
            ":2: broken front matter: a value does not suit its type; correct it, or remove the fences"
            " around it"
        ),
    ),
    "object.md": (
        b"---\na: !!python/object/apply:os.system [touch pwned]\n---\n",
        (
            ":2: broken front matter: could not determine a constructor for the tag"
            " 'tag:yaml.org,2002:python/object/apply:os.system'; correct it, or remove the fences"
            " around it"
        ),
    ),
    "digits.md": (
        b"+++\na = " + b"9" * 5000 + b"\n+++\n",
        (
            ":2: broken front matter: a number of thousands of digits; correct it, or remove the fences"
            " around it"
        ),
    ),
    "dotted.md": (
        b"+++\na" + b".a" * 20_000 + b" = 1\n+++\n",
        (
            ":2: broken front matter: a key of more than 50 parts; correct it, or remove the fences"
            " around it"
        ),
    ),
    "product.md": (
        b"---\nmedlint: {product: snakeoil}\n---\n",
        (
            ":2: “product” cannot be “snakeoil”; use one of: approved, auto, device, investigational,"
            " service, supplement, unapproved"
        ),
    ),
    "text.docx": (b"We cure.", f": {NO_WORD}"),
    "empty.docx": (b"", f": {NO_WORD}"),
    "other.docx": (
        zipped(a=b"We cure."),
        ": is a zip archive without a document inside; save the draft as .docx in Word",
    ),
    "encrypted.docx": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"),
        ": is encrypted; take its password off in Word (File, Info, Protect Document) and save it",
    ),
}


def long_line() -> bytes:
    """Return 50 MB without a line end."""
    return b"a" * 50_000_000


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory, mini_folder: Path) -> Path:
    """Return a folder of files that are no drafts, and a draft."""
    zoo = tmp_path_factory.mktemp("zoo")
    (zoo / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n", "utf-8")
    for name, (data, _) in UNCHECKED.items():
        (zoo / name).write_bytes(data)
    (zoo / "draft.md").write_text(CLAIM, "utf-8")
    return zoo


def test_what_is_no_draft_is_named_and_the_rest_is_checked(zoo: Path) -> None:
    """Each file that cannot be read gives one line with its cause and the way out."""
    run = medlint(zoo, "-q")
    assert run.out.decode().splitlines() == [FOUND.format("draft.md")]
    expected = [f"{name}{cause}" for name, (_, cause) in sorted(UNCHECKED.items())]
    assert run.lines == expected
    assert run.code == 2
    assert not (zoo / "pwned").exists()


@pytest.mark.parametrize("form", ["json", "sarif", "github", "html"])
def test_every_format_reports_them(zoo: Path, form: str) -> None:
    """Whatever the format, the exit code is 2 and the draft's finding is there."""
    run = medlint(zoo, "--format", form)
    assert run.code == 2
    assert "cures ALS" in run.out.decode()
    if form == "json":
        failures = {each["path"] for each in json.loads(run.out)["failures"]}
        assert failures == set(UNCHECKED)


def test_nothing_is_written_to_what_cannot_be_read(zoo: Path) -> None:
    """With --fix, files that were not understood stay as they are."""
    before = {path: path.read_bytes() for path in zoo.iterdir()}
    assert medlint(zoo, "-q", "--fix").code == 2
    assert {path: path.read_bytes() for path in zoo.iterdir()} == before


# Files that are drafts, however odd

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x1b[31m"
ODD: dict[str, tuple[bytes, bool]] = {
    "empty.md": (b"", False),
    "mark.md": (b"\xef\xbb\xbf", False),
    "mark16.txt": (b"\xff\xfe", False),
    "blanks.txt": (b" \t\r\n\x0c\x0b" * 100, False),
    "returns.txt": (b"\r" * 5000 + CLAIM.encode(), True),
    "utf16.txt": (CLAIM.encode("utf-16"), True),
    "escape.txt": (f"We cure {ESCAPE}ALS.\n{CLAIM}".encode(), True),
    "bidi.txt": (f"\u202e\u2066{CLAIM}\u2069 cures \u202eALS".encode(), True),
    "zero-width.txt": ("Our therapy cu\u200bres\u00ad ALS.\n".encode(), True),
    "separators.txt": (f"a\u2028b\u2029c\x85{CLAIM}".encode(), True),
    "marks.txt": (("a" + "\u0301" * 100_000 + f"\n\n{CLAIM}").encode(), True),
    "private.txt": (f"\U0010ffff\ufdd0\ufffe {CLAIM}".encode(), True),
    "unclosed.html": (f"<p>{CLAIM}<div <p title=\"<b '><!".encode(), True),
    "comment.html": (f"{CLAIM}<!-- {CLAIM}".encode(), True),
    "script.html": (f"{CLAIM}<script>alert('</scr'+'ipt>')</script><style>{CLAIM}".encode(), True),
    "handlers.html": (
        f"<p onclick='javascript:x' style='a:url(file:///etc)'>{CLAIM}".encode(),
        True,
    ),
    "hidden.html": (f"<p style='display:none'>{CLAIM}</p>".encode(), False),
    "entities.html": (f"&#0;&#xD800;&#x110000;&#99999999999;&amp{CLAIM}".encode(), True),
    "doctype.html": (
        f'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><p>&b; {CLAIM}'.encode(),
        True,
    ),
    "frames.html": (
        f"<plaintext><frameset><iframe src=x>{CLAIM}</iframe><p>{CLAIM}".encode(),
        True,
    ),
    "nested.html": (b"<div>" * 2000 + CLAIM.encode(), True),
    "lists.html": (b"<ul><li>" * 2000 + CLAIM.encode(), True),
    "quoted.md": (b"> " * 2000 + CLAIM.encode(), True),
    "items.md": (b"- " * 2000 + CLAIM.encode(), True),
    "unclosed.md": (f'{CLAIM}\n[a](<b ![c](d "e\n```\nf `g **h'.encode(), True),
    "loops.md": (f"{CLAIM}\n[a]: [b]\n[b]: [a]\n[^1]: [^1]\n[^1]\n".encode(), True),
    "fence.md": (b"---\n" * 2000 + CLAIM.encode(), True),
    "number.md": (
        f"---\na: {'9' * 5000}\nb: 0x{'f' * 5000}\nc: {'1:' * 2000}1\n---\n{CLAIM}".encode(),
        True,
    ),
    "digits.txt": (f"{'9' * 100_000} {CLAIM}".encode(), True),
    "directives.md": (
        f"<!-- medlint-disable -->\n<!-- medlint-{'x' * 5000} -->\n{CLAIM}".encode(),
        True,
    ),
    "word.docx": (docx(p(CLAIM)), True),
}


def test_odd_drafts_are_checked_in_full(folder: Path) -> None:
    """Each is read to its end: what it claims is found, and nothing fails."""
    for name, (data, _) in ODD.items():
        (folder / name).write_bytes(data)
    run = medlint(folder, "--format", "json")
    assert (run.lines, run.code) == ([], 1)
    found = {
        file["path"]: any(each["rule"] == "cure-verb" for each in file["findings"])
        for file in json.loads(run.out)["files"]
    }
    assert found == {name: claims for name, (_, claims) in ODD.items()}


def test_no_control_character_of_a_draft_reaches_a_terminal(folder: Path) -> None:
    """Neither escape sequences nor bidirectional controls, in lines, source or messages."""
    name = "x\x1b[31m\n\u202e.md"
    (folder / name).write_text(
        f"Our therapy cures \x1b[5m multiple\u202e sclerosis{ESCAPE}\u2066.\n\n"
        f"- less{ESCAPE} pain\n- less{ESCAPE} pain\n<!-- medlint-disable-line {ESCAPE} -->\n",
        "utf-8",
    )
    (folder / f"y{ESCAPE.replace('/', '')}.md").write_bytes(b"\0")
    for options in ((), ("--color", "never"), ("--format", "github")):
        run = medlint(folder, *options)
        assert run.code == 2
        text = run.out.decode() + run.err
        assert not {c for c in text if not c.isprintable() and c != "\n"}
    colored = medlint(folder, "--color", "always", env={"NO_COLOR": None}).out.decode()
    codes = "".join(c for c in colored if not c.isprintable())
    assert set(codes) == {"\n", "\x1b"}
    assert "\x1b]" not in colored
    assert "\x1b[2J" not in colored


def test_odd_names_in_every_format(folder: Path) -> None:
    """Names with line ends, quotation marks and bytes that are no text."""
    names = ["a\nb.md", "q\"'<&>.md", "%41 #?.md", "-o.md", " .md", "é\u202e.md", "~.md"]
    raw = [os.fsencode(name) for name in names] + [b"bad\xff.md"]
    for name in raw:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(CLAIM, "utf-8")
    for form in ("text", "json", "sarif", "github", "html"):
        run = medlint(folder, "--format", form)
        assert (run.code, run.err) == (1, "")
        assert run.out.count(b"cures ALS") >= len(raw)
    lines = medlint(folder, "-q").out.decode().splitlines()
    assert len(lines) == len(raw)


# Things that are no files


def test_what_is_no_file_is_refused_without_waiting(folder: Path) -> None:
    """Pipes, sockets, devices and folders named like drafts; links that lead nowhere or round."""
    os.mkfifo(folder / "pipe.md")
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    try:
        os.chdir(folder)  # a socket's path must be short
        server.bind("socket.md")
    finally:
        os.chdir(here)
    (folder / "zero.md").symlink_to("/dev/zero")
    (folder / "folder.md").mkdir()
    (folder / "gone.md").symlink_to("nowhere.md")
    (folder / "one.md").symlink_to("two.md")
    (folder / "two.md").symlink_to("one.md")
    (folder / "round").symlink_to(".", target_is_directory=True)
    (folder / "up").symlink_to("..", target_is_directory=True)
    (folder / "draft.md").write_text(CLAIM, "utf-8")
    run = medlint(folder, "-q")
    server.close()
    assert run.out.decode().splitlines() == [FOUND.format("draft.md")]
    round_trip = os.strerror(40) if sys.platform == "linux" else "Too many levels of symbolic links"
    assert run.lines == [
        "gone.md: cannot be read: No such file or directory",
        f"one.md: cannot be read: {round_trip}",
        "pipe.md: is not a regular file",
        "socket.md: is not a regular file",
        f"two.md: cannot be read: {round_trip}",
        "zero.md: is not a regular file",
    ]
    assert run.code == 2


def test_paths_that_cannot_be(folder: Path) -> None:
    """Empty, far too long, missing, of no format: each says why."""
    (folder / "a.md").write_text(CLAIM, "utf-8")
    long = "a" * 5000 + ".md"
    run = medlint(folder, "-q", "", long, "missing.md", "a.md/b.md", "a.pdf/../a.md", "/dev/null")
    assert run.out == b""
    known = (
        ".docx, .htm, .html, .markdown, .md, .mdown, .mdwn, .mkd, .mkdn, .qmd, .text, .txt, .xhtml"
    )
    assert [line.partition(";")[0] for line in run.lines] == [
        "(no file): an empty path names no draft",
        f"{long}: there is no such file or folder",
        "missing.md: there is no such file or folder",
        "a.md/b.md: there is no such file or folder",
        "a.pdf/../a.md: there is no such file or folder",
        f"/dev/null: “null” is no format that medlint reads ({known})",
    ]
    assert run.code == 2


def test_a_draft_of_many_gigabytes_is_refused(folder: Path) -> None:
    """Only so much is read of a file, however large it claims to be."""
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(1 << 40)
    assert medlint(folder, "-q").lines == [
        "huge.txt: is larger than 100,000,000 bytes; split it, or leave it out with exclude"
    ]


def test_a_line_of_fifty_megabytes_is_refused(folder: Path) -> None:
    """Nobody waits for minutes on what is no prose."""
    (folder / "long.md").write_bytes(long_line())
    assert medlint(folder, "-q").lines == [
        (
            "long.md:1: a line of 50000000 characters; medlint reads lines of up to 10000000: break it,"
            " or leave the file out with exclude"
        )
    ]


def unprivileged() -> tuple[str, ...]:
    """Return what makes a process respect permissions, where the tests run as root."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("as root, permissions mean nothing")
    return ("setpriv", "--inh-caps=-all", "--bounding-set=-all")


def test_what_may_not_be_read_or_written(folder: Path) -> None:
    """Unreadable files and folders are failures; a read-only tree is left as it was."""
    items = "- less pain\n- less pain\n"
    (folder / "locked").mkdir()
    (folder / "locked" / "a.md").write_text(CLAIM, "utf-8")
    (folder / "secret.md").write_text(CLAIM, "utf-8")
    (folder / "draft.md").write_text(items, "utf-8")
    (folder / "tree").mkdir()
    (folder / "tree" / "b.md").write_text(items, "utf-8")
    (folder / "secret.md").chmod(0)
    (folder / "draft.md").chmod(0o400)
    (folder / "tree").chmod(0o500)
    (folder / "locked").chmod(0)
    try:
        run = medlint(folder, "-q", "--fix", prefix=unprivileged())
        output = medlint(folder, "draft.md", "--output", "tree/r.txt", prefix=unprivileged())
    finally:
        (folder / "locked").chmod(0o700)
        (folder / "tree").chmod(0o700)
    assert run.lines == [
        "locked: the folder cannot be read: Permission denied",
        "draft.md: is read-only; the file is as it was",
        "secret.md: cannot be read: Permission denied",
        "tree/b.md: cannot be written: Permission denied; the file is as it was",
    ]
    assert run.code == 2
    assert output.lines == [
        "tree/r.txt: cannot be written: Permission denied; choose another --output"
    ]
    assert (folder / "draft.md").read_text() == (folder / "tree" / "b.md").read_text() == items
    assert [path.name for path in (folder / "tree").iterdir()] == ["b.md"]


def test_a_folder_that_changes_while_it_is_read(folder: Path) -> None:
    """Files that come, go and change meanwhile are checked, or are failures."""
    for number in range(300):
        (folder / f"{number}.md").write_text(CLAIM * 20, "utf-8")
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    command = [sys.executable, "-m", "medlint", "-q", "-j", "1"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        for number in range(300):
            (folder / f"{number}.md").unlink()
            (folder / f"new-{number}.md").write_text(CLAIM, "utf-8")
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode in {1, 2}
    gone = "cannot be read: No such file or directory"
    assert {line.partition(": ")[2].partition(": ")[2] for line in err.decode().splitlines()} <= {
        gone
    }


# Streams, surroundings and signals


def test_closed_streams(folder: Path) -> None:
    """A closed standard stream is told where it matters, and is never a crash."""
    (folder / "draft.md").write_text(CLAIM, "utf-8")

    def closed(*numbers: int) -> Callable[[], None]:
        return lambda: [os.close(number) for number in numbers] and None

    run = medlint(folder, "draft.md", preexec_fn=closed(1))
    assert (run.code, run.lines) == (2, ["standard output: is closed; use --output"])
    assert medlint(folder, "-q", "draft.md", preexec_fn=closed(2)).code == 1
    run = medlint(folder, "-", preexec_fn=closed(0), stdin=None)
    assert (run.code, run.lines) == (2, ["standard input: is closed"])
    assert medlint(folder, "-q", "draft.md", preexec_fn=closed(0, 2), stdin=None).code == 1
    assert medlint(folder, "--help", preexec_fn=closed(0, 1, 2), stdin=None).code in {0, 2}


@pytest.mark.parametrize("arguments", ["--help", "rules", "draft.md", "draft.md --format html"])
def test_a_full_disk_behind_standard_output(folder: Path, arguments: str) -> None:
    """What could not be printed is no success."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("only Linux has a disk that is always full")
    (folder / "draft.md").write_text(CLAIM, "utf-8")
    with full.open("wb") as stream:
        run = medlint(folder, *arguments.split(), stdout=stream)
    assert run.code == 2
    assert run.lines[-1].startswith("standard output: ")
    assert "No space left on device" in run.lines[-1]


@pytest.mark.parametrize(
    "arguments", ["--help", "rules", ".", ". --format json", ". --color always"]
)
def test_a_reader_that_stops_early(folder: Path, arguments: str) -> None:
    """`| head -1` ends every command in silence."""
    (folder / "draft.md").write_text(CLAIM * 3000, "utf-8")
    command = f"{sys.executable} -m medlint {arguments} | head -c 10"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.stderr == b""
    assert done.returncode in {0, 1}
    assert len(done.stdout) == 10


def limited(size: int) -> Callable[[], None]:
    """Return what keeps a process from writing longer files, as a full disk would."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Neither a fix nor a report is written by half; what was there stays."""
    draft = ("- less pain\n" * 500) + "\nFine.\n" * 2000
    (folder / "draft.md").write_text(draft, "utf-8")
    (folder / "report.html").write_text("old", "utf-8")
    cache = str(tmp_path_factory.mktemp("cache"))
    env = {"MEDLINT_CACHE_DIR": cache}
    run = medlint(folder, "-q", "--fix", "draft.md", preexec_fn=limited(4000), env=env)
    assert run.lines == ["draft.md: cannot be written: File too large; the file is as it was"]
    run = medlint(
        folder, "draft.md", "--format=html", "--output=report.html", preexec_fn=limited(4000)
    )
    assert run.lines == ["report.html: cannot be written: File too large; choose another --output"]
    assert run.code == 2
    assert (folder / "draft.md").read_text("utf-8") == draft
    assert (folder / "report.html").read_text("utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == {".medlint.yaml", "draft.md", "report.html"}
    assert {path.suffix for path in Path(cache).iterdir()} <= {".rules"}


def test_outputs_that_would_do_harm(folder: Path) -> None:
    """A report is not written to a folder, nor over a draft, whatever the draft is called."""
    (folder / "draft.md").write_text(CLAIM, "utf-8")
    (folder / "link.md").symlink_to("draft.md")
    os.link(folder / "draft.md", folder / "hard.txt")
    (folder / "sub").mkdir()
    for output in ("draft.md", "./sub/../draft.md", "link.md", "hard.txt"):
        run = medlint(folder, "draft.md", "--output", output)
        assert run.code == 2
        assert f"--output {Path(output)} is one of the drafts" in run.err
    run = medlint(folder, "draft.md", "--output", "sub")
    assert run.lines == ["sub: cannot be written: Is a directory; choose another --output"]
    run = medlint(folder, "draft.md", "--output", "no/such/report")
    assert run.lines == [
        "no/such/report: cannot be written: No such file or directory; choose another --output"
    ]
    assert (folder / "draft.md").read_text("utf-8") == CLAIM
    assert medlint(folder, "draft.md", "--output", "/dev/null").code == 1


def test_two_runs_that_fix_the_same_file(folder: Path) -> None:
    """One of them fixes it and the other may come too late; the file is whole in any case."""
    items = "".join(f"- less pain {n % 400}\n" for n in range(800))
    for name in ("a.md", "b.md"):
        (folder / name).write_text(items, "utf-8")
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    command = [sys.executable, "-m", "medlint", "-q", "--fix", "."]
    runs = [
        subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    errors = [process.communicate(timeout=PATIENCE)[1].decode() for process in runs]
    late = "changed while it was being checked; run medlint again"
    assert all(late in line for error in errors for line in error.splitlines())
    assert medlint(folder, "-q").out == b""
    expected = "".join(f"- less pain {n}\n" for n in range(400))
    assert (folder / "a.md").read_text("utf-8") == (folder / "b.md").read_text("utf-8") == expected
    assert {path.name for path in folder.iterdir()} == {".medlint.yaml", "a.md", "b.md"}


def test_ctrl_c_while_fixing(folder: Path) -> None:
    """Stopped at any moment, no draft is half-written and nothing lies about; the exit is 130."""
    items = "- less pain\n- less pain\n\n" + "Fine words.\n\n" * 50
    for number in range(1500):
        (folder / f"{number:04}.md").write_text(items, "utf-8")
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    command = [sys.executable, "-m", "medlint", "-q", "--fix", "-j", "1"]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while (folder / "0003.md").read_text("utf-8") == items and process.poll() is None:
            sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err.strip()) == (130, b"")
    fixed = items.replace("- less pain\n", "", 1)
    contents = {path.read_text("utf-8") for path in folder.glob("*.md")}
    assert contents == {items, fixed}
    assert len(list(folder.iterdir())) == 1501


SURROUNDINGS: list[dict[str, str | None]] = [
    {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "xx_YY.nonsense", "LANG": None},
    {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
    {"PYTHONIOENCODING": "utf-16", "PYTHONUTF8": "0"},
    {"TERM": "no-such-terminal\x1b[", "COLUMNS": "-5", "LINES": "x"},
    {"COLUMNS": "99999999999999999999"},
    {"COLUMNS": "1"},
    {"COLUMNS": "", "TERM": None},
    {"HOME": None, "XDG_CACHE_HOME": None},
    {"HOME": "/nonexistent", "MEDLINT_CACHE_DIR": "/dev/null/x"},
    {"MEDLINT_CACHE_DIR": "a" * 5000},
    {"TMPDIR": "/nonexistent"},
    {"PYTHONHASHSEED": "1"},
    {"PYTHONOPTIMIZE": "2"},
    {"TZ": "Nowhere/At_All"},
    {"NO_COLOR": "1", "FORCE_COLOR": "1", "CI": "1"},
    {"PATH": None},
]


@pytest.mark.parametrize("number", range(len(SURROUNDINGS)))
def test_odd_surroundings(folder: Path, number: int) -> None:
    """Whatever the environment says, the finding is told and the exit code is the same."""
    (folder / "draft.md").write_text(f"{CLAIM}\n- less pain\n- less pain\n", "utf-8")
    run = medlint(folder, "draft.md", "--color", "always", env=SURROUNDINGS[number])
    assert (run.code, run.err) == (1, "")
    assert b"cure-verb" in run.out.replace(b"\0", b"")
    assert medlint(folder, "-q", "--fix", "draft.md", env=SURROUNDINGS[number]).code == 1
    assert (folder / "draft.md").read_text("utf-8") == f"{CLAIM}\n- less pain\n"


def test_a_user_without_a_home(folder: Path) -> None:
    """A number without an entry in the list of users has no folder of its own."""
    done = subprocess.run(
        [sys.executable, "-c", NO_HOME],
        env={**os.environ, "PYTHONPATH": SOURCES},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "No findings in 0 files.\n")


NO_HOME = """
import os, pathlib
os.environ.pop("HOME", None); os.environ.pop("XDG_CACHE_HOME", None)
os.environ.pop("MEDLINT_CACHE_DIR", None)
def nowhere(*_): raise RuntimeError("Could not determine home directory.")
pathlib.Path.home = nowhere
from medlint import loader
loader.load((".",)) if pathlib.Path("ruleset.yaml").exists() else loader.cache_folder()
assert not loader.cache_folder().exists()
print("No findings in 0 files.")
"""


@pytest.mark.parametrize("arguments", [".", "check draft.md", "rules", "init", "explain cure-verb"])
def test_a_current_folder_that_is_gone(tmp_path: Path, arguments: str) -> None:
    """The way out is another folder."""
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f'rmdir "$PWD"; exec {sys.executable} -m medlint {arguments}'
    run = subprocess.run(
        ["bash", "-c", script],
        cwd=gone,
        env={**os.environ, "PYTHONPATH": SOURCES},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    message = (
        "medlint: the current folder cannot be used (No such file or directory); change to another"
        " one\n"
    )
    assert (run.returncode, run.stderr, run.stdout) == (2, message, "")


def test_standard_input_without_end(folder: Path) -> None:
    """More than a draft can be is refused, however long it goes on; so are bytes that are none."""
    with Path("/dev/zero").open("rb") as zeros:
        run = medlint(folder, "-", stdin=zeros)
    assert run.lines == ["standard input: is larger than 100,000,000 bytes; that is no draft"]
    assert run.code == 2
    run = medlint(folder, "-q", "-", input=b"\xff\xff")
    assert run.lines == ["-:1: byte 0xff at position 0 is not valid UTF-8; save the file as UTF-8"]
    run = medlint(folder, "-q", "-", "--fix", input=b"\0")
    assert run.code == 2
    assert run.out == b"\0"
    assert medlint(folder, "-q", "-", input=b"").code == 0


ARGUMENTS = [
    "--jobs=99999999999999999999 draft.md",
    "--jobs=-1 draft.md",
    "--format=nonsense draft.md",
    "--select=no-such-rule draft.md",
    "--ignore=,,,x draft.md",
    "--product=snakeoil draft.md",
    "--ruleset=/dev/zero draft.md",
    "--ruleset=../../../../../etc draft.md",
    "--config=/dev/zero draft.md",
    "--config=draft.md draft.md",
    "--exclude=[z-a] .",
    "--exclude=*a*a*a*a*b .",
    "--fail-on=never draft.md",
    "--stdin-filename=x.pdf -",
    "--no-such-option",
    "explain no-such-rule",
    "explain",
    "eval draft.md",
    "eval /dev/zero",
    "eval missing.jsonl",
    "test draft.md",
    "test /dev/null",
    "test .",
    "check check check",
]


@pytest.mark.parametrize("arguments", ARGUMENTS)
def test_wrong_arguments(folder: Path, arguments: str) -> None:
    """Each is refused with a message, or does no harm."""
    (folder / "draft.md").write_text(CLAIM, "utf-8")
    run = medlint(folder, *arguments.split())
    expected = 1 if "--jobs=999" in arguments else 2
    assert run.code == expected, (run.err, run.out[-300:])
    assert bool(run.err) == (expected == 2)
    assert {path.name for path in folder.iterdir()} == {".medlint.yaml", "draft.md"}


# Sizes: what is eight times as long takes eight times as long


@pytest.fixture(scope="module")
def linters(mini: Ruleset) -> tuple[Linter, ...]:
    """Return a linter with the small rules and one with all usual ones."""
    del mini
    small = Path(__file__).parent / "fixtures" / "mini"
    config = Config.default(Path.cwd())
    options = (Options(no_config=True, rulesets=(str(small),)), Options(no_config=True))
    return tuple(Linter(config, each) for each in options)


def _many(text: str) -> Callable[[int], str]:
    return lambda count: text * count


SIZES: dict[str, tuple[str, Callable[[int], str]]] = {
    "items alike": ("x.md", lambda n: "Benefits:\n\n" + "- less pain\n" * n),
    "items that differ": (
        "x.md",
        lambda n: "Benefits:\n\n" + "".join(f"- less pain {i} and sleep\n" for i in range(n)),
    ),
    "headings": ("x.md", _many("# We cure\n")),
    "headings in HTML": ("x.html", _many("<h2>We cure ALS</h2>")),
    "cells": ("x.md", lambda n: "| a | b |\n|-|-|\n" + "| we cure | b |\n" * n),
    "cells of a row": ("x.md", lambda n: "|a" * n + "|\n" + "|-" * n + "|\n"),
    "cells in HTML": ("x.html", lambda n: "<table>" + "<tr><td>we cure<td>b" * n),
    "claims": ("x.txt", _many("We cure ALS. It is a miracle.\n\n")),
    "one sentence of claims": ("x.txt", _many("we cure ALS and heal pain ")),
    "one line of sentences": ("x.txt", _many("We cure ALS without risk. ")),
    "one line of a story": ("x.txt", _many("I got my life back and my pain is gone. ")),
    "one item of purposes": ("x.md", lambda n: "- Drips " + "to cure ALS " * n + "; b\n- c\n"),
    "one sentence of negations": ("x.txt", lambda n: "no not never without " * n + "cures ALS"),
    "one sentence of ands": ("x.txt", _many("and ")),
    "one word": ("x.txt", _many("aaaaaaaaaaaaaaaa")),
    "suppressions in use": (
        "x.md",
        _many("<!-- medlint-disable-next-line cure -->\nIt cures ALS.\n\n"),
    ),
    "idle suppressions": ("x.md", _many("<!-- medlint-disable-next-line cure -->\n")),
    "suppressions of a file": (
        "x.md",
        lambda n: "<!-- medlint-disable-file cure -->\n" * n + "\nIt cures ALS.\n" * n,
    ),
    "unknown suppressions": ("x.md", _many("<!-- medlint-disable-file nonsense -->\n")),
    "quotations": ("x.md", _many(">")),
    "unclosed tags": ("x.html", _many("<di")),
    "unclosed attributes": ("x.html", _many("<a b='")),
    "unclosed declarations": ("x.html", _many("<!x")),
    "unclosed sections": ("x.html", _many("<![CDATA[>")),
    "unclosed comments": ("x.html", _many("<!-- a ")),
    "entities": ("x.html", _many("&nbsp;")),
    "attributes": ("x.html", lambda n: "<p " + "title='We cure' " * n + ">x"),
    "brackets": ("x.md", _many("[a](b ")),
    "stars": ("x.md", _many("*a **b ")),
    "definitions": (
        "x.md",
        lambda n: "".join(f"[a{i}]: b 'We cure'\n\n[a{i}]\n\n" for i in range(n)),
    ),
    "footnotes": ("x.md", lambda n: "".join(f"[^{i}]: b\n\n[^{i}]\n\n" for i in range(n))),
    "front matter": ("x.md", lambda n: "---\na:\n" + "- two words\n" * n + "---\n"),
    "merge keys": (
        "x.md",
        lambda n: (
            "---\na: &a {b: c}\n" + "".join(f"d{i}: {{<<: *a}}\n" for i in range(n)) + "---\n"
        ),
    ),
    "long numbers": ("x.md", lambda n: "---\na: 1" + ":1" * n * 9 + "\n---\n"),
    "blanks": ("x.txt", lambda n: "a" + " " * n * 20 + "b"),
    "line ends": ("x.txt", _many("\n" * 20)),
    "bidirectional controls": ("x.txt", _many("\u202ewe cure \u2066")),
    "marks": ("x.txt", lambda n: "a" + "\u0301" * n * 20),
    "questions": ("x.txt", _many("Does it cure ALS? ")),
}
LITTLE, MUCH = 250, 2000


@pytest.mark.parametrize("kind", SIZES)
def test_time_is_linear(linters: tuple[Linter, ...], kind: str) -> None:
    """However a draft is built, it takes time in proportion to its length."""
    path, build = SIZES[kind]

    def seconds(linter: Linter, count: int) -> float:
        with no_collection():
            start = process_time()
            try:
                linter.lint(parse(build(count), path=path))
            except InputError as error:
                assert "merge keys" in str(error)  # noqa: PT017  the only one that may be refused
            return process_time() - start

    for linter in linters:
        little = max(min(seconds(linter, LITTLE) for _ in range(2)), 0.004)
        assert seconds(linter, MUCH) < little * MUCH / LITTLE * 4


# The sizes that the design names take minutes; a run of all tests takes a thirtieth of them.
SHARE = 1 if os.environ.get("MEDLINT_HUGE") else 30


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "start", "unit", "count", "end"),
    [
        ("items.md", "Benefits:\n\n", "- less pain\n", 100_000, ""),
        ("headings.md", "", "# We cure\n", 1_000_000, ""),
        ("cells.md", "| a | b |\n|-|-|\n", "| we cure | b |\n", 50_000, ""),
        ("line.txt", "", "we cure ALS and ", 600_000, ""),
        ("comments.md", "", "<!-- medlint-disable-next-line cure -->\n", 1_000_000, CLAIM),
    ],
)
def test_the_largest_sizes_end(  # noqa: PLR0913, PLR0917
    folder: Path, name: str, start: str, unit: str, count: int, end: str
) -> None:
    """The sizes that the design names are checked to their end, in minutes and not in hours."""
    (folder / name).write_text(start + unit * (count // SHARE) + end, "utf-8")
    done = medlint(folder, "-q", "--format", "json", name, patience=600)
    assert done.code in {0, 1}
    assert done.err == ""


def test_fixing_many_items_is_linear(linters: tuple[Linter, ...]) -> None:
    """Thousands of repeated items are taken out in one go."""

    def seconds(count: int) -> float:
        data = ("Benefits:\n\n" + "- less pain\n" * count).encode()
        with no_collection():
            start = process_time()
            fixed = linters[0].fix_bytes(data, "x.md")
            taken = process_time() - start
        assert fixed.changed == b"Benefits:\n\n- less pain\n"
        return taken

    little = max(seconds(250), 0.01)
    assert seconds(2000) < little * 8 * 4
