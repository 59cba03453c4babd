"""Safe rewrites: applied once, until there are none, and written without loss."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import DRAFTS
from medlint.api import Linter, Options
from medlint.config import Config
from medlint.document import Span
from medlint.errors import FixError
from medlint.findings import Category, Edit, Finding, Rewrite, RewriteKind, Severity
from medlint.fixes import MAX_ROUNDS, Fixed, apply, converge, diff, encode, replaced, write
from medlint.parsing.decode import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType


def finding(*edits: tuple[int, int, str], kind: RewriteKind = RewriteKind.SAFE) -> Finding:
    """Return a finding with one rewrite of these edits."""
    rewrite = Rewrite(kind, "text", tuple(Edit(Span(a, b), text) for a, b, text in edits))
    return Finding(
        rule="rule",
        category=Category.DUPLICATE_ITEM,
        severity=Severity.WARNING,
        span=Span(0, 1),
        match="x",
        message="m",
        rewrites=(rewrite,),
    )


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding((0, 2, ""))], Fixed("cdef", 1)),
        ([finding((4, 6, "X")), finding((0, 1, ""))], Fixed("bcdX", 2)),
        # The same removal twice, or one inside the other, happens once.
        ([finding((0, 2, "")), finding((0, 2, ""))], Fixed("cdef", 1)),
        ([finding((0, 4, "")), finding((2, 6, "X"))], Fixed("ef", 1)),
        # An insertion inside a removal, and two insertions at one place, meet.
        ([finding((0, 4, "")), finding((2, 2, "X"))], Fixed("ef", 1)),
        ([finding((2, 2, "X")), finding((2, 2, "Y"))], Fixed("abXcdef", 1)),
        ([finding((2, 2, "X")), finding((2, 4, ""))], Fixed("abXcdef", 1)),
        # What only touches does not meet.
        ([finding((0, 2, "")), finding((2, 2, "X"))], Fixed("Xcdef", 2)),
        ([finding((0, 2, "")), finding((2, 4, "X"))], Fixed("Xef", 2)),
        ([finding((6, 6, "X")), finding((0, 0, "Y"))], Fixed("YabcdefX", 2)),
        ([finding((0, 6, ""))], Fixed("", 1)),
        ([finding((3, 2, "X"))], Fixed("abcdef", 0)),
        # Whatever was chosen before, between and behind.
        (
            [finding((n, n + 1, "")) for n in (0, 2, 4)] + [finding((1, 2, "X"), (3, 5, ""))],
            Fixed("Xf", 3),
        ),
        ([finding((0, 1, ""), (4, 6, "")), finding((1, 3, "X"))], Fixed("Xd", 2)),
        ([finding((0, 1, ""), (4, 6, "")), finding((1, 5, "X"))], Fixed("bcd", 1)),
        # All edits of a rewrite or none.
        ([finding((0, 1, "")), finding((0, 1, ""), (5, 6, ""))], Fixed("bcdef", 1)),
        ([finding((0, 2, ""), (1, 3, ""))], Fixed("abcdef", 0)),
        ([finding((5, 9, ""))], Fixed("abcdef", 0)),
        ([finding((-1, 2, ""))], Fixed("abcdef", 0)),
        ([finding((0, 2, "")), finding((1, 3, "X")), finding((4, 5, ""))], Fixed("cdf", 2)),
        # Of two that begin alike, the end of the first edit decides, then its text.
        ([finding((0, 2, ""), (4, 5, "")), finding((0, 1, ""), (3, 6, ""))], Fixed("bc", 1)),
        (
            [finding((0, 1, "b"), (3, 4, "x")), finding((0, 1, "a"), (5, 6, "z"))],
            Fixed("abcdez", 1),
        ),
        ([finding((0, 2, ""), kind=RewriteKind.UNSAFE)], Fixed("abcdef", 0)),
        ([finding((0, 2, ""), kind=RewriteKind.DISPLAY)], Fixed("abcdef", 0)),
        ([finding()], Fixed("abcdef", 0)),
        ([], Fixed("abcdef", 0)),
    ],
)
def test_safe_rewrites_are_applied_once(findings: list[Finding], expected: Fixed) -> None:
    """Only safe rewrites, whole ones, none over another."""
    assert apply("abcdef", findings) == expected


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.text(max_size=3)), max_size=8),
)
def test_the_order_of_findings_changes_nothing(
    source: str, places: list[tuple[int, int, str]]
) -> None:
    """Whatever the edits, every order gives the same text, and untouched text stays."""
    findings = [finding((min(a, b), max(a, b), text)) for a, b, text in places]
    fixed = apply(source, findings)
    assert apply(source, findings[::-1]) == fixed
    if fixed.count == 0:
        assert fixed.source == source


def test_fixing_goes_on_until_nothing_is_left() -> None:
    """A fix that uncovers another is followed by it; what is clean is not linted again."""
    linted = []

    def lint(source: str) -> list[Finding]:
        linted.append(source)
        return [finding((0, 1, ""))] if source.startswith("x") else []

    assert converge("xxxy", lint) == Fixed("y", 3)
    assert linted == ["xxxy", "xxy", "xy", "y"]


ENDS = st.sampled_from(("\n", "\r\n"))
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16"))


@given(DRAFTS, st.sampled_from(("draft.md", "draft.html", "draft.txt")), ENDS, ENCODINGS)
@settings(max_examples=60)
def test_fixing_a_draft_leaves_the_rest(text: str, path: str, end: str, encoding: str) -> None:
    """Fixes take whole items out and nothing else, in any encoding, until there are no more."""
    source = text.replace("\n", end)
    data = source.encode(encoding)
    fixed = _small().fix_bytes(data, path)
    if fixed.report is None:
        # Odd pieces alone may come to a draft that is not English.
        problem = "the text does not read as English; medlint checks English"
        assert [failure.error for failure in fixed.failures] == [problem]
        assert fixed.changed is None
        return
    assert fixed.report.fixable == 0
    if fixed.changed is None:
        assert (fixed.fixed, fixed.diff) == (0, "")
        return
    assert fixed.fixed > 0
    left = decode(fixed.changed, path)
    assert left.encode(encoding) == fixed.changed
    assert fixed.report == _small().lint_bytes(fixed.changed, path).report
    assert _small().fix_bytes(fixed.changed, path).changed is None
    assert _is_part(left, source)


def _is_part(text: str, whole: str) -> bool:
    """Tell whether a text is what is left of another one."""
    characters = iter(whole)
    return all(character in characters for character in text)


@lru_cache
def _small() -> Linter:
    rulesets = (str(Path(__file__).parent / "fixtures" / "rulesets" / "core"),)
    return Linter(Config.default(Path.cwd()), Options(no_config=True, rulesets=rulesets))


def test_fixes_that_undo_each_other_end() -> None:
    """A circle of fixes stops after a fixed number of rounds."""

    def lint(source: str) -> list[Finding]:
        return [finding((0, 1, "b" if source == "a" else "a"))]

    assert converge("a", lint) == Fixed("a", MAX_ROUNDS)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a\nb\n", "a\n", "--- a/x.md\n+++ b/x.md\n@@ -1,2 +1 @@\n a\n-b\n"),
        (
            "a\nb",
            "a",
            (
                "--- a/x.md\n+++ b/x.md\n@@ -1,2 +1 @@\n-a\n-b\n\\ No newline at end of file\n"
                "+a\n\\ No newline at end of file\n"
            ),
        ),
        ("a\r\nb\r\n", "a\r\n", "--- a/x.md\n+++ b/x.md\n@@ -1,2 +1 @@\n a\r\n-b\r\n"),
        ("a\n", "a\n", ""),
        (
            "1\n2\n3\n4\n5\n6\n7\n8\n9\n",
            "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
            "--- a/x.md\n+++ b/x.md\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n",
        ),
    ],
)
def test_a_diff_is_one_that_patch_reads(before: str, after: str, expected: str) -> None:
    """Line ends are kept, a missing last one is noted, no change gives no diff."""
    assert diff(before, after, "x.md") == expected


@pytest.mark.parametrize(
    "data",
    [
        "naïve\n".encode(),
        b"\xef\xbb\xbf" + "naïve\r\n".encode(),
        b"\xff\xfe" + "naïve\n".encode("utf-16-le"),
        b"\xfe\xff" + "naïve\n".encode("utf-16-be"),
        b"",
    ],
)
def test_a_draft_keeps_its_encoding(data: bytes) -> None:
    """What was decoded is written back byte for byte, marks and line ends included."""
    before = decode(data, "x.md")
    assert encode(before, data, before) == data
    assert decode(encode(f"{before}é", data, before), "x.md") == f"{before}é"


ENCODED = "its encoding cannot be written back; save it as UTF-8 first"


def test_an_encoding_that_cannot_be_written_is_refused() -> None:
    """Rather no fix than a broken file."""
    with pytest.raises(FixError, match=f"^{ENCODED}$"):
        encode("a", b"\x00\x01", "nothing like it")


def test_what_the_old_encoding_cannot_hold_is_refused() -> None:
    """A draft is not written in another encoding than it was read in."""
    with pytest.raises(FixError, match=f"^{ENCODED}$"):
        encode("\u2192", b"\xe9", "\xe9")


def test_every_encoding_is_tried() -> None:
    """One that cannot hold the draft ends the search no more than one that gives other bytes."""
    assert encode("b\x81", b"a\x81", "a\x81") == b"b\x81"


@pytest.mark.parametrize("mode", [0o640, 0o755])
def test_writing_replaces_the_file_and_keeps_its_mode(tmp_path: Path, mode: int) -> None:
    """The new bytes are there, the mode is as before, and nothing else is left behind."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    path.chmod(mode)
    write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o7777 == mode
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """Fixing through a link changes the file that it leads to."""
    path = tmp_path / "real" / "a.md"
    path.parent.mkdir()
    path.write_bytes(b"old")
    link = tmp_path / "link.md"
    link.symlink_to(path)
    write(link, b"new", expected=b"old")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("theirs", [b"theirs", b"a", b"", b"old\n", b"ol"])
