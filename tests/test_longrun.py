"""Long documents: linted block by block, with the outcome of a run over the whole."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from medlint import engine, longrun
from medlint.api import Linter, Options
from medlint.config import Config
from medlint.findings import Category
from medlint.packed import PackedFindings
from medlint.parsing import parse

if TYPE_CHECKING:
    from medlint.checks.view import SentenceView
    from medlint.document import Document

EXAMPLES = Path(__file__).parents[1] / "examples"
PIECES = (
    "# Our stem cell clinic",
    "## Who we treat",
    "We treat many conditions, including:\n\n- knee pain\n- arthritis\n- multiple sclerosis",
    "Our therapy cures ALS. It is not a miracle. It restores lost function, guaranteed.",
    "Does it hurt? Not at all. Will it cure me? Yes.",
    "> “I was in a wheelchair. Now I run.” Anna, 43",
    "No clinic can promise that you will feel relief. Results vary between patients.",
    "Side effects include infection, bleeding and nerve injury. Talk to your doctor first.",
    "It is a breakthrough.[^1] Book your free consultation today!",
    "![Our cream heals scars](a.png)",
    "Myth: exosomes cure everything. The FDA has not approved them.",
    "In a trial of 40 patients pain fell by 2 points on a scale of 10; limits were its size.",
    "The bus stops at the old mill, between the station and the river, and tea is served.",
    "- less pain\n- less pain\n- more energy without any downtime",
    "What is it? A natural therapy that regenerates cartilage and boosts immunity.",
    "This supplement supports joint health. It relieves stiffness and reverses ageing.",
)
NOTE = "\n\n[^1]: It has cured thousands of patients.\n"


@pytest.fixture(scope="module")
def linter() -> Linter:
    """Return a linter with the usual rules."""
    return Linter(Config.default(Path.cwd()), Options(no_config=True))


def composed(seed: int, count: int = 40) -> str:
    """Return a page of pieces in an order of its own."""
    chance = random.Random(seed)  # noqa: S311  the same at every run
    return "\n\n".join(chance.choice(PIECES) for _ in range(count)) + NOTE


def outcomes(linter: Linter, document: Document) -> tuple[engine.Outcome, engine.Outcome]:
    """Lint a document both ways; what was silenced is told by one of them only."""
    settings = linter.settings(Path(document.path), document)
    whole = engine.lint(document, linter.ruleset, settings)
    return replace(whole, silenced=()), longrun.lint(document, linter.ruleset, settings)


@pytest.mark.parametrize("seed", range(8))
def test_a_long_run_finds_what_a_run_over_the_whole_finds(
    linter: Linter, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """To the last fingerprint, however little of the page is at hand."""
    monkeypatch.setattr(longrun, "_AT_HAND", (25_000, 300, 1)[seed % 3])
    monkeypatch.setattr(longrun, "_MOST_TOKENS", (256, 2)[seed % 2])
    monkeypatch.setattr(longrun, "PACKED", (400_000, 0)[seed // 2 % 2])
    document = parse(composed(seed), path="page.md")
    whole, sparing = outcomes(linter, document)
    assert sparing == whole
    assert len(whole.findings) > 20


@pytest.mark.parametrize("packed", [0, 400_000])
@pytest.mark.parametrize(
    "path", sorted(p for p in EXAMPLES.iterdir() if p.suffix in {".md", ".html", ".txt"})
)
def test_examples_give_the_same_either_way(
    linter: Linter, monkeypatch: pytest.MonkeyPatch, path: Path, packed: int
) -> None:
    """Real pages of every text format, honest ones too."""
    monkeypatch.setattr(longrun, "PACKED", packed)
    document = parse(path.read_text("utf-8"), path=path.name)
    whole, sparing = outcomes(linter, document)
    assert sparing == whole


def test_the_product_decides_in_the_end(linter: Linter) -> None:
    """Rules for supplements hold where a therapy of the last block makes the page one of those."""
    text = "It cures arthritis.\n\n" * 3 + "Take our herbal supplement every day.\n"
    document = parse(text, path="page.md")
    whole, sparing = outcomes(linter, document)
    assert sparing == whole


def test_footnotes_that_stand_elsewhere_come_in_order(
    linter: Linter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks that are out of order in the source do not put findings out of order."""
    monkeypatch.setattr(longrun, "PACKED", 0)
    text = "[^1]: It cures arthritis.\n\nOur therapy cures ALS.[^1]\n"
    document = parse(text, path="page.md")
    whole, sparing = outcomes(linter, document)
    assert sparing == whole
    starts = [finding.span.start for finding in sparing.findings]
    assert starts == sorted(starts)


