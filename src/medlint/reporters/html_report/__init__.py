"""The report as a page to read, keep and print: one file that needs nothing else.

Everything that comes out of a draft or a ruleset is escaped by `markup`, and the page's own content
security policy admits no script or style but the two it carries.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from medlint import __version__
from medlint.digest import sha256
from medlint.findings import Severity
from medlint.reporters import NOTICE, counted
from medlint.reporters.html_report.approvals import approvals_section
from medlint.reporters.html_report.cards import cited, code, jurisdiction, jurisdictions
from medlint.reporters.html_report.drafts import draft_section, heading_of
from medlint.reporters.html_report.markup import BREAK, Html, element, lines
from medlint.walk import REPORT_START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medlint.findings import FileReport, Finding, Report
    from medlint.reporters import View

_SEVERITIES = tuple(reversed(Severity))


def render(report: Report, view: View) -> str:
    """Return the report as one HTML page."""
    style, script = Html(common_style() + _own("report.css")), _own("report.js")
    head = element(
        "head",
        BREAK,
        lines(
            (
                element("meta", charset="utf-8"),
                element("meta", name="viewport", content="width=device-width, initial-scale=1"),
                element(
                    "meta", http_equiv="Content-Security-Policy", content=_policy(style, script)
                ),
                element("meta", name="generator", content=f"medlint {__version__}"),
                element("meta", name="color-scheme", content="light dark"),
                element("title", _title(report, view)),
                element("style", style),
            )
        ),
    )
    body = element("body", BREAK, lines((*_body(report, view), element("script", script))))
    page = element("html", BREAK, lines((head, body)), lang="en")
    return f"{REPORT_START}{page}\n"


def common_style() -> str:
    """Return the style that the review page shares."""
    return _own("common.css")


def _own(name: str) -> Html:
    return Html(Path(__file__).with_name(name).read_text("utf-8"))


def _policy(style: str, script: str) -> str:
    def hashed(text: str) -> str:
        return b64encode(sha256(text.encode()).digest()).decode()

    return (
        f"default-src 'none'; style-src 'sha256-{hashed(style)}'; "
        f"script-src 'sha256-{hashed(script)}'; base-uri 'none'; form-action 'none'"
    )


def _title(report: Report, view: View) -> str:
    files = report.files
    what = files[0].path if len(files) == 1 else counted(len(files), "draft")
    date = f", {view.today.isoformat()}" if view.today else ""
    return f"medlint report: {what}{date}"


def _body(report: Report, view: View) -> Iterator[Html]:
    yield element("a", "Skip to the report", class_="skip", href="#report")
    yield element("header", BREAK, lines(_header(report, view)))
    main = [*_failures(report), *_index(report), *_filters(report)]
    main += [draft_section(file, number, view) for number, file in enumerate(report.files, 1)]
    main += approvals_section(report, view.today)
    main += _sources(report)
    yield element("main", BREAK, lines(main), id="report", tabindex="-1")
    yield element("footer", element("p", NOTICE))


def _header(report: Report, view: View) -> Iterator[Html]:
    yield element("h1", "medlint report")
    rulesets = ", ".join(f"{info.name} {info.version}" for info in report.rulesets)
    facts = [
        ("Date", view.today.isoformat() if view.today else ""),
        ("Checked", counted(len(report.files), "draft")),
        ("Findings", _tally(_findings(report))),
        ("medlint", __version__),
        ("Rulesets", rulesets),
    ]
    yield element(
        "dl",
        *(
            element("div", element("dt", name), element("dd", value))
            for name, value in facts
            if value
        ),
        class_="facts",
    )
    yield element("p", NOTICE, class_="notice")


def _findings(report: Report) -> list[Finding]:
    return [finding for file in report.files for finding in file.findings]


def _tally(findings: list[Finding]) -> str:
    if not findings:
        return "none"
    by_severity = Counter(finding.severity for finding in findings)
    parts = (counted(by_severity[each], each.value) for each in _SEVERITIES)
    return f"{len(findings):,} ({', '.join(parts)})"


def _failures(report: Report) -> Iterator[Html]:
    """Yield what went unchecked, first of all: no reader may take it for clean."""
    if not report.failures:
        if not report.files:
            yield element("p", "Nothing was checked.")
        return
    items = [
        element(
            "li",
            element("code", failure.path or "(no file)"),
            f": {failure.error}" + (f" (rule {failure.rule})" if failure.rule else ""),
        )
        for failure in report.failures
    ]
    title = element("h2", "Not checked", id="failures")
    yield element(
        "section",
        title,
        element("ul", *items),
        class_="failures",
        aria_labelledby="failures",
    )


def _index(report: Report) -> Iterator[Html]:
    """Yield the ranking of several drafts: the most errors first, then warnings, suggestions."""
    if len(report.files) <= 1:
        return
    ranked = sorted(
        enumerate(report.files, 1),
        key=lambda pair: (*(-_count(pair[1], each) for each in _SEVERITIES), pair[0]),
    )
    columns = ("Rank", "Draft", "Errors", "Warnings", "Suggestions", "Words", "Benefits", "Risks")
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    rows = [
        element(
            "tr",
            element("td", str(rank)),
            element("th", element("a", file.path, href=f"#{heading_of(number)}"), scope="row"),
            *(element("td", f"{_count(file, each):,}") for each in _SEVERITIES),
            *(
                element("td", f"{figure:,}")
                for figure in (file.words, file.balance.benefits, file.balance.risks)
            ),
        )
        for rank, (number, file) in enumerate(ranked, 1)
    ]
    table = element(
        "table", element("thead", head), BREAK, element("tbody", BREAK, lines(rows)), class_="index"
    )
    yield element(
        "nav",
        element("h2", "Drafts, the most severe first", id="index"),
        element("div", table, class_="scroll", tabindex="0", role="group", aria_labelledby="index"),
        aria_labelledby="index",
    )


def _count(file: FileReport, severity: Severity) -> int:
    return sum(finding.severity is severity for finding in file.findings)


def _filters(report: Report) -> Iterator[Html]:
    """Yield the filters; the script shows them, for without it they could not work."""
    findings = _findings(report)
    if not findings:
        return
    severities = Counter(finding.severity.value for finding in findings)
    categories = Counter(finding.category.value for finding in findings)
    places = Counter(place for finding in findings for place in jurisdictions(finding))
    groups = (
        ("Severity", "severity", [s.value for s in _SEVERITIES if severities[s.value]], severities),
        ("Category", "category", sorted(categories), categories),
        ("Jurisdiction", "jurisdiction", sorted(places), places),
    )
    fieldsets = [_fieldset(*group) for group in groups]
    shown = element("p", role="status", class_="shown")
    reset = element("button", "Show all", type="reset")
    title = element("h2", "Filter", id="filter")
    form = element("form", BREAK, lines((*fieldsets, reset)), aria_labelledby="filter")
    yield element("section", title, BREAK, form, BREAK, shown, class_="filters", hidden=True)


def _fieldset(title: str, name: str, values: list[str], counts: Counter[str]) -> Html:
    boxes = [
        element(
            "label",
            element("input", type="checkbox", name=name, value=value, checked=True),
            f" {code(value) if name == 'jurisdiction' else value} ",
            element("span", f"{counts[value]:,}", class_="count"),
        )
        for value in values
    ]
    toggle = element("button", "All or none", type="button", class_="toggle")
    return element("fieldset", element("legend", title), BREAK, lines((*boxes, toggle)))


def _sources(report: Report) -> Iterator[Html]:
    """Yield every law cited, with its address, for those who read on paper."""
    sources = {source.id: source for finding in _findings(report) for source in finding.sources}
    if not sources:
        return
    items = [
        element(
            "li",
            element("b", code(jurisdiction(source)), class_="where"),
            " ",
            cited(source),
            " ",
            element("span", source.url, class_="address"),
        )
        for _, source in sorted(sources.items())
    ]
    title = element("h2", "Law and guidance cited", id="sources")
    yield element(
        "section",
        title,
        element("ul", BREAK, lines(items)),
        class_="sources",
        aria_labelledby="sources",
    )