def test_a_file_that_changed_is_not_touched(tmp_path: Path, theirs: bytes) -> None:
    """Somebody else's change wins, and is told."""
    path = tmp_path / "a.md"
    path.write_bytes(theirs)
    message = f"{path}: changed while it was being checked; run medlint again"
    with pytest.raises(FixError, match=f"^{re.escape(message)}$"):
        write(path, b"new", expected=b"old")
    assert path.read_bytes() == theirs
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


def test_a_draft_is_written_beside_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a hidden file of its own name, whole and on the disk before it takes its place."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    done: list[str] = []
    replace_, sync = os.replace, os.fsync

    def replaced_(name: str, target: Path) -> None:
        done.append("replaced")
        assert Path(name).parent == tmp_path
        assert Path(name).name.startswith(".medlint-")
        assert Path(name).read_bytes() == b"new"
        assert (target, target.read_bytes()) == (path, b"old")
        replace_(name, target)

    def synced(handle: int) -> None:
        done.append("synced")
        sync(handle)

    monkeypatch.setattr(os, "replace", replaced_)
    monkeypatch.setattr(os, "fsync", synced)
    write(path, b"new", expected=b"old")
    assert done == ["synced", "replaced"]
    assert path.read_bytes() == b"new"


def test_a_file_that_vanished_is_an_error(tmp_path: Path) -> None:
    """Nothing is made where the draft was."""
    path = tmp_path / "a.md"
    message = f"{path}: cannot be written: No such file or directory; the file is as it was"
    with pytest.raises(FixError, match=f"^{re.escape(message)}$"):
        write(path, b"new", expected=b"old")
    assert list(tmp_path.iterdir()) == []


