"""A second run: the same report without checking again, and never another one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

from medlint import api, batch, cli, engine, loader
from medlint.api import Options
from medlint.batch import Job, Result, gather, run
from medlint.config import Choices, Name, Settings
from medlint.findings import Product, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

DRAFT = "Our miracle cures ALS.\n\n- less pain\n- less pain\n"
TODAY = date(2026, 11, 22)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with rules of its own and two drafts; the cache lies beside."""
    here = tmp_path / "here"
    copytree(mini_folder, here / "rules")
    monkeypatch.chdir(here)
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("MEDLINT_NO_CACHE")
    (here / ".medlint.yaml").write_text("rulesets: [./rules]\n")
    (here / "a.md").write_text(DRAFT)
    (here / "b.md").write_text("Fine.\n")
    return here


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that fills with the drafts that the engine is asked to lint."""
    paths: list[str] = []
    lint = engine.lint

    def counting(document: object, *rest: object) -> object:
        paths.append(document.path)  # type: ignore[attr-defined]
        return lint(document, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "lint", counting)
    return paths


def checked(*paths: str, jobs: int = 1, options: Options | None = None, **job: object) -> Result:
    """Check drafts with the run cache."""
    made = Job(
        options=options or Options(today=TODAY),
        cache=loader.cache_folder(),
        **job,  # type: ignore[arg-type]
    )
    return gather(run(made, paths or ("a.md", "b.md"), jobs=jobs))


@pytest.mark.usefixtures("folder")
def test_an_unchanged_draft_is_not_checked_again(
    linted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second result is the first one, text and all, without rules being loaded."""
    first = checked()
    assert linted == ["a.md", "b.md"]
    with monkeypatch.context() as patched:
        patched.setattr(loader, "load_files", lambda _: 1 / 0)
        second = checked()
    assert linted == ["a.md", "b.md"]
    assert second == first
    assert second.report.count() == 3
    texts = [[f.document.source for f in r.report.files if f.document] for r in (first, second)]
    assert texts == [[DRAFT, "Fine.\n"]] * 2


def change_draft(folder: Path) -> None:
    """Change one letter of the draft."""
    (folder / "a.md").write_text(DRAFT.replace("Our", "One"))


def change_rule(folder: Path) -> None:
    """Change one word of a rule."""
    path = folder / "rules" / "rules.yaml"
    path.write_text(path.read_text().replace('any: ["miracle"]', 'any: ["less pain"]'))


def change_configuration(folder: Path) -> None:
    """Switch a rule off."""
    with (folder / ".medlint.yaml").open("a") as file:
        file.write("rules: {cure-verb: false}\n")


def override(folder: Path) -> None:
    """Switch a rule off for this path."""
    with (folder / ".medlint.yaml").open("a") as file:
        file.write("overrides: [{files: ['a.*'], rules: {cure-verb: false}}]\n")


@pytest.mark.parametrize("change", [change_draft, change_rule, change_configuration, override])
def test_what_changes_the_report_is_checked_again(
    folder: Path, linted: list[str], change: Callable[[Path], None]
) -> None:
    """A draft, a rule or the configuration, with the times of all files as they were."""
    before = checked("a.md")
    change(folder)
    for path in folder.rglob("*.*"):
        os.utime(path, (1e9, 1e9))
    after = checked("a.md")
    assert linted == ["a.md", "a.md"]
    assert after != before
    assert checked("a.md") == after
    assert linted == ["a.md", "a.md"]


@pytest.mark.parametrize(
    "options",
    [
        Options(choices=Choices(select=("cure",)), names=(Name("cure", "--select"),)),
        Options(choices=Choices(product=Product.APPROVED)),
        Options(no_config=True),
    ],
)
@pytest.mark.usefixtures("folder")
def test_options_change_the_report(options: Options) -> None:
    """What is asked for on the command line counts as well."""
    assert checked("a.md") != checked("a.md", options=options)


@pytest.mark.usefixtures("folder")
def test_what_fails_a_run_is_no_part_of_the_report(linted: list[str]) -> None:
    """The same reports serve a stricter run."""
    suggestion = Options(fail_on=Severity.SUGGESTION, choices=Choices(product=Product.APPROVED))
    error = Options(fail_on=Severity.ERROR, choices=Choices(product=Product.APPROVED))
    Path("c.md").write_text("A miracle.\n")
    assert checked("c.md", options=suggestion).fails
    assert not checked("c.md", options=error).fails
    assert checked("c.md", options=suggestion).fails
    assert linted == ["c.md"]


