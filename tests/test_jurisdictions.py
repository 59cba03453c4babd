"""The shipped jurisdictions: what each finds, how severe, and by which law."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medlint import api, loader
from medlint.document import Span
from medlint.findings import Category, Evidence, Finding, Product, Severity

CLINIC = "Our clinic offers {}. Call us today."


def findings(text: str, *names: str, product: Product | None = None) -> tuple[Finding, ...]:
    """Return what rulesets find in a text, fingerprints and rewrites aside."""
    report = api.lint_text(text, path="draft.txt", rulesets=names, product=product)
    return tuple(replace(finding, fingerprint="", rewrites=()) for finding in report.findings)


def found(rule_id: str, text: str, *names: str, product: Product | None = None) -> Finding:
    """Return the one finding of a rule."""
    (finding,) = (each for each in findings(text, *names, product=product) if each.rule == rule_id)
    return finding


def expected(  # noqa: PLR0913 - what tells one finding from another
    rule_id: str,
    text: str,
    match: str,
    category: Category,
    severity: Severity,
    *names: str,
    message: str,
    sources: tuple[str, ...],
    evidence: tuple[Evidence, ...] = (),
) -> Finding:
    """Return a finding spelt out; its advice and sources' titles are the ruleset's."""
    ruleset = loader.load(names)
    rule = ruleset.rule(rule_id)
    assert rule is not None
    start = text.index(match)
    return Finding(
        rule=rule_id,
        category=category,
        severity=severity,
        span=Span(start, start + len(match)),
        match=match,
        message=message,
        advice=rule.advice,
        evidence=evidence,
        sources=tuple(ruleset.sources[name] for name in sources),
    )


def test_which_rulesets_are_jurisdictions() -> None:
    """The default one comes first; vocabulary that some share is none."""
    assert loader.jurisdictions() == ("us", "au", "eu", "google-ads", "uk")
    assert set(loader.shipped()) - set(loader.jurisdictions()) == {"core", "foods", "medicines"}


def test_united_states_supplement_without_its_disclaimer() -> None:
    """A claim for a supplement owes the wording of 21 CFR 101.93(c)."""
    text = "Our turmeric relieves joint pain. Order now."
    finding = found("supplement-disclaimer-missing", text, "us")
    assert replace(finding, evidence=()) == expected(
        *("supplement-disclaimer-missing", text, "Our turmeric relieves joint pain"),
        *(Category.MISSING_STATUS, Severity.WARNING, "us"),
        message="“Our turmeric relieves joint pain” makes a claim for a supplement, and nothing"
        " says that the FDA has not evaluated it.",
        sources=("us.fda.101.93",),
    )
    assert [each.match for each in finding.evidence] == ["turmeric relieves"]
    disclaimed = (
        f"{text} These statements have not been evaluated by the Food and Drug Administration. This"
        " product is not intended to diagnose, treat, cure, or prevent any disease."
    )
    rules = {finding.rule for finding in findings(disclaimed, "us")}
    assert "supplement-disclaimer-missing" not in rules


def test_united_kingdom_prescription_medicine() -> None:
    """Naming a prescription medicine to the public breaks regulation 284 and rule 12.12."""
    text = CLINIC.format("botulinum toxin")
    match = "Our clinic offers botulinum toxin"
    assert findings(text, "uk") == (
        expected(
            *("prescription-medicine-promoted", text, match),
            *(Category.TREATMENT_CLAIM, Severity.ERROR, "uk"),
            message=f"“{match}” promotes a prescription medicine to the public"
            " (1 such places on the page).",
            sources=("uk.hmr.284", "uk.cap.12.12", "eu.dir2001-83.88", "au.tga.42dl"),
        ),
    )
    assert findings(text, "us") == ()


def test_european_union_supplement_claim() -> None:
    """A general benefit of a food needs an authorised claim beside it, article 10(3)."""
    text = "Our turmeric capsules are good for you. Call us today."
    assert found("general-health-benefit-of-food", text, "eu") == expected(
        *("general-health-benefit-of-food", text, "good for you"),
        *(Category.TREATMENT_CLAIM, Severity.WARNING, "eu"),
        message="“good for you” claims a general benefit for health.",
        sources=("eu.reg1924-2006.10", "uk.reg1924.10"),
    )
    assert "good for you" not in {finding.match for finding in findings(text, "us")}


def test_australia_cell_therapy() -> None:
    """Naming a cell or tissue product in advertising is found once, with every place."""
    text = "Our clinic offers PRP for knees. PRP is made from blood. Call us today."
    again = text.rindex("PRP")
    assert found("cell-therapy-advertised", text, "au") == expected(
        *("cell-therapy-advertised", text, "PRP"),
        *(Category.TREATMENT_CLAIM, Severity.ERROR, "au"),
        message="“PRP” names a cell or tissue product in advertising (2 places on the page).",
        sources=("au.tga.hct", "au.tga.42dl"),
        evidence=(Evidence(Span(again, again + 3), "PRP"),),
    )


@pytest.mark.parametrize(
    ("names", "severity", "first"),
    [
        (("us",), Severity.WARNING, "us.ftc.255"),
        (("uk",), Severity.WARNING, "uk.cap.3.45"),
        (("eu",), Severity.WARNING, "eu.dir2001-83.90"),
        (("au",), Severity.ERROR, "au.nlaw.133"),
        (("us", "au"), Severity.ERROR, "us.ftc.255"),
        (("au", "us"), Severity.ERROR, "au.nlaw.133"),
    ],
)
def test_testimonial_by_jurisdiction(
    names: tuple[str, ...], severity: Severity, first: str
) -> None:
    """Australia forbids testimonials for services; each jurisdiction cites its own law first."""
    text = "“I can walk again,” says Ann. Call us today."
    finding = found("first-person-outcome", text, *names)
    assert (finding.severity, finding.sources[0].id) == (severity, first)


def test_testimonial_for_goods_in_australia() -> None:
    """Testimonials about goods are allowed under conditions: the product status decides."""
    text = "“I can walk again,” says Ann. Call us today."
    finding = found("first-person-outcome", text, "au", product=Product.SUPPLEMENT)
    assert finding.severity is Severity.WARNING


def test_several_jurisdictions_report_a_finding_once() -> None:
    """Named together, laws give one finding with all their sources and the stricter severity."""
    text = "Our collagen is loved by celebrities. Call us today."
    rule, product = "fame-as-proof", Product.APPROVED
    alone = found(rule, text, "us", product=product)
    together = found(rule, text, "us", "uk", product=product)
    assert (alone.severity, found(rule, text, "uk", product=product).severity) == (
        Severity.WARNING,
        Severity.ERROR,
    )
    assert together == replace(alone, severity=Severity.ERROR, sources=together.sources)
    ids = [source.id for source in together.sources]
    assert ids == ["us.ftc.255", "uk.cap.12.18", "eu.dir2001-83.90"]


def test_google_ads_images() -> None:
    """Before-and-after pictures are not taken."""
    text = "New before and after shots of noses. Call us today."
    assert found("before-and-after-advertised", text, "google-ads") == expected(
        *("before-and-after-advertised", text, "before and after shots"),
        *(Category.ENDORSEMENT, Severity.ERROR, "google-ads"),
        message="“before and after shots” offers pictures of an altered body.",
        sources=("google-ads.clickbait",),
    )


@pytest.mark.parametrize("name", loader.jurisdictions())
def test_honest_pages_owe_no_notice(name: str) -> None:
    """A leaflet of a health service is silent under every law, whatever medicine it names."""
    leaflet = (
        "# Semaglutide\n\nSemaglutide is a medicine for type 2 diabetes. It is given once a week as"
        " an injection under the skin. Common side effects are nausea, vomiting and diarrhoea."
        " Inflammation of the pancreas has been reported. Talk to your doctor before you start or"
        " stop any medicine. Get medical help at once if you have severe stomach pain.\n"
    )
    assert findings(leaflet, name) == ()


@pytest.mark.parametrize("name", loader.jurisdictions())
def test_each_jurisdiction_cites_its_own_law(name: str) -> None:
    """Under a jurisdiction, whatever rule it adds or changes cites that jurisdiction first."""
    core, view = loader.load(("core",)), loader.load((name,))
    wrong = []
    for rule in view.rules:
        before = core.rule(rule.id)
        changed = before is None or dict(before.severity) != dict(rule.severity)
        if changed and rule.enabled and not rule.sources[0].id.startswith(f"{name}."):
            wrong.append(rule.id)
    assert wrong == []