def test_a_crash_while_writing_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The draft is whole at every moment, and no half-written file stays."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    message = f"{path}: cannot be written: No space left on device; the file is as it was"
    with pytest.raises(FixError, match=f"^{re.escape(message)}$"):
        write(path, b"new", expected=b"old")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


# Stopped before `with` has it, the file is closed when it is let go, with a warning.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_line_of_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    """The draft is the old or the new one, whole, and no other file stays beside it."""
    path = tmp_path / "a.md"
    code = write.__code__
    last = 0

    def traced(stop: int) -> Callable[..., object]:
        seen = 0

        def trace(frame: FrameType, event: str, _: object) -> object:
            nonlocal seen, last
            if frame.f_code is not code:
                return None
            if event == "line":
                seen += 1
                last = max(last, seen)
                if seen == stop:
                    raise KeyboardInterrupt
            return trace

        return trace

    before = sys.gettrace()
    stop = 0
    while stop <= last:
        stop += 1
        path.write_bytes(b"old")
        try:
            sys.settrace(traced(stop))
            with suppress(KeyboardInterrupt):
                write(path, b"new", expected=b"old")
        finally:
            sys.settrace(before)
        assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"], stop
        assert path.read_bytes() in {b"old", b"new"}
    assert last > 10
    assert path.read_bytes() == b"new"