@pytest.mark.usefixtures("folder")
def test_the_same_draft_elsewhere_is_known_by_its_own_name(linted: list[str]) -> None:
    """Content counts, not the path; but another format is another draft."""
    checked("a.md")
    Path("copy.md").write_text(DRAFT)
    Path("copy.txt").write_text(DRAFT)
    result = checked("copy.md", "copy.txt")
    assert [file.path for file in result.report.files] == ["copy.md", "copy.txt"]
    assert linted == ["a.md", "copy.txt"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("c.md", b"\xff\xfe\xfd"),
        ("c.md", ("Nous soignons toutes les maladies avec nos produits. " * 9).encode()),
        ("c.md", b"---\nmedlint: {prodct: x}\n---\nA miracle.\n"),
        ("gone.md", None),
    ],
    ids=["undecodable", "not English", "wrong front matter", "not there"],
)
@pytest.mark.usefixtures("folder")
def test_a_failure_is_never_remembered(name: str, data: bytes | None) -> None:
    """What went unchecked goes unchecked again, and says so again."""
    if data is not None:
        Path(name).write_bytes(data)
    first, second = checked(name), checked(name)
    assert (first.report.files, len(first.report.failures)) == ((), 1)
    assert second == first


@pytest.mark.usefixtures("folder")
def test_a_rule_that_failed_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report without one rule's findings is no report of the draft."""
    with monkeypatch.context() as patched:
        patched.setattr("medlint.checks.DuplicateItems.evaluate", lambda *_: 1 / 0)
        broken = checked("a.md")
    assert [(f.path, f.rule) for f in broken.report.failures] == [("a.md", "repeated-item")]
    assert checked("a.md").report.count() == 3


@pytest.mark.parametrize(
    "text",
    [
        "rules: {no-such-rule: false}\n",
        "prodct: x\n",
        "overrides: [{files: [z], rules: {zz: false}}]",
    ],
)
def test_a_wrong_configuration_is_told_however_well_the_draft_is_known(
    folder: Path, text: str
) -> None:
    """Also where only another path would meet it."""
    checked("a.md")
    with (folder / ".medlint.yaml").open("a") as file:
        file.write(text)
    assert len(checked("a.md").report.failures) == 1
    assert checked("a.md").report.files == ()


