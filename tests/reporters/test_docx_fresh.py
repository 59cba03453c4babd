"""Drafts that are no Word documents, written as ones with the findings as comments."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx as python_docx
import pytest

from medlint import api
from medlint.parsing import parse_bytes
from medlint.reporters.docx import annotate, changes, fresh

EXAMPLES = Path(__file__).parents[2] / "examples"
DRAFTS = sorted(path for path in EXAMPLES.iterdir() if path.suffix in {".md", ".txt", ".html"})
DRAFT = """---
title: Our laser
seo: {description: "Heals discs"}
---

# Lasting relief

Our *clinic* cures arthritis,
[completely safe](x.html) \U0001f600.

- Less **pain**
  - at night

> It changed my life.

![A smiling woman](smile.png)

<!-- medlint-disable-line nothing-such -->
"""


def test_structure_and_words_are_kept() -> None:
    """Headings, items with their depth, quotations; what stands around the text is named."""
    data, file = fresh.written(api.lint_text(DRAFT, path="knee.md"))
    document = parse_bytes(data, path="knee.docx")
    assert [(block.kind.value, block.level, block.text) for block in document.blocks] == [
        ("paragraph", 0, "Front matter (title): Our laser"),
        ("paragraph", 0, "Front matter (seo.description): Heals discs"),
        ("heading", 1, "Lasting relief"),
        ("paragraph", 0, "Our clinic cures arthritis, completely safe \U0001f600."),
        ("list-item", 0, "Less pain"),
        ("list-item", 0, "at night"),
        ("quotation", 0, "It changed my life."),
        ("paragraph", 0, "Picture text: A smiling woman"),
    ]
    assert [block.place.depth for block in document.blocks if block.place] == [0, 1]
    assert (file.path, file.document) == ("knee.docx", document)


def test_findings_stand_on_the_same_words() -> None:
    """Each comment is about the words of its finding; one about a comment stands at the start."""
    before = api.lint_text(DRAFT, path="knee.md")
    data, file = fresh.written(before)
    comments = parse_bytes(annotate(data, file), path="x.docx").comments
    assert file.document is not None
    source = file.document.source
    words = [" ".join(source[f.span.start : f.span.end].split()) for f in file.findings]
    expected = [
        "" if finding.category.value == "suppression" else finding.match
        for finding in before.findings
    ]
    assert (words, len(comments)) == (expected, len(expected))
    assert "cures arthritis" in " ".join(words)


@pytest.mark.parametrize("path", DRAFTS, ids=lambda path: path.name)
def test_every_example_can_be_written(path: Path) -> None:
    """Each finding of each draft keeps its words, and others can open the document."""
    before = api.lint_path(path)
    data, file = fresh.written(before)
    assert file.document is not None
    source = file.document.source

    def plain(text: str) -> str:
        return "".join(c for c in text.casefold() if c.isalnum())

    words = [plain(source[f.span.start : f.span.end]) for f in file.findings]
    assert words == [plain(finding.match) for finding in before.findings]
    python_docx.Document(io.BytesIO(annotate(data, file)))


def test_the_same_draft_gives_the_same_bytes() -> None:
    """No date, no chance."""
    report = api.lint_text(DRAFT, path="knee.md")
    assert fresh.written(report)[0] == fresh.written(report)[0]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Writer is not installed")
def test_libreoffice_opens_both(tmp_path: Path) -> None:
    """A document made here and one with tracked changes are read with all their words."""
    data, file = fresh.written(api.lint_text(DRAFT, path="knee.md"))
    (tmp_path / "made.docx").write_bytes(annotate(data, file))
    brochure = (EXAMPLES / "laser-brochure.docx").read_bytes()
    text = parse_bytes(brochure, path="x.docx").source
    text = text.replace("heals damaged discs", "is used for backs").replace("neck", "neck\nhip")
    (tmp_path / "changed.docx").write_bytes(changes.revised(brochure, "x.docx", text))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ("soffice", profile, "--headless", "--convert-to", "fodt", "--outdir", tmp_path)
    subprocess.run(
        [*command, tmp_path / "made.docx", tmp_path / "changed.docx"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    made = (tmp_path / "made.fodt").read_text("utf-8")
    changed = (tmp_path / "changed.fodt").read_text("utf-8")
    assert made.count("<office:annotation ") == len(file.findings)
    # Three words are deleted and three inserted, a paragraph is split in two.
    assert changed.count("<text:changed-region") >= 3
    assert "is used for backs" in changed
