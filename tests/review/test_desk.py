"""A draft on disk under review: written at every step, never over what others wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medlint.errors import ConfigError, FixError, InputError
from medlint.review.desk import ChangedError, Configuration, open_draft
from medlint.review.memory import recall, remember
from medlint.review.session import allow, allow_phrase, current, edit, sentence_of, skip, undo

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import LintAs
    from medlint.review.desk import Desk
    from medlint.review.session import Session

DRAFT = "Our miracle cures ALS.\r\n\r\nMore.\r\n"


@pytest.fixture
def desk(tmp_path: Path, lint_as: LintAs, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Return a draft on disk, just opened."""
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "draft.md"
    path.write_bytes(DRAFT.encode("utf-16"))
    return open_draft(
        str(path), lint_as(), Configuration(tmp_path / ".medlint.yaml", None), frozenset()
    )


def edited(desk: Desk, text: str = "It is studied.") -> Session:
    """Return the state after the finding's sentence was rewritten."""
    finding = current(desk.session)
    assert finding is not None
    return edit(desk.session, sentence_of(desk.session.document, finding), text, desk.lint)


def on_disk(desk: Desk) -> str:
    """Return the draft as another program would read it."""
    return desk.path.read_bytes().decode("utf-16")


def test_a_step_is_on_disk_at_once(desk: Desk) -> None:
    """In the encoding and with the line breaks of the draft; undoing writes too."""
    first = desk.session
    desk.put(edited(desk))
    assert on_disk(desk) == "It is studied.\r\n\r\nMore.\r\n"
    desk.put(undo(desk.session))
    assert (on_disk(desk), desk.session) == (DRAFT, first)


def test_a_change_by_another_program_is_read_and_nothing_is_lost(desk: Desk) -> None:
    """Neither theirs nor ours: our last step is in a file beside the draft."""
    desk.put(edited(desk, "A miracle it is."))
    step = edited(desk)
    desk.path.write_text("Their miracle.\n")
    with pytest.raises(ChangedError) as error:
        desk.put(step)
    kept = desk.path.with_name("draft.md.review")
    assert str(error.value) == (
        f"{desk.shown} was changed by another program and has been read again;"
        f" your last step is in {kept}"
    )
    assert desk.path.read_text() == "Their miracle.\n"
    assert kept.read_bytes().decode("utf-16") == "It is studied.\r\n\r\nMore.\r\n"
    assert (desk.session.source, desk.session.before) == ("Their miracle.\n", None)
    desk.put(edited(desk))
    assert desk.path.read_text() == "It is studied.\n"
    desk.path.write_text("Third.\n")
    with pytest.raises(ChangedError, match=r"draft\.md\.review2"):
        desk.put(undo(desk.session))


def test_a_draft_that_is_gone_keeps_the_step_beside(desk: Desk) -> None:
    """The state stays as it was, and the message says where the words are."""
    step = edited(desk)
    before = desk.session
    desk.path.unlink()
    with pytest.raises(FixError, match=r"No such file .* your last step is in .*draft\.md\.review"):
        desk.put(step)
    assert desk.session is before


def test_phrases_are_written_to_the_configuration(desk: Desk) -> None:
    """A new file where there was none; undoing takes it away."""
    finding = current(desk.session)
    assert finding is not None
    place = desk.configuration.path
    desk.put(allow_phrase(desk.session, finding, "our miracle", "a name", desk.lint))
    assert place.read_text("utf-8") == (
        "# medlint's settings for this folder and those below it.\n\n"
        'allow:\n  - "our miracle"  # a name\n'
    )
    desk.put(undo(desk.session))
    assert not place.exists()


def test_a_configuration_that_changed_is_left_alone(desk: Desk) -> None:
    """As is one that cannot take a phrase at all."""
    finding = current(desk.session)
    assert finding is not None
    step = allow_phrase(desk.session, finding, "our miracle", "a name", desk.lint)
    desk.configuration.path.write_text("product: device\n")
    with pytest.raises(ConfigError, match=r"changed meanwhile; add the phrase to its “allow”"):
        desk.put(step)
    assert desk.configuration.path.read_text() == "product: device\n"
    desk.configuration.problem = "no place"
    with pytest.raises(ConfigError, match="no place"):
        desk.put(step)
    assert desk.session.phrases == ()


def test_skips_are_remembered(desk: Desk) -> None:
    """Until they are undone, and by their fingerprints alone."""
    finding = current(desk.session)
    assert finding is not None
    desk.put(skip(desk.session, finding))
    assert recall(desk.path) == {finding.fingerprint}
    desk.put(undo(desk.session))
    assert recall(desk.path) == frozenset()


def test_a_damaged_memory_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one that cannot be written is no error."""
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path / "cache"))
    draft = tmp_path / "a.md"
    assert remember(draft, frozenset({"0123456789abcdef"}))
    (place,) = (tmp_path / "cache" / "reviews").iterdir()
    place.write_bytes(b"0123456789abcdef\nnonsense\n0123456789ABCDEF\n")
    assert recall(draft) == {"0123456789abcdef"}
    place.write_bytes(b"\xff\xfe")
    assert recall(draft) == frozenset()
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(draft))
    draft.write_text("x")
    assert not remember(draft, frozenset({"0123456789abcdef"}))


def test_a_comment_goes_to_disk(desk: Desk) -> None:
    """Allowing is a step like the others."""
    finding = current(desk.session)
    assert finding is not None
    desk.put(allow(desk.session, finding, "a name", desk.lint))
    comment = "<!-- medlint-disable-next-line magic-word -- a name -->\r\n\r\n"
    assert on_disk(desk) == comment + DRAFT


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "a.docx",
            b"PK",
            r"in Word; `medlint .*a\.docx --format docx --output reviewed\.docx`",
        ),
        ("a.md", b"\xff", "is not valid UTF-8"),
        ("b.md", None, "cannot be read: No such file"),
    ],
)
def test_drafts_that_cannot_be_reviewed(
    tmp_path: Path, lint_as: LintAs, name: str, data: bytes | None, message: str
) -> None:
    """Each with its way out, before anything is asked."""
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        open_draft(str(path), lint_as(), Configuration(path, None), frozenset())


def test_a_read_only_draft_is_refused(
    tmp_path: Path, lint_as: LintAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A review that can write nothing would waste the author's time."""
    path = tmp_path / "a.md"
    path.write_text(DRAFT)
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(InputError, match="is read-only, and a review changes it"):
        open_draft(str(path), lint_as(), Configuration(path, None), frozenset())
