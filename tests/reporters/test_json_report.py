"""The JSON report: exact, and as its schema says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from medlint import __version__
from medlint.findings import Category, Report, Severity
from medlint.reporters import NOTICE, View, reporter

if TYPE_CHECKING:
    from typing import Any

SCHEMA = Path(__file__).parents[2] / "docs" / "schema" / "report.schema.json"


@pytest.fixture
def schema() -> dict[str, Any]:
    """Return the published schema."""
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return loaded


def test_json_holds_the_whole_report(report: Report) -> None:
    """Every field, with offsets, lines and columns in code points."""
    assert json.loads(reporter("json")(report, View())) == {
        "schema": 1,
        "medlint": __version__,
        "rulesets": [{"name": "core", "version": "1"}, {"name": "us", "version": "2"}],
        "files": [
            {
                "path": "draft.md",
                "words": 16,
                "balance": {
                    "benefits": 14,
                    "risks": 0,
                    "sections": [
                        {"heading": None, "level": 0, "benefits": 2, "risks": 0},
                        {"heading": "Our clinic", "level": 1, "benefits": 12, "risks": 0},
                    ],
                },
                "findings": [
                    {
                        "rule": "cure-verb",
                        "category": "cure",
                        "severity": "error",
                        "message": "“cures ALS” promises a cure.",
                        "advice": "Say what was measured.",
                        "start": {"offset": 28, "line": 3, "column": 15},
                        "end": {"offset": 37, "line": 4, "column": 4},
                        "match": "cures ALS",
                        "rewrites": [
                            {
                                "kind": "display",
                                "text": "Whether this helps is not known.",
                                "edits": [],
                            }
                        ],
                        "evidence": [],
                        "sources": [
                            {
                                "id": "test.law",
                                "title": "Test Act, section 1",
                                "url": "https://example.org/act#1",
                            }
                        ],
                        "fingerprint": "000000000000001c",
                    },
                    {
                        "rule": "repeated-item",
                        "category": "duplicate-item",
                        "severity": "warning",
                        "message": "“less pain” stands in this list already.",
                        "advice": "",
                        "start": {"offset": 63, "line": 7, "column": 3},
                        "end": {"offset": 72, "line": 7, "column": 12},
                        "match": "less pain",
                        "rewrites": [
                            {
                                "kind": "safe",
                                "text": "Remove the copy.",
                                "edits": [{"start": 61, "end": 73, "text": ""}],
                            }
                        ],
                        "evidence": [{"start": 51, "end": 60, "match": "less pain"}],
                        "sources": [],
                        "fingerprint": "000000000000003f",
                    },
                ],
            }
        ],
        "failures": [
            {
                "path": "gone.md",
                "rule": None,
                "error": "cannot be read: No such file or directory",
            },
            {"path": "draft.md", "rule": "slow-rule", "error": "ran out of time"},
        ],
        "summary": {
            "files": 1,
            "findings": 2,
            "error": 1,
            "warning": 1,
            "suggestion": 0,
            "suppressed": 2,
        },
        "notice": NOTICE,
    }


def test_json_follows_its_schema(report: Report, schema: dict[str, Any]) -> None:
    """The published schema is one, and takes full and empty reports."""
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    for each in (report, Report(files=())):
        validator.validate(json.loads(reporter("json")(each, View())))


def test_the_schema_refuses_what_is_no_report(report: Report, schema: dict[str, Any]) -> None:
    """A schema that took everything would prove nothing."""
    data = json.loads(reporter("json")(report, View()))
    data["files"][0]["findings"][0]["severity"] = "bad"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema)


def test_the_schema_knows_every_category_and_severity(schema: dict[str, Any]) -> None:
    """A new category must be added to the schema."""
    properties = schema["$defs"]["finding"]["properties"]
    assert sorted(properties["category"]["enum"]) == sorted(Category)
    assert sorted(properties["severity"]["enum"]) == sorted(Severity)