def test_ctrl_c_just_after_a_draft_was_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays Ctrl-C: the file is replaced, and nobody says that it is as it was."""
    path = tmp_path / "draft.md"
    path.write_bytes(b"before")
    replace = os.replace

    def interrupted(source: str, target: Path) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"after", expected=b"before")
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([finding((0, 2, "X"), kind=RewriteKind.UNSAFE)], Fixed("Xcdef", 1)),
        ([finding((0, 2, "X"), kind=RewriteKind.DISPLAY)], Fixed("abcdef", 0)),
        # Links and footnotes of the draft are no blanks.
        ([finding((0, 2, "[a](b)[^1]"), kind=RewriteKind.UNSAFE)], Fixed("[a](b)[^1]cdef", 1)),
        # A blank is never applied, whatever the kind says and wherever it stands.
        ([finding((0, 2, "[who]"), kind=RewriteKind.UNSAFE)], Fixed("abcdef", 0)),
        (
            [
                replace(
                    finding(),
                    rewrites=(
                        *finding((0, 2, "X"), kind=RewriteKind.DISPLAY).rewrites,
                        *finding((0, 1, "Y"), kind=RewriteKind.UNSAFE).rewrites,
                        *finding((0, 1, "")).rewrites,
                    ),
                )
            ],
            Fixed("Ybcdef", 1),
        ),
        (
            [finding((0, 3, "X"), kind=RewriteKind.UNSAFE), finding((2, 4, ""))],
            Fixed("Xdef", 1),
        ),
    ],
)
def test_unsafe_rewrites_are_applied_where_wanted(findings: list[Finding], expected: Fixed) -> None:
    """The first one of a finding that needs no word from the author."""
    assert apply("abcdef", findings, unsafe=True) == expected


def test_a_blank_is_one_wherever_it_stands() -> None:
    """In the text that is shown or in an edit; a safe rewrite never has one."""
    edits = (Edit(Span(0, 1), "X"),)
    for kind, text, expected in (
        (RewriteKind.UNSAFE, "no [who]", "abc"),
        (RewriteKind.UNSAFE, "no [who](x)", "Xbc"),
        (RewriteKind.UNSAFE, "no [who][1]", "abc"),
        (RewriteKind.UNSAFE, "no [^1]", "Xbc"),
        (RewriteKind.UNSAFE, "no [who][^1]", "Xbc"),
        (RewriteKind.UNSAFE, "no [who] [^1]", "abc"),
        (RewriteKind.UNSAFE, "[who](x) [who]", "abc"),
        (RewriteKind.SAFE, "no [who]", "Xbc"),
    ):
        found = replace(finding(), rewrites=(Rewrite(kind, text, edits),))
        assert apply("abc", [found], unsafe=True).source == expected


def test_a_safe_rewrite_is_applied_as_often_as_it_is_found() -> None:
    """Only an unsafe one may fail to help; and what has no fingerprint is another finding."""

    def lint(kind: RewriteKind, print_: str) -> Callable[[str], list[Finding]]:
        found = replace(finding((0, 1, ""), kind=kind), fingerprint=print_)
        return lambda source: [found] if source.startswith("x") else []

    assert converge("xxxy", lint(RewriteKind.SAFE, "same")) == Fixed("y", 3)
    assert converge("xxxy", lint(RewriteKind.UNSAFE, ""), unsafe=True) == Fixed("y", 3)
    assert converge("xxxy", lint(RewriteKind.UNSAFE, "same"), unsafe=True) == Fixed("xxy", 1)
    assert converge("xxxy", lint(RewriteKind.UNSAFE, "same")) == Fixed("xxxy", 0)


def test_a_file_that_may_not_be_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read-only draft is not replaced, though its folder would allow it."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    asked: list[tuple[object, int]] = []
    monkeypatch.setattr(os, "access", lambda *args: asked.append(args))
    message = f"{path}: is read-only; the file is as it was"
    with pytest.raises(FixError, match=f"^{re.escape(message)}$"):
        write(path, b"new", expected=b"old")
    assert asked == [(path, os.W_OK)]
    assert path.read_bytes() == b"old"


def test_an_unsafe_rewrite_that_does_not_help_is_applied_once() -> None:
    """A finding that comes back as it was is left alone."""

    def lint(source: str) -> list[Finding]:
        end = len(source)
        return [
            replace(finding((end, end, "!"), kind=RewriteKind.UNSAFE), fingerprint="same"),
        ]

    assert converge("ab", lint, unsafe=True) == Fixed("ab!", 1)


def test_edits_are_made_all_or_none() -> None:
    """Edits that meet, or leave the draft, change nothing."""
    edits = (Edit(Span(4, 6), ""), Edit(Span(0, 1), "X"))
    assert replaced("abcdef", edits) == "Xbcd"
    for wrong in ((*edits, Edit(Span(0, 2), "")), (Edit(Span(5, 7), ""),)):
        message = "this rewrite does not fit the draft; edit the words yourself"
        with pytest.raises(FixError, match=f"^{message}$"):
            replaced("abcdef", wrong)
