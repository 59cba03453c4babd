"""`medlint review` in a real terminal: what it shows, what it writes, how it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("pty", reason="there are no pseudo-terminals here")

from terminal import SOURCES, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

DRAFT = "Our miracle cures ALS.\n\n- less pain\n- less pain\n"
GOLDEN = Path(__file__).with_name("session.txt")
NOTICE = "Not legal advice; no findings is not compliance."
FIRST, SECOND, THIRD = "is hype", "promises a cure", "stands in this list"


@pytest.fixture
def folder(tmp_path: Path, mini_folder: Path) -> Path:
    """Return a folder with a configuration for the small rules and one draft."""
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n")
    (tmp_path / "draft.md").write_text(DRAFT)
    return tmp_path


@pytest.fixture
def review(folder: Path) -> Callable[..., Terminal]:
    """Return a function that starts a review in a terminal."""

    def start(*arguments: str, **options: Any) -> Terminal:
        return Terminal(*(arguments or ("draft.md",)), cwd=folder, **options)

    return start


def test_a_session_whole(review: Callable[..., Terminal], folder: Path) -> None:
    """Every screen of a session, from the first finding to the last line."""
    screens = []
    with review() as terminal:
        for keys, awaited in (
            ("", FIRST),
            ("?", "Any key goes back"),
            (" ", "q quit"),
            ("l", "Any key goes back"),
            (" ", "q quit"),
            ("s", SECOND),
            ("1", THIRD),
            ("1", "2 taken"),
        ):
            terminal.press(keys)
            shown = terminal.shows(awaited)
            screens.append(f"=== {keys!r}\n{shown}")
        # Rewriting the sentence took the finding that was skipped along.
        assert terminal.ends() == 0
    assert "\n".join(screens) == GOLDEN.read_text("utf-8")
    assert (folder / "draft.md").read_text() == (
        "Whether this helps with ALS has not been established.\n\n- less pain\n"
    )


def test_quitting_and_going_on(review: Callable[..., Terminal], folder: Path) -> None:
    """What was skipped is not asked about again, unless with --again."""
    with review() as terminal:
        terminal.shows(FIRST)
        terminal.press("s")
        terminal.shows(SECOND)
        terminal.press("q")
        assert terminal.ends() == 1
        terminal.shows("draft.md: nothing changed; 3 findings left, 1 skipped.")
    with review() as terminal:
        terminal.shows(SECOND)
        terminal.press("s")
        terminal.shows(THIRD)
        terminal.press("s")
        assert terminal.ends() == 1
    with review() as terminal:
        assert terminal.ends() == 1
        terminal.shows("All of them were skipped in an earlier review; --again asks again.")
    with review("--again", "draft.md", "--fail-on", "error") as terminal:
        terminal.shows(FIRST)
        terminal.press("q")
        assert terminal.ends() == 1
    assert (folder / "draft.md").read_text() == DRAFT


def test_steps_are_written_and_undone(review: Callable[..., Terminal], folder: Path) -> None:
    """The draft on disk is the one on the screen, step by step."""
    draft = folder / "draft.md"
    with review() as terminal:
        terminal.shows(FIRST)
        terminal.press("a")
        terminal.shows("Why is it right here?")
        terminal.press("a name\r")
        terminal.shows("Allowed by a comment")
        comment = "<!-- medlint-disable-next-line magic-word -- a name -->\n\n"
        assert draft.read_text() == comment + DRAFT
        terminal.press("p")
        terminal.shows("Words to allow")
        terminal.press("\r")
        terminal.shows("Why are they right?")
        terminal.press("it is quoted\r")
        terminal.shows("Allowed in .medlint.yaml; u undoes it.")
        assert (
            (folder / ".medlint.yaml")
            .read_text()
            .endswith('\nallow:\n  - "cures ALS"  # it is quoted\n')
        )
        terminal.press("u")
        terminal.shows("it is no longer allowed")
        assert "allow" not in (folder / ".medlint.yaml").read_text()
        terminal.press("u")
        terminal.shows(FIRST)
        assert draft.read_text() == DRAFT
        terminal.press("u")
        terminal.shows("There is nothing to undo.")
        terminal.press("7")
        terminal.shows("There is no rewrite 7 here.")
        terminal.press("see")
        terminal.shows("One key at a time")
        terminal.press("z")
        terminal.shows("“z” is no key here")
        terminal.press("a")
        terminal.shows("Why is it right here?")
        terminal.press("\r")
        terminal.shows("Allowing needs a reason")
        terminal.press("e")
        terminal.shows("> Our miracle")
        terminal.press("\x15\r")
        terminal.shows("Delete the sentence?")
        terminal.press("n\r")
        terminal.shows("Left as it was.")
        terminal.press("q")
        assert terminal.ends() == 1
    assert draft.read_text() == DRAFT


def test_editing_here_and_in_an_editor(review: Callable[..., Terminal], folder: Path) -> None:
    """The sentence stands in the line to be changed, or in a file for EDITOR."""
    editor = folder / "editor.py"
    editor.write_text(
        "import sys, pathlib, os\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "path.write_text(path.read_text().replace('treats', 'is studied in'))\n"
        "os.utime(path, (0, 0))\n"
    )
    environment = {"EDITOR": f"{sys.executable} {editor}"}
    with review(env=environment) as terminal:
        terminal.shows(FIRST)
        terminal.press("e")
        terminal.shows("> Our miracle cures ALS.")
        terminal.press("\x15It treats ALS, a miracle.\r")
        terminal.shows("Changed; u undoes it.")
        assert (folder / "draft.md").read_text().startswith("It treats ALS, a miracle.\n\n")
        terminal.press("E")
        terminal.shows("It is studied in ALS")
        terminal.press("q")
        terminal.ends()
    assert (folder / "draft.md").read_text().startswith("It is studied in ALS, a miracle.\n\n")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (None, 130)]
)
def test_an_end_from_outside_keeps_every_step(
    review: Callable[..., Terminal], folder: Path, number: signal.Signals | None, code: int
) -> None:
    """Ctrl-C, `kill` and a closed window lose nothing that was taken."""
    with review() as terminal:
        terminal.shows(FIRST)
        terminal.press("e")
        terminal.shows("> Our miracle cures ALS.")
        terminal.press("\x15A miracle.\r")
        terminal.shows("Changed; u undoes it.")
        if number is None:
            terminal.press("\x03")
            terminal.shows("Stopped; the draft holds every step up to here.")
        else:
            terminal.send(number)
        assert terminal.ends() == code
    assert (folder / "draft.md").read_text().startswith("A miracle.\n")


def test_a_prompt_is_left_by_ctrl_c(review: Callable[..., Terminal], folder: Path) -> None:
    """Only the step is given up, not the review."""
    with review() as terminal:
        terminal.shows(FIRST)
        for key, awaited in (("a", "Why is it"), ("p", "Words to allow"), ("e", "> Our")):
            terminal.press(key)
            terminal.shows(awaited)
            terminal.press("\x03")
            terminal.shows("Left as it was.")
        terminal.press("q")
        assert terminal.ends() == 1
    assert (folder / "draft.md").read_text() == DRAFT


def test_a_draft_that_changes_meanwhile(review: Callable[..., Terminal], folder: Path) -> None:
    """It is read again, and the step that could not be written is kept beside it."""
    with review() as terminal:
        terminal.shows(FIRST)
        (folder / "draft.md").write_text("Another text cures ALS.\n")
        terminal.press("e")
        terminal.shows("> Our miracle")
        terminal.press("\x15It is fine.\r")
        terminal.shows("has been read again")
        terminal.shows(SECOND)
        terminal.press("q")
        assert terminal.ends() == 1
    assert (folder / "draft.md").read_text() == "Another text cures ALS.\n"
    assert (folder / "draft.md.review").read_text().startswith("It is fine.\n")


def test_several_drafts(review: Callable[..., Terminal], folder: Path) -> None:
    """One after the other; `n` goes on, what cannot be reviewed is told and makes the exit 2."""
    (folder / "a.docx").write_bytes(b"PK")
    (folder / "b.md").write_text("A miracle.\n")
    (folder / "c.md").write_text("Fine.\n")
    with review("a.docx", "b.md", "c.md", "draft.md") as terminal:
        terminal.shows("b.md: 0 done, 1 left")
        terminal.press("n")
        terminal.shows("draft.md: 0 done, 3 left")
        terminal.press("n")
        terminal.shows("“n” is no key here")
        terminal.press("q")
        assert terminal.ends() == 2
    assert b"a.docx: a Word document is reviewed in Word" in terminal.raw
    assert b"c.md: nothing changed; 0 findings left." in terminal.raw


def test_a_phrase_holds_for_the_next_draft(review: Callable[..., Terminal], folder: Path) -> None:
    """What was allowed everywhere is not asked about again."""
    (folder / "a.md").write_text("Our miracle.\n")
    (folder / "b.md").write_text("Our miracle is called a miracle.\n")
    with review("a.md", "b.md") as terminal:
        terminal.shows("a.md: 0 done, 1 left")
        terminal.press("p")
        terminal.shows("Words to allow")
        terminal.press("\x15our miracle\r")
        terminal.shows("Why are they right?")
        terminal.press("a name\r")
        shown = terminal.shows("b.md: 0 done, 1 left")
        assert " --> b.md:1:25" in shown
        terminal.press("q")
        assert terminal.ends() == 1
    assert b"a.md: 1 allowed; 0 findings left." in terminal.raw


@pytest.mark.parametrize(
    ("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "ansi"}, True)]
)
def test_colour_and_width(
    review: Callable[..., Terminal], environment: dict[str, str], *, colored: bool
) -> None:
    """NO_COLOR is respected, and no line is longer than the window is wide."""
    with review(env=environment, columns=50) as terminal:
        shown = terminal.shows("q quit")
        assert (b"\x1b[1;33m" in terminal.raw) == colored
        assert [line for line in shown.splitlines() if len(line) > 49] == []
        assert shown.splitlines()[2:4] == [
            "warning[magic-word]: “miracle” is hype.",
            " --> draft.md:1:5",
        ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("draft.md",), "A review asks its questions on a terminal, and this is none"),
        (("-",), "standard input is none; name a file"),
    ],
)
def test_without_a_terminal(folder: Path, arguments: tuple[str, ...], message: str) -> None:
    """A clear error, and nothing is read or written."""
    done = subprocess.run(
        [sys.executable, "-m", "medlint", "review", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": SOURCES, "COLUMNS": "200"},
        input="q",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
