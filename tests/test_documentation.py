"""The manual: generated pages are fresh, examples in it work, links lead somewhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
import yaml
from jsonschema import Draft202012Validator

import generate
from medlint import configfile, loader, testing
from medlint.config import known_names
from medlint.findings import Category, RewriteKind, Severity
from medlint.reference import ABOUT, jurisdictions, pages, schemas
from medlint.rulefiles import FILE_TYPES

if TYPE_CHECKING:
    from pathlib import Path

    from medlint.rules import Ruleset

ROOT = generate.ROOT
RULE_FILES = sorted((ROOT / "rulesets").rglob("*.yaml"))
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCED = re.compile(r"^```yaml\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shipped() -> Ruleset:
    """Return all shipped rulesets."""
    return loader.load(loader.shipped())


def test_generated_documentation_is_fresh() -> None:
    """The rule reference, the schemas and the README's sample are what the code would write."""
    stale = [path.relative_to(ROOT).as_posix() for path in generate.stale(generate.docs())]
    assert stale == [], "run: python3 tasks.py docs"


def test_every_rule_has_its_section(shipped: Ruleset) -> None:
    """Each rule stands once in the reference, on the page of its category."""
    written = pages(shipped)
    sections = {(name, heading) for name, page in written.items() for heading in _headings(page)}
    expected = {(f"{rule.category.value}.md", rule.id) for rule in shipped.rules}
    assert {section for section in sections if section[0] != "index.md"} == expected


def test_jurisdictions_are_compared(shipped: Ruleset) -> None:
    """Each rule stands once in the table of jurisdictions, with a severity in one at least."""
    views = {name: loader.load((name,)) for name in ("core", *loader.jurisdictions())}
    page = jurisdictions(shipped, views)
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| [")]
    names = sorted(re.findall(r"^\| \[([a-z0-9-]+)\]", page, re.MULTILINE))
    assert names == sorted(rule.id for rule in shipped.rules)
    columns = len(views) + 1
    assert {len(row) for row in rows} == {columns}
    levels = re.compile(r"error|warning|suggestion|off")
    assert [row[0] for row in rows if not any(levels.search(cell) for cell in row[1:])] == []


def _headings(page: str) -> list[str]:
    return re.findall(r"^## (.+)$", page, re.MULTILINE)


def test_every_category_of_rules_is_described() -> None:
    """Rules of any category get a page; the tool's own findings have none."""
    assert set(ABOUT) == set(Category) - {Category.SUPPRESSION}


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_shipped_files_are_valid_under_the_schemas(path: Path) -> None:
    """An editor that checks rule files by the published schemas finds nothing wrong with ours."""
    kind = path.stem if path.name in FILE_TYPES else "rules"
    if path.parent.name == "lexicon":
        kind = "lexicon"
    schema = json.loads((ROOT / f"docs/schema/{kind}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    problems = Draft202012Validator(schema).iter_errors(yaml.safe_load(path.read_text("utf-8")))
    assert [f"{problem.json_path}: {problem.message}" for problem in problems] == []


def test_schema_refuses_a_misspelt_key() -> None:
    """The schema of rules tells an editor of an unknown key, and where."""
    rule = {"id": "a-rule", "check": {"type": "phrase", "any": ["cure"]}, "message": "No."}
    validator = Draft202012Validator(json.loads(schemas()["rules.schema.json"]))
    problems = [p.json_path for p in validator.iter_errors([rule, {**rule, "serverity": "error"}])]
    assert problems == ["$[1]"]


def test_report_schema_knows_every_word() -> None:
    """The published schema of reports lists the categories, severities and kinds there are."""
    schema = json.loads((ROOT / "docs/schema/report.schema.json").read_text("utf-8"))
    finding = schema["$defs"]["finding"]["properties"]
    kinds = schema["$defs"]["rewrite"]["properties"]["kind"]["enum"]
    assert finding["category"]["enum"] == [category.value for category in Category]
    assert sorted(finding["severity"]["enum"]) == sorted(each.value for each in Severity)
    assert kinds == [kind.value for kind in RewriteKind]


def _yaml_in(page: str, needle: str) -> list[str]:
    text = (ROOT / page).read_text("utf-8")
    return [block for block in _FENCED.findall(text) if needle in block]


@pytest.mark.parametrize(
    ("page", "block"),
    [
        (page, block)
        for page, needle in (
            ("README.md", "overrides:"),
            ("docs/configuration.md", ""),
            ("docs/suppressions.md", ""),
            ("docs/approved-claims.md", ""),
        )
        for block in _yaml_in(page, needle)
    ],
)
def test_configurations_in_the_manual_are_valid(
    page: str, block: str, tmp_path: Path, shipped: Ruleset
) -> None:
    """What the manual shows as a configuration can be read, and names rules that exist."""
    assert page
    path = tmp_path / ".medlint.yaml"
    path.write_text(re.sub(r"^extends: .*\n", "", block, flags=re.MULTILINE), "utf-8")
    config = configfile.read(path)
    assert config.checked(known_names(shipped)).problems == ()


def test_rule_in_the_readme_passes_its_own_tests(tmp_path: Path) -> None:
    """The rule that the README explains loads, and its examples do what it says."""
    (block,) = _yaml_in("README.md", "check:")
    path = tmp_path / "mine.yaml"
    path.write_text(block, "utf-8")
    outcome = testing.check_paths([path])
    assert (outcome.errors, outcome.rules, outcome.examples) == ((), 1, 3)
    assert [str(problem) for problem in outcome.problems if problem.is_mismatch] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link of the manual names a file that is there."""
    targets = _LINK.findall(_CODE.sub("", page.read_text("utf-8")))
    relative = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [target for target in relative if not (page.parent / target).exists()] == []
