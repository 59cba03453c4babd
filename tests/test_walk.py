"""Which drafts a run is about."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint.findings import Failure, Report
from medlint.reporters import View, reporter
from medlint.walk import Excludes, Found, Walker

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function that makes files in the current folder."""
    monkeypatch.chdir(tmp_path)

    def make(*names: str, **texts: str) -> Path:
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, ""))
        return tmp_path

    return make


def found(*names: str, exclude: tuple[str, ...] = (), force: bool = False) -> Found:
    """Find the drafts of some names, from the current folder."""
    excludes = (Excludes(Path.cwd(), exclude),)
    return Walker(lambda _: excludes, force_exclude=force).find(names)


def test_a_folder_is_walked_in_order_for_known_formats(tree: Callable[..., Path]) -> None:
    """Files before folders, by name; code, hidden folders and packages are left out."""
    tree(
        "b.md", "a.txt", "B.HTML", "x.py", "sub/c.md", "sub/a/d.md", ".git/e.md", ".hidden/f.md",
        "node_modules/g.md", ".note.md", "LICENSE",
    )  # fmt: skip
    assert found(".") == Found((".note.md", "B.HTML", "a.txt", "b.md", "sub/c.md", "sub/a/d.md"))
    assert found("sub") == Found(("sub/c.md", "sub/a/d.md"))


def test_each_draft_is_found_once(tree: Callable[..., Path]) -> None:
    """However often it is named; the first name stays."""
    top = tree("a.md", "sub/b.md")
    assert found("sub/../a.md", "a.md", ".", str(top / "a.md"), "-", "-") == Found(
        ("sub/../a.md", "sub/b.md", "-")
    )


def test_what_cannot_be_linted_is_a_failure(tree: Callable[..., Path]) -> None:
    """A missing path and an unknown format are said; the others are still found."""
    tree("a.md", "b.odt", "Makefile")
    result = found("gone.md", "b.odt", "a.md", "Makefile")
    assert result.paths == ("a.md",)
    assert [failure.path for failure in result.failures] == ["gone.md", "b.odt", "Makefile"]
    assert result.failures[0] == Failure(path="gone.md", error="there is no such file or folder")
    assert result.failures[1].error.startswith(
        "“.odt” is no format that medlint reads (.docx, .htm"
    )
    assert result.failures[2].error.startswith("“Makefile” is no format that medlint reads")


def test_gitignore_files_are_respected(tree: Callable[..., Path]) -> None:
    """The nearest file decides, ignored folders are not entered, names are taken."""
    top = tree(
        ".git/HEAD", ".gitignore", "a.md", "old.md", "build/b.md", "sub/.gitignore", "sub/old.md",
        "sub/deep/c.md", "sub/deep/new.md",
    )  # fmt: skip
    (top / ".gitignore").write_text("# nothing\nold.md\nbuild/\n/sub/deep/c.md\n")
    (top / "sub" / ".gitignore").write_text("!old.md\nnew.md\n")
    assert found(".").paths == ("a.md", "sub/old.md")
    assert found("sub").paths == ("sub/old.md",)
    assert found("old.md", "build/b.md").paths == ("old.md", "build/b.md")
    assert found("old.md", "build/b.md", "sub/old.md", force=True).paths == ("sub/old.md",)


def test_ignore_files_above_the_repository_do_not_count(tree: Callable[..., Path]) -> None:
    """A repository ends at its root, and a folder without one at itself."""
    top = tree(".gitignore", "repo/.git/HEAD", "repo/docs/a.md", "plain/a.md")
    (top / ".gitignore").write_text("*.md\n")
    assert found("repo/docs").paths == ("repo/docs/a.md",)
    assert found("plain").paths == ("plain/a.md",)


def test_excludes_hold_for_folders_and_if_forced_for_names(tree: Callable[..., Path]) -> None:
    """Globs are those of .gitignore; a folder left out is not entered."""
    tree("a.md", "drafts/b.md", "x/drafts/c.md", "x/d.md")
    assert found(".", exclude=("drafts/",)).paths == ("a.md", "x/d.md")
    assert found(".", exclude=("/drafts/", "x/*.md")).paths == ("a.md", "x/drafts/c.md")
    assert found("drafts/b.md", exclude=("drafts/",)).paths == ("drafts/b.md",)
    assert found("drafts/b.md", "a.md", exclude=("drafts/",), force=True).paths == ("a.md",)
    assert found("drafts", exclude=("drafts/",), force=True) == Found(())


def test_an_empty_folder_is_named(tree: Callable[..., Path]) -> None:
    """Nothing checked is not the same as nothing found."""
    tree("x/a.py", "y/b.md")
    assert found("x", "y") == Found(("y/b.md",), (), ("x",))


def test_links_do_not_lead_in_circles(tree: Callable[..., Path]) -> None:
    """Linked folders are not entered; linked files are drafts, and so are broken links."""
    top = tree("a.md", "sub/b.md")
    (top / "sub" / "loop").symlink_to(top)
    (top / "sub" / "linked.md").symlink_to(top / "a.md")
    (top / "sub" / "broken.md").symlink_to(top / "gone.md")
    assert found(".").paths == ("a.md", "sub/b.md", "sub/broken.md", "sub/linked.md")
    names = ("a.md", "sub/b.md", "sub/broken.md", "sub/linked.md")
    assert found("sub/loop").paths == tuple(f"sub/loop/{name}" for name in names)


def test_reports_are_no_drafts(tree: Callable[..., Path]) -> None:
    """A folder's reports are passed over; one that is named outright is read all the same."""
    page = reporter("html")(Report(files=()), View())
    tree("a.html", "b.html", **{"b.html": page})
    assert found(".") == Found(("a.html",))
    assert found("b.html") == Found(("b.html",))
    os.mkfifo("c.html")
    assert found(".") == Found(("a.html", "c.html"))


def test_an_unreadable_folder_is_a_failure(
    tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What may not be looked into is said."""
    tree("a.md", "sub/b.md")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "sub":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    # Access rights do not stop a superuser, who may be running this.
    monkeypatch.setattr(os, "scandir", refuse)
    assert found(".") == Found(
        ("a.md",),
        (Failure(path="sub", error="the folder cannot be read: Permission denied"),),
    )
