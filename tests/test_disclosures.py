"""Disclosures to fill in: which there are, and that they do what they are for."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import product as pairs
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from medlint import loader
from medlint.blanks import blanks_in
from medlint.config import Settings
from medlint.disclosures import Block, Sheet, sheets
from medlint.engine import lint
from medlint.errors import RulesetError
from medlint.findings import Product, Severity, Source
from medlint.parsing import parse
from medlint.rulefiles import Disclosure

if TYPE_CHECKING:
    from medlint.rules import Ruleset

LAWS = ("core", *loader.jurisdictions())
PRODUCTS = tuple(product for product in Product if product is not Product.AUTO)
CLAIMS = "Our stem cell therapy cures arthritis. It also reverses Parkinson's disease. Book now.\n"
STORY = (
    "# Testimonials from our clinic\n\n“This treatment changed my life,” says Maria. Book now.\n"
)
SUPPLEMENT = "Our turmeric capsules relieve joint pain. Order now.\n"
OWED = {
    ("us", Product.SUPPLEMENT): (SUPPLEMENT, "supplement-disclaimer-missing"),
    ("uk", Product.SUPPLEMENT): (SUPPLEMENT, "diet-statement-missing"),
    ("eu", Product.SUPPLEMENT): (SUPPLEMENT, "diet-statement-missing"),
    ("eu", Product.APPROVED): (
        "St John's wort cures depression. Order now.\n",
        "leaflet-invitation-missing",
    ),
}


@cache
def loaded(law: str) -> Ruleset:
    """Return the rules of one law."""
    return loader.load((law,))


def sheet(law: str, product: Product, *kinds: Disclosure) -> Sheet:
    """Return what a product owes under one law."""
    (found,) = sheets(loader.gather((law,), Path()), product, kinds)
    return found


def filled(block: Block) -> str:
    """Return a block as a writer would paste it, filled with its own examples."""
    text = "\n\n".join(block.filled(dict(block.blanks)))
    return f"\n## {block.title}\n\n{text}\n"


def found(text: str, law: str, product: Product, **rules: object) -> Counter[tuple[str, str]]:
    """Return (rule, words) of the findings under a law."""
    settings = Settings(product=product, rules=rules)  # type: ignore[arg-type]
    outcome = lint(parse(text, path="page.md"), loaded(law), settings)
    assert (outcome.failures, outcome.unchecked) == ((), None)
    return Counter((finding.rule, finding.match) for finding in outcome.findings)


@pytest.mark.parametrize(("law", "product"), list(pairs(LAWS, PRODUCTS)))
def test_a_disclosure_has_no_findings(law: str, product: Product) -> None:
    """Filled or not, alone or all together, under the law that it is for."""
    blocks = [block for block in sheet(law, product).blocks if block.text]
    # A fragment is read as a page that sells, so the strictest reading holds.
    texts = {block.title: filled(block) for block in blocks}
    assert {title: found(text, law, product) for title, text in texts.items()} == {
        title: Counter() for title in texts
    }
    assert found("\n".join(texts.values()), law, product) == Counter()
    assert found("\n\n".join(t for b in blocks for t in b.text), law, product) == Counter()


@pytest.mark.parametrize(("law", "product"), list(pairs(LAWS, PRODUCTS)))
def test_a_disclosure_meets_its_duty(law: str, product: Product) -> None:
    """On a page that makes claims or tells stories, what was missing no longer is."""
    duties = [(Disclosure.RISKS, CLAIMS, "missing-risk")]
    if product in {Product.UNAPPROVED, Product.INVESTIGATIONAL}:
        duties.append((Disclosure.STATUS, CLAIMS, "missing-status"))
    duties.append((Disclosure.TYPICALITY, STORY, "missing-typicality"))
    if (law, product) in OWED:
        duties.append((Disclosure.STATUS, *OWED[law, product]))
    for kind, page, rule in duties:
        blocks = [block for block in sheet(law, product, kind).blocks if not block.when]
        blocks = blocks or list(sheet(law, product, kind).blocks)
        if not blocks[0].text:
            # No disclosure makes good for a story in Australia: the story is the finding.
            assert (law, kind) == ("au", Disclosure.TYPICALITY)
            continue
        before = found(page, law, product)
        after = found(page + "".join(map(filled, blocks)), law, product)
        assert {name for name, _ in before} & {rule} == {rule}
        assert after == Counter({pair: count for pair, count in before.items() if pair[0] != rule})


def test_the_notice_of_states_meets_its_rule() -> None:
    """The rule is off unless named; the notice is what it asks for."""
    (notice,) = [b for b in sheet("us", Product.UNAPPROVED).blocks if b.title == "Notice"]
    on = {"state-stem-cell-notice": Severity.ERROR}
    page = "We offer stem cell therapy for knees. Book now.\n"
    before = found(page, "us", Product.UNAPPROVED, **on)
    after = found(page + filled(notice), "us", Product.UNAPPROVED, **on)
    assert {rule for rule, _ in before} - {rule for rule, _ in after} == {
        "state-stem-cell-notice",
        *({rule for rule, _ in before} & {"missing-status"}),
    }


@pytest.mark.parametrize(("law", "product"), list(pairs(LAWS, PRODUCTS)))
def test_every_kind_is_answered_for(law: str, product: Product) -> None:
    """Each product has each kind, with a text or a reason, its own law's sources first."""
    blocks = sheet(law, product).blocks
    assert {block.kind for block in blocks} == set(Disclosure)
    assert [b for b in blocks if bool(b.text) == bool(b.nothing) or not b.sources] == []
    assert [b.title for b in blocks if bool(b.text) != bool(b.title)] == []
    near = {"core": {"us", "uk", "eu", "au", "isscr"}, "google-ads": {*LAWS, "isscr"}}
    named = {source.id.partition(".")[0] for block in blocks for source in block.sources}
    assert named <= near.get(law, {law, "isscr"})


