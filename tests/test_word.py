"""Word documents from end to end: reports, comments, suppressions, standard input, failures."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from medlint.api import lint_path
from medlint.findings import Failure
from medlint.parsing.docx.reading import read
from medlint.reporters import NOTICE
from medlint.walk import Walker
from wordfile import comment, commented, docx, p, r, table

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., subprocess.CompletedProcess[bytes]]

SOURCES = Path(__file__).parents[1] / "src"
PLACE = "table 1, row 1, cell 1, under “Our clinic”"
TEXT = "Our clinic\nWe care.\nA miracle cures ALS.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration for the small rules and one draft."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n")
    draft = docx(p("Our clinic", style="Heading1"), p("We care."), table(("A miracle cures ALS.",)))
    (tmp_path / "draft.docx").write_bytes(draft)
    return tmp_path


@pytest.fixture
def medlint(folder: Path) -> Run:
    """Return a function that runs a command line in a process of its own."""

    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(SOURCES), "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, "-m", "medlint", *arguments],
            cwd=folder,
            env={**environment, "MEDLINT_CACHE_DIR": str(folder / ".cache")},
            input=stdin,
            capture_output=True,
            check=False,
        )

    return run


def test_text_names_the_place(medlint: Run) -> None:
    """A line a finding, whose numbers count in the extracted text, with the place in words."""
    done = medlint("--quiet")
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.decode() == (
        f"draft.docx:3:3: warning: “miracle” is hype. ({PLACE}) [magic-word]\n"
        f"draft.docx:3:11: error: “cures ALS” promises a cure. ({PLACE}) [cure-verb]\n"
    )
    shown = medlint("draft.docx", "--color", "always").stdout.decode()
    assert f"draft.docx:3:3 ({PLACE})" in shown
    assert " A miracle cures ALS.\n" in shown


def test_json_brings_the_text_that_positions_count_in(medlint: Run) -> None:
    """With it, offsets lead somewhere; each finding has its place in words."""
    done = medlint("draft.docx", "--format", "json")
    (file,) = json.loads(done.stdout)["files"]
    assert (file["path"], file["text"]) == ("draft.docx", TEXT)
    found = [
        (each["place"], TEXT[each["start"]["offset"] : each["end"]["offset"]], each["start"])
        for each in file["findings"]
    ]
    assert found == [
        (PLACE, "miracle", {"offset": 22, "line": 3, "column": 3}),
        (PLACE, "cures ALS", {"offset": 30, "line": 3, "column": 11}),
    ]


def test_text_files_have_no_such_keys(medlint: Run, folder: Path) -> None:
    """Their lines say it all."""
    (folder / "draft.md").write_text("A miracle.\n")
    (file,) = json.loads(medlint("draft.md", "--format", "json").stdout)["files"]
    assert "text" not in file
    assert "place" not in file["findings"][0]


def test_sarif_and_github_name_the_place(medlint: Run) -> None:
    """As a logical location, and in the annotation's words."""
    (run,) = json.loads(medlint("--format", "sarif").stdout)["runs"]
    (location,) = run["results"][0]["locations"]
    assert location["logicalLocations"] == [{"name": PLACE}]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "draft.docx"}
    first, *_ = medlint("--format", "github").stdout.decode().splitlines()
    assert first.startswith("::warning title=medlint (magic-word),file=draft.docx,line=3,col=3,")
    assert first.endswith(f"“miracle” is hype.%0ALeave it out.%0AIn {PLACE}.")


def test_comments_are_written_beside_the_draft(medlint: Run, folder: Path) -> None:
    """The draft stays; the reviewed one has the same text and a comment for each finding."""
    before = (folder / "draft.docx").read_bytes()
    done = medlint("draft.docx", "--format", "docx", "--output", "reviewed.docx")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == f"2 findings. {NOTICE}\n"
    assert (folder / "draft.docx").read_bytes() == before
    word = read((folder / "reviewed.docx").read_bytes(), "reviewed.docx")
    assert word.source == TEXT
    assert [TEXT[c.span.start : c.span.end] for c in word.comments] == ["miracle", "cures ALS"]
    again = medlint("reviewed.docx", "--format", "docx", "--output", "again.docx")
    assert again.returncode == 1
    assert (folder / "again.docx").read_bytes() == (folder / "reviewed.docx").read_bytes()


def test_standard_input_and_output(medlint: Run, folder: Path) -> None:
    """The name says that the bytes are a document, and a pipe takes the reviewed one."""
    data = (folder / "draft.docx").read_bytes()
    assert medlint("-", "--stdin-filename", "x.docx", stdin=data).stdout.startswith(b"x.docx:3:3:")
    done = medlint("-", "--stdin-filename", "x.docx", "--format", "docx", stdin=data)
    assert [c.author for c in read(done.stdout, "x.docx").comments] == ["medlint"] * 2


