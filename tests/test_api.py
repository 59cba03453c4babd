"""The library: one draft under the settings that hold for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from medlint import api
from medlint.api import Checked, Linter, Linters, Options, failures_of
from medlint.config import Choices, Config, Name
from medlint.document import Span
from medlint.errors import ConfigError, FixError, InputError, RulesetError
from medlint.findings import Failure, FileReport, Product, RulesetInfo, Severity

DRAFT = "Our miracle cures ALS.\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration for the small rules."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mini").symlink_to(mini_folder)
    (tmp_path / ".medlint.yaml").write_text("rulesets: [./mini]\n")
    return tmp_path


@pytest.fixture
def linter(folder: Path) -> Linter:
    """Return the linter of that folder."""
    return Linters(Options()).linter_for(folder)


def shown(checked: Checked) -> list[tuple[str, str, Severity]]:
    """Return (rule, words, severity) of what was found."""
    assert checked.failures == ()
    assert checked.report is not None
    return [(f.rule, f.match, f.severity) for f in checked.report.findings]


def test_a_draft_gives_a_file_report(linter: Linter) -> None:
    """Path, words, findings, the document, and whether the run fails."""
    checked = linter.lint_bytes(DRAFT.encode(), "draft.md")
    report = checked.report
    assert isinstance(report, FileReport)
    assert (report.path, report.words, report.suppressed) == ("draft.md", 4, 0)
    assert [(f.rule, f.span) for f in report.findings] == [
        ("magic-word", Span(4, 11)),
        ("cure-verb", Span(12, 21)),
    ]
    assert report.document is not None
    assert report.document.source == DRAFT
    assert (checked.failures, checked.fails) == ((), True)
    assert checked.rulesets == (RulesetInfo("mini", "1"),)


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        (Choices(select=("cure",)), [("cure-verb", "cures ALS", Severity.ERROR)]),
        (Choices(ignore=("cure",)), [("magic-word", "miracle", Severity.WARNING)]),
        (Choices(rules={"cure-verb": False}), [("magic-word", "miracle", Severity.WARNING)]),
        (
            Choices(rules={"hype": Severity.ERROR, "cure": Severity.SUGGESTION}),
            [
                ("magic-word", "miracle", Severity.ERROR),
                ("cure-verb", "cures ALS", Severity.SUGGESTION),
            ],
        ),
        (
            Choices(product=Product.APPROVED),
            [
                ("magic-word", "miracle", Severity.SUGGESTION),
                ("cure-verb", "cures ALS", Severity.ERROR),
            ],
        ),
        (Choices(allow=("our miracle cures ALS",)), []),
    ],
)
def test_choices_decide_what_is_reported(
    folder: Path, choices: Choices, expected: list[tuple[str, str, Severity]]
) -> None:
    """Selecting, ignoring, severities, the product and allowed phrases."""
    linter = Linters(Options(choices=choices)).linter_for(folder)
    assert shown(linter.lint_bytes(DRAFT.encode(), "draft.md")) == expected


def test_a_draft_fails_from_the_chosen_severity_on(folder: Path) -> None:
    """The command line counts more than the configuration."""
    (folder / ".medlint.yaml").write_text("rulesets: [./mini]\nfail-on: error\n")
    hype = b"A miracle.\n"
    fails = {
        level: Linters(Options(fail_on=level)).linter_for(folder).lint_bytes(hype, "a.md").fails
        for level in (None, *Severity)
    }
    assert fails == {
        None: False,
        Severity.SUGGESTION: True,
        Severity.WARNING: True,
        Severity.ERROR: False,
    }


def test_front_matter_overrides_and_command_line_in_turn(folder: Path) -> None:
    """Configuration, override, front matter, command line: the later wins."""
    (folder / ".medlint.yaml").write_text(
        "rulesets: [./mini]\nproduct: device\noverrides: [{files: [b.md], product: supplement}]\n"
    )
    own = "---\nmedlint: {product: approved}\n---\n\nA miracle.\n"
    linter = Linters(Options()).linter_for(folder)
    products = [
        linter.settings(folder / path, linter.lint_source(text, path).report.document).product  # type: ignore[union-attr]
        for path, text in (("a.md", DRAFT), ("b.md", DRAFT), ("b.md", own))
    ]
    assert products == [Product.DEVICE, Product.SUPPLEMENT, Product.APPROVED]
    loud = Linters(Options(choices=Choices(product=Product.SERVICE))).linter_for(folder)
    assert loud.settings(folder / "b.md").product is Product.SERVICE


def test_wrong_front_matter_is_an_error_of_that_draft(linter: Linter) -> None:
    """Keys, values and unknown rules in it name the draft and line."""
    draft = "---\nmedlint: {product: new, rules: {cure: loud}}\n---\n\nText.\n"
    with pytest.raises(ConfigError) as raised:
        linter.lint_source(draft, "a.md")
    assert failures_of(raised.value, "a.md") == (
        Failure(
            path="a.md",
            error=(
                "line 2: “product” cannot be “new”; use one of: approved, auto, device, "
                "investigational, service, supplement, unapproved"
            ),
        ),
        Failure(
            path="a.md",
            error="line 2: the rule “cure” can be off, suggestion, warning, error",
        ),
    )
    with pytest.raises(ConfigError, match=r"^a\.md:2: there is no rule or category “kure”"):
        linter.lint_source("---\nmedlint: {rules: {kure: off}}\n---\n\nText.\n", "a.md")


def test_suppressed_and_allowed_findings_are_counted(folder: Path) -> None:
    """A report says how many findings it does not show."""
    linter = Linters(Options(choices=Choices(allow=("our miracle",)))).linter_for(folder)
    draft = "<!-- medlint-disable-next-line cure -->\nOur miracle cures ALS.\n"
    report = linter.lint_source(draft, "a.md").report
    assert report is not None
    assert (report.findings, report.suppressed) == ((), 2)


def test_findings_about_suppressions_obey_the_settings(folder: Path) -> None:
    """They can be raised or ignored by configuration, and are not selected by accident."""
    draft = "<!-- medlint-disable-file cure -->\nFine.\n"
    usual = Linters(Options()).linter_for(folder)
    assert shown(usual.lint_source(draft, "a.md")) == [
        ("unused-suppression", "medlint-disable-file cure", Severity.SUGGESTION)
    ]
    for choices, expected in (
        (Choices(rules={"suppression": Severity.ERROR}), [Severity.ERROR]),
        (Choices(ignore=("unused-suppression",)), []),
        (Choices(select=("hype",)), []),
        (Choices(rules={"cure-verb": False}), []),
    ):
        linter = Linters(Options(choices=choices)).linter_for(folder)
        found = shown(linter.lint_source(draft, "a.md"))
        assert [severity for _, _, severity in found] == expected


def test_text_that_is_not_english_is_unchecked(linter: Linter) -> None:
    """No report, so that it cannot pass for clean."""
    checked = linter.lint_source("Наша клиника лечит все болезни. " * 10, "a.md")
    assert checked.report is None
    assert checked.fails is False
    assert [failure.path for failure in checked.failures] == ["a.md"]
    assert "English" in checked.failures[0].error


def test_each_folder_has_its_nearest_configuration(folder: Path) -> None:
    """A configuration further down holds there; each is loaded once."""
    inner = folder / "inner"
    inner.mkdir()
    (inner / ".medlint.yaml").write_text("rulesets: [../mini]\nrules: {hype: off}\n")
    linters = Linters(Options())
    assert len(shown(linters.linter_for(folder).lint_source(DRAFT, "a.md"))) == 2
    assert len(shown(linters.linter_for(inner).lint_source(DRAFT, "a.md"))) == 1
    assert linters.linter_for(inner) is linters.linter_for(inner)


def test_a_named_configuration_or_none_at_all(folder: Path, mini_folder: Path) -> None:
    """--config replaces the nearest file, --no-config every file."""
    other = folder / "other" / "strict.yaml"
    other.parent.mkdir()
    other.write_text("rulesets: [../mini]\nrules: {hype: off}\n")
    named = Linters(Options(config=other)).linter_for(folder)
    assert len(shown(named.lint_source(DRAFT, "a.md"))) == 1
    assert named.config.root == folder
    none = Linters(Options(no_config=True, rulesets=(str(mini_folder),))).linter_for(folder)
    assert len(shown(none.lint_source(DRAFT, "a.md"))) == 2


def test_wrong_configurations_raise_every_time(folder: Path) -> None:
    """Unknown rulesets, rules and broken rule files are told with their places."""
    config = folder / ".medlint.yaml"
    config.write_text("rulesets: [cores]\n")
    with pytest.raises(ConfigError, match=r"^\.medlint\.yaml:1: there is no ruleset “cores”"):
        Linters(Options()).linter_for(folder)
    config.write_text("rulesets: [./mini]\nignore: [kure-verb]\n")
    linters = Linters(Options())
    for _ in range(2):
        with pytest.raises(ConfigError, match=r"2: .* “kure-verb”; did you mean “cure-verb”\?"):
            linters.linter_for(folder)
    (folder / "bad.yaml").write_text("- id: x\n")
    config.write_text("rulesets: [./bad.yaml]\n")
    with pytest.raises(RulesetError, match=r"bad\.yaml:1: "):
        Linters(Options()).linter_for(folder)


def test_rules_named_on_the_command_line_must_exist(folder: Path) -> None:
    """A misspelt --select would otherwise check nothing, in silence."""
    options = Options(choices=Choices(select=("kure",)), names=(Name("kure", "--select"),))
    with pytest.raises(ConfigError, match=r"^--select: there is no rule or category “kure”"):
        Linters(options).linter_for(folder)


def test_fixing_returns_the_new_bytes_and_what_is_left(linter: Linter) -> None:
    """Nothing is written; the report is that of the fixed draft."""
    draft = b"\xef\xbb\xbfA miracle:\r\n\r\n- less pain\r\n- Less pain.\r\n- less pain\r\n"
    checked = linter.fix_bytes(draft, "a.md")
    assert checked.changed == b"\xef\xbb\xbfA miracle:\r\n\r\n- less pain\r\n"
    assert checked.fixed == 2
    assert shown(checked) == [("magic-word", "miracle", Severity.WARNING)]
    assert checked.diff.startswith("--- a/a.md\n+++ b/a.md\n")
    clean = linter.fix_bytes(b"Fine.\n", "a.md")
    assert (clean.changed, clean.fixed, clean.diff) == (None, 0, "")


def test_a_suppressed_finding_is_not_fixed(linter: Linter) -> None:
    """What a writer has answered for stays as it is."""
    draft = b"<!-- medlint-disable-file duplicate-item -->\n\n- less pain\n- less pain\n"
    assert linter.fix_bytes(draft, "a.md").changed is None


@pytest.mark.parametrize(
    ("error", "path", "expected"),
    [
        (InputError("a b.md: broken"), "a b.md", [("a b.md", "broken")]),
        (InputError("a.md:3: broken: x"), "a.md", [("a.md", "line 3: broken: x")]),
        (InputError("broken: x"), "a.md", [("a.md", "broken: x")]),
        (FixError("its encoding cannot be"), "a.md", [("a.md", "its encoding cannot be")]),
        (
            RulesetError(("rules/a.yaml:3: one", "b.yaml: two: x")),
            "",
            [("rules/a.yaml", "line 3: one"), ("b.yaml", "two: x")],
        ),
        (ConfigError("--select: there is none"), "", [("--select", "there is none")]),
        (ConfigError("nothing placed"), "", [("", "nothing placed")]),
    ],
)
def test_an_error_becomes_failures_with_places(
    error: InputError, path: str, expected: list[tuple[str, str]]
) -> None:
    """One failure for each problem; lines are kept in words."""
    assert [(each.path, each.error) for each in failures_of(error, path)] == expected


def test_text_is_linted_without_any_configuration(folder: Path, mini_folder: Path) -> None:
    """The short way uses the rulesets it is given, wherever it is called."""
    (folder / ".medlint.yaml").write_text("broken: [")
    report = api.lint_text(DRAFT, rulesets=(str(mini_folder),), product=Product.APPROVED)
    assert [(f.rule, f.severity) for f in report.findings] == [
        ("magic-word", Severity.SUGGESTION),
        ("cure-verb", Severity.ERROR),
    ]
    with pytest.raises(InputError, match="English"):
        api.lint_text("Наша клиника лечит все болезни. " * 10, rulesets=(str(mini_folder),))


def test_a_file_is_linted_with_its_configuration(folder: Path) -> None:
    """The short way for files finds the nearest configuration."""
    (folder / "a.md").write_text(DRAFT)
    assert len(api.lint_path(folder / "a.md").findings) == 2
    with pytest.raises(InputError, match="cannot be read: No such file"):
        api.lint_path(folder / "gone.md")


def test_the_defaults_are_the_shipped_rules() -> None:
    """Without a configuration, nothing is excluded and warnings fail."""
    config = Config.default(Path("/site"))
    assert (config.rulesets, config.exclude, config.fail_on) == ((), (), Severity.WARNING)