def test_a_law_replaces_the_general_wording() -> None:
    """A jurisdiction's blocks of a kind stand in the place of core's; sheets keep their order."""
    files = loader.gather(("core", "us", "uk"), Path())
    found_sheets = sheets(files, Product.INVESTIGATIONAL, (Disclosure.STATUS,))
    assert [(each.name, each.law) for each in found_sheets] == [("us", "US"), ("uk", "UK")]
    us, uk = (each.blocks[0] for each in found_sheets)
    assert "US Food and Drug Administration" in us.text[0]
    assert uk.text == sheet("core", Product.INVESTIGATIONAL, Disclosure.STATUS).blocks[0].text
    assert [source.id for source in uk.sources] == ["uk.hmr.279", "isscr.guidelines"]


def house(folder: Path, blocks: str, extends: str = "[us]") -> Path:
    """Write a ruleset of one's own and return its folder."""
    own = folder / "house"
    own.mkdir()
    head = f'name: house\nversion: "1"\nextends: {extends}\n'
    (own / "ruleset.yaml").write_text(head, "utf-8")
    (own / "disclosure-blocks.yaml").write_text(dedent(blocks), "utf-8")
    return own


def test_a_ruleset_of_ones_own_has_the_first_word(tmp_path: Path) -> None:
    """Its blocks win, and one without a text adds its note and sources to what is there."""
    own = house(
        tmp_path,
        """\
        - disclosure: status
          products: [service]
          title: "House"
          text: ["Ask [whom]."]
          blanks: {whom: "us"}
          sources: [us.ftc.hpcg]
        - disclosure: connection
          products: [service]
          note: "Ask the office."
          sources: [us.ftc.hpcg]
        """,
    )
    files = loader.gather((str(own),), Path())
    loader.check(own)
    (ours,) = sheets(files, Product.SERVICE, (Disclosure.STATUS, Disclosure.CONNECTION))
    hpcg = loaded("us").sources["us.ftc.hpcg"]
    core = sheet("us", Product.SERVICE, Disclosure.CONNECTION).blocks[0]
    status = Block(
        kind=Disclosure.STATUS,
        title="House",
        text=("Ask [whom].",),
        blanks=(("whom", "us"),),
        sources=(hpcg,),
    )
    assert (ours.name, ours.law, ours.blocks[0]) == ("house", "US", status)
    assert ours.blocks[0].filled({}) == ("Ask [whom].",)
    assert ours.blocks[1].text == core.text
    assert ours.blocks[1].note == f"{core.note} Ask the office."
    assert ours.blocks[1].sources == (hpcg,)


def test_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Every mistake of the file, with its line, when the ruleset is loaded."""
    own = house(
        tmp_path,
        """\
        - disclosure: status
          products: []
          text: ["Ask [whom] and [when]."]
          nothing: "None."
          blanks: {when: "now", wen: "x"}
          sources: [us.ftc.hpgc]
        """,
        "[core]",
    )
    with pytest.raises(RulesetError) as error:
        loader.check(own)
    path = own / "disclosure-blocks.yaml"
    assert error.value.problems == (
        f"{path}:1: a disclosure has a “text”, or “nothing” with the reason, and not both",
        f"{path}:1: a disclosure needs “products”",
        f"{path}:1: “blanks” has no example for [whom]",
        f"{path}:5: the text has no blank [wen]; did you mean “when”?",
        (
            f"{path}:6: a disclosure names an unknown source “us.ftc.hpgc”;"
            " did you mean “us.ftc.hpcg”?"
        ),
    )


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """What is printed was read in full, or nothing is printed."""
    own = house(tmp_path, "- disclosure: [\n")
    with pytest.raises(RulesetError, match=r"disclosure-blocks\.yaml:2: not YAML"):
        sheets(loader.gather((str(own),), Path()), Product.SERVICE)


def test_an_unchecked_source_is_kept() -> None:
    """A source says whether its citation was compared."""
    (_, notice) = sheet("us", Product.UNAPPROVED, Disclosure.STATUS).blocks
    florida, _ = notice.sources
    assert florida == Source(
        "us.fl.458.3245",
        "Florida Statutes, sections 458.3245 and 459.0127: notice in advertisements for stem cell"
        " therapy (2025)",
        "https://www.flsenate.gov/Laws/Statutes/2025/0459.0127",
        checked=False,
    )
    assert [blank.name for blank in blanks_in(notice.text[0])] == ["STATE"]
