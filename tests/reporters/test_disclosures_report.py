"""Disclosures as Markdown, text and HTML: whole outputs, with no findings of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from medlint import loader
from medlint.config import Settings
from medlint.disclosures import Block, Sheet, sheets
from medlint.engine import lint
from medlint.findings import Product, Source
from medlint.parsing import parse
from medlint.reporters.disclosures import FORMATS, render
from medlint.rulefiles import Disclosure

LAW = Source("x.law", "Act -- section <1>", "https://example.org/1")
GUIDE = Source("x.guide", "Guide", "https://example.org/2", checked=False)
SHEET = Sheet(
    "x",
    "Exampleland",
    Product.DEVICE,
    (
        Block(
            kind=Disclosure.RISKS,
            title="Risks & more",
            when="Pages about lasers",
            text=("Risks of [device]:", "- burns", "- [another]", "Read <this>."),
            note="Put it first.",
            blanks=(("device", "the laser"), ("another", "scars")),
            sources=(LAW, GUIDE),
        ),
        Block(kind=Disclosure.STATUS, nothing="Nothing is owed.", sources=(LAW,)),
    ),
)
NOTICE = "Not legal advice; no findings is not compliance."
FILL = "Fill in what stands in [brackets]; only you know it, and each statement must be true."
MARKDOWN = f"""\
<!-- {FILL} {NOTICE} -->

<!-- Exampleland: product status “device” -->

<!-- Risks.
     Pages about lasers.
     Put it first.
     [device]: for example “the laser”
     [another]: for example “scars”
     Source: Act \N{EN DASH} section <1> (https://example.org/1)
     Source: Guide (https://example.org/2, not compared with its text) -->

## Risks & more

Risks of [device]:

- burns
- [another]

Read <this>.

<!-- Status.
     Nothing is owed.
     Source: Act \N{EN DASH} section <1> (https://example.org/1) -->
"""
TEXT = f"""\
Fill in what stands in [brackets]; only you know it, and each statement must be
true. {NOTICE}

Exampleland: product status “device”
====================================

Risks & more
------------

Risks of [device]:

- burns
- [another]

Read <this>.

    Pages about lasers.
    Put it first.
    [device]: for example “the laser”
    [another]: for example “scars”
    Source: Act -- section <1> (https://example.org/1)
    Source: Guide (https://example.org/2, not compared with its text)

Status
------

    Nothing is owed.
    Source: Act -- section <1> (https://example.org/1)
"""
HTML = MARKDOWN.replace(
    """
## Risks & more

Risks of [device]:

- burns
- [another]

Read <this>.
""",
    """\
<section class="disclosure">
  <h2>Risks &amp; more</h2>
  <p>Risks of <mark>[device]</mark>:</p>
  <ul>
  <li>burns</li>
  <li><mark>[another]</mark></li>
  </ul>
  <p>Read &lt;this&gt;.</p>
</section>
""",
)


@pytest.mark.parametrize(
    ("form", "expected"), [("markdown", MARKDOWN), ("text", TEXT), ("html", HTML)]
)
def test_each_format_whole(form: str, expected: str) -> None:
    """The text is ready to paste; all that is said about it stands beside it."""
    assert render((SHEET,), form) == expected


def test_without_blanks_nothing_is_to_be_filled_in() -> None:
    """The opening does not ask for what there is not."""
    sheet = Sheet("x", "Exampleland", Product.DEVICE, SHEET.blocks[1:])
    assert render((sheet,), "text").splitlines()[0] == NOTICE


@pytest.mark.parametrize(("form", "suffix"), [("markdown", "md"), ("html", "html")])
def test_what_is_printed_is_a_page_without_findings(form: str, suffix: str) -> None:
    """Comments are not read, and the rest was written to pass."""
    ruleset = loader.load(("us",))
    found = sheets(loader.gather(("us",), Path()), Product.UNAPPROVED)
    document = parse(render(found, form), path=f"page.{suffix}")
    outcome = lint(document, ruleset, Settings(product=Product.UNAPPROVED))
    assert (outcome.findings, outcome.failures, outcome.unchecked) == ((), (), None)
    headings = [block.text for block in document.blocks if block.level]
    assert headings == [block.title for block in found[0].blocks]


def test_all_formats_are_tested() -> None:
    """A new format needs a golden output here."""
    assert FORMATS == ("markdown", "text", "html")