@pytest.mark.usefixtures("folder")
def test_a_report_that_may_expire_holds_for_its_day(
    linted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With something in the settings that may expire, the day counts; otherwise it does not."""
    other = Options(today=date(2026, 11, 23))
    checked("a.md")
    checked("a.md", options=other)
    assert linted == ["a.md"]
    monkeypatch.setattr(Settings, "is_dated", True)
    checked("b.md")
    checked("b.md")
    assert linted == ["a.md", "b.md"]
    checked("b.md", options=other)
    assert linted == ["a.md", "b.md", "b.md"]


def test_settings_that_are_not_known_to_last_count_as_dated() -> None:
    """Of today's settings none expires; one that is added does until somebody says otherwise."""
    lasting = Settings(
        product=Product.DEVICE,
        rules={"a": False},
        select=frozenset("a"),
        ignore=frozenset("b"),
        allow=("x",),
        disclosed_elsewhere=frozenset("c"),
        options={"readability": {"grade": 8}},
        today=TODAY,
    )
    assert not lasting.is_dated


@pytest.mark.parametrize("jobs", [1, 2])
def test_many_drafts_in_order(folder: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    """Known and unknown drafts in turn give what a run without the cache gives."""
    monkeypatch.setattr(batch, "SHARE", 1)
    names = []
    for number in range(40):
        name = f"{number * 7 % 40:02}.md"
        (folder / name).write_bytes(DRAFT.encode() * number if number % 5 else b"\xff\xfe\xfd")
        names.append(name)
    checked(*names[::3], jobs=jobs)
    made = gather(run(Job(options=Options(today=TODAY)), names))
    assert checked(*names, jobs=jobs) == made
    assert checked(*names, jobs=jobs) == made


def test_few_unknown_drafts_start_no_processes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many drafts there are, what is known needs no second process."""
    monkeypatch.setattr(batch, "SHARE", 500)
    names = [f"{number:02}.md" for number in range(100)]
    for name in names:
        (folder / name).write_text(f"{name} is fine.\n")
    checked(*names[5:])
    monkeypatch.setattr(batch, "_in_processes", lambda *_: 1 / 0)
    monkeypatch.setattr(batch, "_processors", lambda: 2)
    assert len(checked(*names, jobs=0).report.files) == len(names)


@pytest.mark.usefixtures("folder")
def test_fixes_are_applied_to_a_known_draft(linted: list[str]) -> None:
    """A draft with something to fix is checked again; one without is not."""
    checked()
    dry = checked(diff=True)
    assert "-- less pain" in dry.diff
    assert set(linted[2:]) == {"a.md"}
    fixed = checked(fix=True)
    assert (fixed.fixed, Path("a.md").read_text()) == (1, DRAFT[: -len("- less pain\n")])
    again = checked(fix=True)
    assert (again.fixed, again.report.count()) == (0, 2)
    del linted[:]
    assert checked(fix=True) == again
    assert linted == []


@pytest.mark.usefixtures("folder")
def test_standard_input_is_neither_remembered_nor_recalled(linted: list[str]) -> None:
    """An editor's text is checked each time."""
    for _ in range(2):
        checked("-", stdin=DRAFT.encode(), stdin_name="a.md")
    assert linted == ["a.md", "a.md"]
    checked("a.md")
    assert linted == ["a.md"] * 3


def test_a_word_document_is_remembered_with_its_text(folder: Path, linted: list[str]) -> None:
    """Its text is no part of the file, so it is kept; places and findings come back."""
    examples = Path(__file__).parents[1] / "examples"
    (draft,) = sorted(examples.rglob("*.docx"))[:1]
    (folder / "c.docx").write_bytes(draft.read_bytes())
    options = Options(no_config=True, today=TODAY)
    first, second = (checked("c.docx", options=options).report.files[0] for _ in range(2))
    assert linted == ["c.docx"]
    assert second == first
    assert second.document == first.document
    assert second.document is not None
    assert second.document.is_extracted
    assert second.document.places


# The command line


@pytest.fixture
def medlint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:  # noqa: ARG001
    """Return a function that runs a command line and gives its exit code and output."""

    def run_(*arguments: str) -> tuple[int, str]:
        stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
        monkeypatch.setattr(sys, "stdout", stream)
        code = cli.run(arguments)
        return code, stream.buffer.getvalue().decode()  # type: ignore[attr-defined]

    return run_


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github", "html"])
def test_every_format_says_the_same(
    medlint: Callable[..., tuple[int, str]], linted: list[str], form: str
) -> None:
    """Down to the last character, whether the draft was checked or recalled."""
    first = medlint("a.md", "b.md", "--format", form)
    assert linted == ["a.md", "b.md"]
    assert medlint("a.md", "b.md", "--format", form) == first
    assert linted == ["a.md", "b.md"]
    assert medlint("a.md", "b.md", "--format", form, "--no-cache") == first
    assert linted == ["a.md", "b.md"] * 2
    assert first[0] == 1


def test_no_cache_leaves_no_reports(
    medlint: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by the option nor by the environment; without them there is one for each draft."""
    reports = loader.cache_folder()
    medlint("--no-cache")
    with monkeypatch.context() as patched:
        patched.setenv("MEDLINT_NO_CACHE", "1")
        medlint()
    assert list(reports.rglob("*.report")) == []
    medlint()
    assert len(list(reports.rglob("*.report"))) == 2


@pytest.mark.parametrize("trouble", ["damaged", "read-only", "no home", "a file"])
def test_a_cache_in_trouble_changes_nothing(
    medlint: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """The run is slower and says the same."""
    expected = medlint("--no-cache")
    medlint()
    folder = loader.cache_folder()
    if trouble == "damaged":
        for path in folder.rglob("*.report"):
            path.write_bytes(path.read_bytes()[:-9] + b"123456789")
    elif trouble == "read-only":
        monkeypatch.setattr(os, "makedirs", refuse)
    elif trouble == "no home":
        monkeypatch.delenv("MEDLINT_CACHE_DIR")
        for name in ("HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, "/nowhere")
    else:
        (folder.parent / "file").write_text("")
        monkeypatch.setenv("MEDLINT_CACHE_DIR", str(folder.parent / "file"))
    assert medlint() == expected
    assert medlint() == expected


def refuse(*_: object, **__: object) -> None:
    """Refuse to make a folder."""
    raise PermissionError


SCRIPT = """
import sys
from medlint.cli import run
code = run(["a.md"])
print(*sorted(name for name in sys.modules if name.startswith("medlint.")), file=sys.stderr)
sys.exit(code)
"""


def test_a_known_draft_needs_neither_rules_nor_parsers(folder: Path) -> None:
    """A second run imports no engine."""
    sources = str(Path(api.__file__).parents[1])
    loaded = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": sources},
            capture_output=True,
            text=True,
            check=False,
        )
        loaded.append((done.returncode, done.stdout, set(done.stderr.split())))
    (first, out, linting), (second, again, recalling) = loaded
    assert (first, out) == (second, again) == (1, again)
    engines = {"medlint.engine", "medlint.tagging", "medlint.parsing.markdown", "medlint.plain"}
    assert engines <= linting
    assert recalling & engines == set()