def test_a_document_that_is_not_english_goes_unchecked(linter: Linter) -> None:
    """As anywhere else."""
    document = parse("Мы лечим артрит без риска и боли. " * 9, path="page.md")
    whole, sparing = outcomes(linter, document)
    assert sparing == whole
    assert sparing.unchecked is not None


def test_length_decides(linter: Linter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a length, documents are linted sparingly, and their reports are the same."""
    source = composed(3)
    before = linter.lint_source(source, "page.md")
    monkeypatch.setattr(engine, "lint", lambda *_: 1 / 0)
    monkeypatch.setattr("medlint.linter.LONG", 100)
    monkeypatch.setattr(longrun, "PACKED", 200)
    after = linter.lint_source(source, "page.md")
    assert after == before
    assert after.report is not None
    assert isinstance(after.report.findings, PackedFindings)


def test_suppressions_hold_in_long_documents(
    linter: Linter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comments take findings out, and idle ones are findings."""
    source = f"<!-- medlint-disable cure, endorsement -->\n\n{composed(5)}"
    before = linter.lint_source(source, "page.md")
    monkeypatch.setattr("medlint.linter.LONG", 100)
    after = linter.lint_source(source, "page.md")
    assert after == before
    assert after.report is not None
    assert after.report.suppressed > 0
    assert Category.CURE not in {finding.category for finding in after.report.findings}


def test_sentences_are_not_held(linter: Linter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a thousand sentences few are tagged more than once, and few are there at a time."""
    held: list[int] = []
    made = longrun.LongRun.keep

    def keep(run: longrun.LongRun, *rest: object) -> None:
        made(run, *rest)  # type: ignore[arg-type]
        held.append(len(run.at_hand))

    monkeypatch.setattr(longrun.LongRun, "keep", keep)
    monkeypatch.setattr(longrun, "_AT_HAND", 2_000)
    sentences = [f"In week {n} the bus stopped, and our therapy cured ALS." for n in range(1000)]
    document = parse(
        "\n\n".join(" ".join(sentences[n : n + 5]) for n in range(0, 1000, 5)), path="x.txt"
    )
    longrun.lint(document, linter.ruleset, linter.settings(Path("x.txt"), document))
    assert max(held) < 60
    assert len(held) < 1_300


def test_views_look_like_views(linter: Linter) -> None:
    """A sentence of a long run has the tokens and clauses of any other."""
    document = parse(composed(1), path="page.md")
    settings = linter.settings(Path("page.md"), document)
    whole = engine.Run(document, linter.ruleset, settings)
    sparing = longrun.LongRun(document, linter.ruleset, settings)
    pairs = list(zip(whole.sentences, sparing.sentences, strict=True))
    assert pairs

    def seen(view: SentenceView) -> tuple[object, ...]:
        return view.block, view.ordinal, view.sentence, view.tokens, view.clauses, view.tagged.tags

    assert [seen(view) for view, _ in pairs] == [seen(view) for _, view in pairs]


def test_packed_findings_are_findings(linter: Linter) -> None:
    """They count, compare and index as the tuple that they stand for."""
    report = linter.lint_source(composed(2), "page.md").report
    assert report is not None
    plain = report.findings
    packed = PackedFindings(iter(plain))
    assert packed == plain
    assert plain == packed
    assert not packed != plain  # noqa: SIM202  both operators are its own
    assert packed != plain[1:]
    assert hash(packed) == hash(plain)
    assert (len(packed), bool(packed), packed[3], packed[-2:]) == (
        len(plain),
        True,
        plain[3],
        plain[-2:],
    )
    assert (*packed,) == plain
    assert sorted(packed, key=lambda each: each.sort_key) == list(plain)
    assert not PackedFindings(())