def test_a_clean_draft_comes_out_as_it_was(medlint: Run, folder: Path) -> None:
    """Exit code 0, and the words that say what that does not mean."""
    (folder / "fine.docx").write_bytes(docx(p("We care.")))
    done = medlint("fine.docx", "--format", "docx", "--output", "out.docx")
    assert (done.returncode, done.stderr.decode()) == (0, f"0 findings. {NOTICE}\n")
    assert (folder / "out.docx").read_bytes() == (folder / "fine.docx").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("draft.docx", "--output", "draft.docx"), "--output draft.docx is one of the drafts"),
        (("draft.docx", "a.docx", "--output", "o.docx"), "writes comments into one draft; 2 were"),
        (("a.md", "--output", "o.docx"), "needs a draft of that format; a.md is none."),
        (("gone.docx", "--output", "o.docx"), "gone.docx: there is no such file or folder"),
        (("draft.docx", "--fix", "--output", "o.docx"), "leave out --fix and --diff"),
        (("bad.docx", "--output", "o.docx"), "medlint: bad.docx: is no Word document"),
    ],
)
def test_what_cannot_be_annotated(
    medlint: Run,
    folder: Path,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    """Exit code 2 with the cause, and nothing written."""
    (folder / "a.docx").write_bytes(docx(p("We care.")))
    (folder / "a.md").write_text("We care.\n")
    (folder / "bad.docx").write_bytes(b"We cure.")
    done = medlint("--format", "docx", *arguments)
    assert (done.returncode, (folder / "o.docx").exists()) == (2, False)
    assert message in done.stderr.decode()


def test_a_broken_document_keeps_no_other_draft_from_its_turn(
    medlint: Run,
    folder: Path,
) -> None:
    """It is a failure, the others are checked, and the exit code is 2."""
    (folder / "bad.docx").write_bytes(b"PK\x03\x04 half a download")
    done = medlint("--format", "json")
    data = json.loads(done.stdout)
    assert done.returncode == 2
    assert [file["path"] for file in data["files"]] == ["draft.docx"]
    assert [failure["path"] for failure in data["failures"]] == ["bad.docx"]
    assert data["failures"][0]["error"].startswith("is no Word document, or a damaged one (")


def test_fixes_leave_documents_alone(medlint: Run, folder: Path) -> None:
    """A repeated item is reported; nothing in a document is removed."""
    items = docx(p("less pain", item=(1, 0)), p("less pain", item=(1, 0)))
    (folder / "draft.docx").write_bytes(items)
    done = medlint("--fix", "--quiet")
    assert (done.returncode, (folder / "draft.docx").read_bytes()) == (1, items)
    assert done.stdout.decode() == (
        "draft.docx:2:1: warning: “less pain” stands in this list already. (paragraph 2)"
        " [repeated-item]\n"
    )
    assert medlint("--diff").stdout == b""


def test_walking_finds_documents_and_not_their_locks(folder: Path) -> None:
    """Word keeps a small file beside a document that is open."""
    (folder / "~$draft.docx").write_bytes(b"\x05Owner")
    (folder / "old.doc").write_bytes(b"x")
    found = Walker(lambda _: ()).find(["."])
    assert found.paths == ("draft.docx",)
    (failure,) = Walker(lambda _: ()).find(["old.doc"]).failures
    assert (failure.path, failure.error[:46]) == (
        "old.doc",
        "“.doc” is no format that medlint reads (.docx,",
    )
    assert isinstance(failure, Failure)


# Suppressions


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("medlint-disable-line hype -- approved by counsel", ["after"]),
        ("medlint-disable-line cure", ["unused-suppression", "before", "here", "after"]),
        ("medlint-disable hype", ["before"]),
        ("medlint-disable-next-line hype", ["before", "here"]),
        ("medlint-disable-file magic-word -- a story", []),
        ("Please check this.", ["before", "here", "after"]),
        ("medlint-disable-lin hype", ["unknown-suppression", "before", "here", "after"]),
    ],
)
def test_word_comments_suppress(text: str, left: list[str]) -> None:
    """A line is a paragraph that the comment touches; a range begins with the words it is about."""
    data = docx(
        p("A miracle before ", commented(1, r("A miracle here"))),
        p("A miracle after."),
        parts={"comments": comment(1, text)},
    )
    Path("x.docx").write_bytes(data)
    found: list[Any] = []
    for each in lint_path("x.docx").findings:
        source = read(data, "x.docx").source
        words = source[each.span.end : each.span.end + 7].split()
        found.append(words[0].strip(".") if each.rule == "magic-word" else each.rule)
    assert sorted(found) == sorted(left)


@pytest.mark.usefixtures("folder")
def test_a_range_ends_with_another_comment() -> None:
    """What stands from the first comment's words up to the second's is left alone."""
    data = docx(
        p("A miracle one."),
        p(commented(1, r("A miracle two."))),
        p(commented(2, r("A miracle three."))),
        parts={
            "comments": comment(1, "medlint-disable hype -- quoted")
            + comment(2, "medlint-enable hype")
        },
    )
    Path("x.docx").write_bytes(data)
    lines = lint_path("x.docx").document
    assert lines is not None
    places = [lines.place(each.span.start) for each in lint_path("x.docx").findings]
    assert places == ["paragraph 1", "paragraph 3"]
