"""The command line: options, streams and exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import pytest
import yaml

import medlint as medlint_package
from medlint import __version__, cli, engine, loader
from medlint.commands import COMMANDS, drafts
from medlint.config import known_names
from medlint.configfile import read
from medlint.findings import Edit, Rewrite, RewriteKind
from medlint.reporters import NOTICE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from medlint.document import Document

DRAFT = "Our miracle cures ALS.\n\n- less pain\n- less pain\n"


@dataclass(frozen=True)
class Run:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration for the small rules and one draft."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n")
    (tmp_path / "draft.md").write_text(DRAFT)
    return tmp_path


@pytest.fixture
def medlint(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:  # noqa: ARG001
    """Return a function that runs a command line in this process."""

    def run(*arguments: str, stdin: bytes = b"", terminal: bool = False) -> Run:
        streams = {}
        for name in ("stdout", "stderr"):
            stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
            if terminal:
                monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
            streams[name] = stream
            monkeypatch.setattr(sys, name, stream)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.run(arguments)
        out, err = (stream.buffer.getvalue().decode() for stream in streams.values())  # type: ignore[attr-defined]
        return Run(code, out, err)

    return run


SOURCES = str(Path(medlint_package.__file__).parents[1])


@contextmanager
def started(
    *arguments: str, cwd: Path, env: Mapping[str, str] | None = None, **options: Any
) -> Iterator[subprocess.Popen[bytes]]:
    """Start medlint in a process of its own, and end it whatever happens."""
    command = [sys.executable, "-m", "medlint", *arguments]
    environment = {**os.environ, "PYTHONPATH": SOURCES, **(env or {})}
    with subprocess.Popen(command, cwd=cwd, env=environment, **options) as process:
        try:
            yield process
        finally:
            process.kill()


LINES = [
    "draft.md:1:5: warning: “miracle” is hype. [magic-word]",
    "draft.md:1:13: error: “cures ALS” promises a cure. [cure-verb]",
    "draft.md:4:3: warning: “less pain” stands in this list already. [repeated-item]",
]


@pytest.mark.parametrize("arguments", ["draft.md", "check draft.md", "", "check", "."])
def test_checking_is_what_medlint_does(medlint: Callable[..., Run], arguments: str) -> None:
    """`medlint draft.md` is `medlint check draft.md`; without a path, the current folder."""
    result = medlint(*arguments.split())
    assert result.code == 1
    assert result.err == ""
    assert result.out.splitlines() == [
        *LINES,
        "",
        "3 findings (1 error, 2 warnings, 0 suggestions) in 1 file; 1 can be fixed with --fix.",
        "Balance: 0 benefit statements, 0 material risks.",
        NOTICE,
    ]


def test_options_may_come_first(medlint: Callable[..., Run]) -> None:
    """An option before any path is one of `check`."""
    assert medlint("--quiet", "draft.md").out.splitlines() == LINES
    assert medlint("-q", "check").code == 2  # a file called “check”, which is not there


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 1),
        (("--fail-on", "error"), 1),
        (("--fail-on", "error", "--select", "hype"), 0),
        (("--select", "hype"), 1),
        (("--select", "hype", "--product", "approved"), 0),
        (("--select", "hype", "--product", "approved", "--fail-on", "suggestion"), 1),
        (("--ignore", "hype,cure,duplicate-item"), 0),
        (("--select", "kure"), 2),
        (("gone.md",), 2),
        (("--fail-on", "never"), 2),
        (("--no-such-option",), 2),
        (("--config", ".medlint.yaml", "--no-config"), 2),
        (("--config", "gone.yaml"), 2),
    ],
)
def test_the_exit_code_says_how_it_went(
    medlint: Callable[..., Run], arguments: tuple[str, ...], code: int
) -> None:
    """0: nothing that bad. 1: findings. 2: something went unchecked, and that beats 1."""
    assert medlint("draft.md", *arguments).code == code


def test_a_failure_is_told_and_the_rest_is_checked(
    medlint: Callable[..., Run], folder: Path
) -> None:
    """On standard error, in the report, and in the exit code."""
    (folder / "bad.md").write_bytes(b"\xff\xff")
    result = medlint("gone.md", "bad.md", "draft.md")
    assert result.code == 2
    gone, bad = result.err.splitlines()
    assert gone == "medlint: gone.md: there is no such file or folder"
    assert bad.startswith("medlint: bad.md:1: byte 0xff at position 0 is not valid UTF-8")
    assert result.out.splitlines()[:3] == LINES
    assert "2 failures: what standard error names went unchecked." in result.out


def test_a_wrong_configuration_is_in_the_report_too(
    medlint: Callable[..., Run], folder: Path
) -> None:
    """Scripts that read JSON see why nothing was checked."""
    (folder / ".medlint.yaml").write_text("prodct: approved\n")
    result = medlint("draft.md", "--format", "json")
    error = "unknown key “prodct”; did you mean “product”?"
    assert result.code == 2
    assert result.err == f"medlint: .medlint.yaml:1: {error}\n"
    assert result.data["files"] == []
    assert result.data["failures"] == [
        {"path": ".medlint.yaml", "rule": None, "error": f"line 1: {error}"}
    ]


def test_each_format_is_written(medlint: Callable[..., Run]) -> None:
    """JSON, SARIF and GitHub annotations of the same findings."""
    found = medlint("--format", "json").data["files"][0]["findings"]
    assert [finding["rule"] for finding in found] == ["magic-word", "cure-verb", "repeated-item"]
    (run,) = medlint("--format", "sarif").data["runs"]
    assert [result["ruleId"] for result in run["results"]] == [f["rule"] for f in found]
    helps = {rule["id"]: rule["fullDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert helps["magic-word"] == "Leave it out."
    lines = medlint("--format", "github").out.splitlines()
    assert [line.split()[0] for line in lines[:3]] == ["::warning", "::error", "::warning"]


def test_output_goes_to_a_file(medlint: Callable[..., Run], folder: Path) -> None:
    """The report is in the file, nothing on standard output, the exit code as ever."""
    result = medlint("--output", "report.txt", "--color", "always")
    assert (result.code, result.out, result.err) == (1, "", "")
    assert (folder / "report.txt").read_text().splitlines()[:3] == LINES


def test_a_page_says_what_held_for_each_draft(
    medlint: Callable[..., Run], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text of every draft, its findings, the day, and the settings of its own front matter."""
    (folder / "other.md").write_text("---\nmedlint: {product: device}\n---\nOur miracle.\n")
    monkeypatch.setattr("medlint.batch.SHARE", 1)
    result = medlint("--format", "html", "--output", "report.html", "--ignore", "cure", "-j", "2")
    assert (result.code, result.out, result.err) == (1, "", "")
    page = (folder / "report.html").read_text("utf-8")
    facts = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page)
    assert ("Date", date.today().isoformat()) in facts  # noqa: DTZ011  the day where the user is
    held = [
        fact for fact in facts if fact[0] in {"Configuration", "Product", "Without", "Fails from"}
    ]
    assert held == [
        ("Configuration", ".medlint.yaml"),
        ("Product", "auto"),
        ("Without", "cure"),
        ("Fails from", "warning"),
        ("Configuration", ".medlint.yaml"),
        ("Product", "device"),
        ("Without", "cure"),
        ("Fails from", "warning"),
    ]
    marked = re.findall(r'<mark class="[^"]+" data-f="(.*?)" id=".*?">(.*?)</mark>', page)
    assert marked == [("d1-f1", "miracle"), ("d1-f2", "less pain"), ("d2-f1", "miracle")]


def test_a_page_may_be_written_anew(medlint: Callable[..., Run], folder: Path) -> None:
    """An earlier report among the drafts is replaced; a draft in HTML is not."""
    for _ in range(2):
        assert medlint("--format", "html", "--output", "report.html").code == 1
    (folder / "page.html").write_text("<p>Our miracle.</p>")
    result = medlint("--format", "html", "--output", "page.html")
    assert (result.code, "is one of the drafts" in result.err) == (2, True)
    assert (folder / "page.html").read_text() == "<p>Our miracle.</p>"


def test_output_that_cannot_be_written_is_an_error(medlint: Callable[..., Run]) -> None:
    """Exit 2 with the reason; a draft is never written over."""
    result = medlint("--output", "no/report.txt")
    assert result.code == 2
    assert result.err.startswith("medlint: no/report.txt: cannot be written: No such file")
    result = medlint("draft.md", "--output", "./draft.md")
    assert result.code == 2
    assert "--output draft.md is one of the drafts" in result.err
    assert Path("draft.md").read_text() == DRAFT


def test_standard_input_takes_a_name(medlint: Callable[..., Run], folder: Path) -> None:
    """The name decides format, configuration and what the report calls it."""
    assert medlint("-", stdin=b"A *miracle*.").out.splitlines()[0] == (
        "-:1:4: warning: “miracle” is hype. [magic-word]"
    )
    (folder / "sub").mkdir()
    (folder / "sub" / ".medlint.yaml").write_text("rules: {hype: off}\n" + _config(folder))
    result = medlint("-", "--stdin-filename", "sub/x.html", stdin=b"<p>A miracle. Cures ALS</p>")
    assert result.out.splitlines()[0] == (
        "sub/x.html:1:15: error: “Cures ALS” promises a cure. [cure-verb]"
    )


def _config(folder: Path) -> str:
    return (folder / ".medlint.yaml").read_text()


def test_excludes_and_their_force(medlint: Callable[..., Run], folder: Path) -> None:
    """Configuration and command line exclude from folders; forced, also what is named."""
    (folder / "old.md").write_text(DRAFT)
    (folder / ".medlint.yaml").write_text("exclude: [old.md]\n" + _config(folder))
    assert medlint("--format", "json").data["summary"]["files"] == 1
    nothing = medlint("--exclude", "*.md")
    assert nothing.code == 0
    assert nothing.err == "medlint: .: no drafts here; nothing was checked\n"
    assert medlint("old.md", "-q").code == 1
    assert medlint("old.md", "-q", "--force-exclude") == Run(0, "", "")
    assert medlint("-", "--stdin-filename", "old.md", "-q", "--force-exclude", stdin=b"x") == Run(
        0, "", ""
    )
    assert medlint("--exclude", "a[", ".").code in {0, 1}


def test_fixing_writes_and_reports_what_is_left(medlint: Callable[..., Run], folder: Path) -> None:
    """The draft is fixed, the fixed finding is gone from the report."""
    result = medlint("--fix", "-q")
    assert result.code == 1
    assert (folder / "draft.md").read_text() == "Our miracle cures ALS.\n\n- less pain\n"
    assert result.out.splitlines() == LINES[:2]
    assert medlint("--fix").err == ""
    (folder / "draft.md").write_text(DRAFT)
    assert medlint("--fix").err == "Applied 1 fix.\n"


def test_a_diff_changes_nothing(medlint: Callable[..., Run], folder: Path) -> None:
    """It exits with 1 where --fix would change something."""
    result = medlint("--diff")
    assert result.code == 1
    assert result.out.splitlines() == [
        "--- a/draft.md",
        "+++ b/draft.md",
        "@@ -1,4 +1,3 @@",
        " Our miracle cures ALS.",
        " ",
        " - less pain",
        "-- less pain",
    ]
    assert (folder / "draft.md").read_text() == DRAFT
    (folder / "draft.md").write_text("Our miracle cures ALS.\n")
    assert medlint("--diff") == Run(0, "", "")


def test_a_diff_applies(medlint: Callable[..., Run], folder: Path) -> None:
    """What --diff prints is what `git apply` takes, and gives what --fix gives."""
    (folder / "change.patch").write_text(medlint("--diff").out)
    subprocess.run(["git", "apply", "change.patch"], cwd=folder, check=True)
    patched = (folder / "draft.md").read_text()
    (folder / "draft.md").write_text(DRAFT)
    medlint("--fix")
    assert (folder / "draft.md").read_text() == patched


def test_fixing_standard_input_prints_the_draft(medlint: Callable[..., Run]) -> None:
    """The fixed text on standard output, the report on standard error."""
    result = medlint("-", "--fix", "-q", stdin=b"- a miracle\r\n- a miracle\r\n")
    assert result.out == "- a miracle\r\n"
    assert result.err == "-:1:5: warning: “miracle” is hype. [magic-word]\n"
    assert medlint("-", "--fix", "-q", stdin=b"Fine.\r\n").out == "Fine.\r\n"


def test_fix_applies_and_reports(medlint: Callable[..., Run], folder: Path) -> None:
    """`medlint fix` is `check --fix` with a word on what to do about the rest."""
    result = medlint("fix", "draft.md")
    assert (folder / "draft.md").read_text() == "Our miracle cures ALS.\n\n- less pain\n"
    assert (result.code, result.out.splitlines()[:2]) == (1, LINES[:2])
    assert result.err == "Applied 1 fix.\n`medlint review` walks through what is left.\n"
    assert medlint("fix", "-q", "--fail-on", "error").code == 1
    (folder / "draft.md").write_text("Our clinic.\n")
    assert medlint("fix", "-q") == Run(0, "", "")


def test_fix_shows_a_diff_and_writes_nothing(medlint: Callable[..., Run], folder: Path) -> None:
    """The same diff as that of `check`, with the same exit code."""
    assert medlint("fix", "--diff") == medlint("--diff")
    assert (folder / "draft.md").read_text() == DRAFT


@pytest.mark.parametrize("text", ["- a miracle\r\n- a miracle\r\n", "Fine.\r\n", ""])
def test_fix_prints_standard_input(medlint: Callable[..., Run], text: str) -> None:
    """Standard output carries the text alone, even where it is empty."""
    result = medlint("fix", "-", stdin=text.encode())
    assert result.out == "\r\n".join(dict.fromkeys(text.split("\r\n")))
    assert NOTICE in result.err


def test_fix_leaves_what_it_cannot_read(medlint: Callable[..., Run], folder: Path) -> None:
    """Failures make the exit code 2; the other drafts are fixed all the same."""
    (folder / "bad.md").write_bytes(b"- a\n- a\n\xff")
    result = medlint("fix", "-q")
    assert (result.code, (folder / "bad.md").read_bytes()) == (2, b"- a\n- a\n\xff")
    assert (folder / "draft.md").read_text() == "Our miracle cures ALS.\n\n- less pain\n"


def test_unsafe_rewrites_are_offered_and_applied(
    medlint: Callable[..., Run], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --unsafe they are only counted; with it they go in."""
    usual = engine.lint

    def lint(document: Document, *rest: Any) -> engine.Outcome:
        outcome = usual(document, *rest)
        findings = tuple(
            replace(each, rewrites=(Rewrite(RewriteKind.UNSAFE, "x", (Edit(each.span, "mar"),)),))
            if each.match == "miracle"
            else each
            for each in outcome.findings
        )
        return replace(outcome, findings=findings)

    monkeypatch.setattr(engine, "lint", lint)
    result = medlint("fix")
    assert result.err.splitlines() == [
        "Applied 1 fix.",
        "--unsafe rewrites 1 more, changing what is said; read them first.",
        "`medlint review` walks through what is left.",
    ]
    assert medlint("fix", "--unsafe").err.splitlines() == [
        "Applied 1 fix.",
        "`medlint review` walks through what is left.",
    ]
    assert (folder / "draft.md").read_text() == "Our mar cures ALS.\n\n- less pain\n"


def test_disclosures_come_from_the_rulesets_in_use(
    medlint: Callable[..., Run], folder: Path
) -> None:
    """Rulesets and product are those of the options, or of the configuration."""
    arguments = ("disclose", "--kind", "status", "--format", "text")
    shown = medlint(*arguments, "--ruleset", "uk,us", "--product", "unapproved")
    assert (shown.code, shown.err) == (0, "")
    assert [line for line in shown.out.splitlines() if "product status" in line] == [
        "UK: product status “unapproved”",
        "US: product status “unapproved”",
    ]
    (folder / ".medlint.yaml").write_text("rulesets: [us]\nproduct: device\n")
    owed = medlint(*arguments)
    assert owed.code == 0
    assert "No statement of status is owed" in owed.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("--ruleset us", "Error: Say what the page promotes, with --product"),
        (
            "--ruleset us --product device --kind risk",
            "Error: There is no kind “risk”; did you mean “risks”?",
        ),
        ("--product device", "Error: There are no such disclosures in "),
        ("--product device --ruleset xx", "medlint: xx: no such ruleset; shipped are"),
    ],
)
def test_disclosures_that_there_are_not(
    medlint: Callable[..., Run], arguments: str, message: str
) -> None:
    """A clear message, and nothing on standard output."""
    result = medlint("disclose", *arguments.split())
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_terminal_gets_carets_and_colour(
    medlint: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Colour on a terminal unless NO_COLOR, TERM=dumb or --color says otherwise."""
    shown = medlint("draft.md", terminal=True).out
    assert "\x1b[1;33mwarning[magic-word]\x1b[0m" in shown
    assert "^^^^^^^" in shown
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown)
    assert medlint("draft.md", "--color", "never", terminal=True).out == plain
    assert medlint("draft.md", "--color", "always").out == shown
    monkeypatch.setenv("NO_COLOR", "1")
    assert medlint("draft.md", terminal=True).out == plain
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert medlint("draft.md", terminal=True).out == medlint("draft.md").out


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    """`medlint … | head -1` ends in silence, with the exit code it would have had."""
    (folder / "draft.md").write_text("A miracle.\n\n" * 300)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started("--format", "json", cwd=folder, **pipes) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == (b"", 1)


@pytest.mark.slow
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_it_with_130(folder: Path, jobs: str) -> None:
    """No traceback, no report, no process left behind."""
    for number in range(400):
        (folder / f"{number}.md").write_text("A miracle.\n\n" * 300)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started("-j", jobs, cwd=folder, start_new_session=True, **pipes) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out, err.strip()) == (130, b"", b"")
    # The last worker may take a moment to go.
    deadline = monotonic() + 10
    while _is_there(process.pid) and monotonic() < deadline:
        sleep(0.05)
    assert not _is_there(process.pid)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_long_run_on_a_terminal_shows_its_progress(
    medlint: Callable[..., Run], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bar on standard error once patience runs out; none in a pipe or with --quiet."""
    for number in range(9):
        (folder / f"{number}.md").write_text("Fine.\n")
    assert medlint(".", terminal=True).err == ""
    monkeypatch.setattr(drafts, "_PATIENCE", 0.0)
    shown = medlint(".", terminal=True).err
    assert "Checking" in shown
    assert "100%" in shown
    assert medlint(".", "--quiet", terminal=True).err == ""
    assert medlint(".").err == ""


def test_a_terminal_without_unicode_still_gets_its_report(folder: Path) -> None:
    """Characters that the encoding lacks are escaped, not a crash."""
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    with started("draft.md", cwd=folder, stdout=subprocess.PIPE, env=ascii_only) as process:
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert rb"draft.md:1:5: warning: \u201cmiracle\u201d is hype." in out


def test_file_names_that_are_no_text_are_shown(medlint: Callable[..., Run], folder: Path) -> None:
    """Bytes of a name that decode to nothing do not end the run, in any format."""
    name = os.fsdecode(b"bad\xff.md")
    try:
        (folder / name).write_text("A miracle.\n")
    except OSError:
        pytest.skip("the file system takes text only")
    assert "bad\ufffd.md:1:3: warning" in medlint(".").out
    assert [file["path"] for file in medlint(".", "--format", "json").data["files"]] == [
        name,
        "draft.md",
    ]


def test_help_and_version(medlint: Callable[..., Run]) -> None:
    """The commands with a line each, without importing them."""
    shown = medlint("--help")
    assert shown.code == 0
    for command, about in COMMANDS.items():
        assert re.search(rf"^  {command} +{re.escape(about[:30])}", shown.out, re.MULTILINE)
    assert NOTICE in " ".join(shown.out.split())
    assert medlint("--version") == Run(0, f"medlint {__version__}\n", "")
    for command in COMMANDS:
        assert medlint(command, "--help").code == 0


def test_rules_are_listed(medlint: Callable[..., Run]) -> None:
    """As a table and as JSON, sorted by category."""
    lines = medlint("rules").out.splitlines()
    assert [line.split()[:4] for line in lines[:4]] == [
        ["RULE", "CATEGORY", "SEVERITY", "RULESET"],
        ["cure-verb", "cure", "error", "mini"],
        ["repeated-item", "duplicate-item", "warning", "mini"],
        ["magic-word", "hype", "warning*", "mini"],
    ]
    assert max(map(len, lines)) <= 80
    assert medlint("rules", "--format", "json", "--select", "hype").data == [
        {
            "id": "magic-word",
            "category": "hype",
            "severity": {"auto": "warning", "approved": "suggestion"},
            "tier": "strong",
            "enabled": True,
            "ruleset": "mini",
            "where": ["paragraph", "heading", "list-item", "table-cell", "quotation", "caption",
                      "alt", "title", "meta", "front-matter"],
            "products": [],
            "guards": {},
            "message": "“{match}” is hype.",
            "advice": "Leave it out.",
            "rewrites": [],
            "sources": [
                {
                    "id": "test.law",
                    "title": "Test Act, section 1",
                    "url": "https://example.org/act#1",
                }
            ],
            "flags": ["A «miracle» indeed."],
            "allows": ["A marvel indeed."],
        }
    ]  # fmt: skip


def test_a_rule_is_explained(medlint: Callable[..., Run]) -> None:
    """What, why with the law's address, examples and rewrites; the name may be typed loosely."""
    shown = medlint("explain", "Cure_Verb").out
    for part in (
        "cure-verb  [cure]",
        "“{match}” promises a cure.",
        "Severity   error",
        "Test Act, section 1\n    https://example.org/act#1",
        "Flagged\n  - It «cures ALS» in weeks.",
        "Left alone\n  - It helps with ALS.",
        "Instead\n  - Whether this helps with {what} has not been established.",
        NOTICE,
    ):
        assert part in shown
    assert "warning, suggestion for approved" in medlint("explain", "magic-word").out
    assert medlint("explain", "hype").out.splitlines()[1].startswith("magic-word")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cure-werb",), "There is no rule or category “cure-werb”; did you mean “cure-verb”?"),
        ((), "Name a rule or category, or give --text"),
        (("cure-verb", "--text", "x"), "Name a rule or category, or give --text"),
    ],
)
def test_explaining_nothing_is_an_error(
    medlint: Callable[..., Run], arguments: tuple[str, ...], message: str
) -> None:
    """Exit 2 with the nearest right name."""
    result = medlint("explain", *arguments)
    assert (result.code, message in result.err) == (2, True)


def test_a_sentence_is_explained(medlint: Callable[..., Run]) -> None:
    """What it means to medlint: the concepts in it and what was found."""
    shown = medlint("explain", "--text", "It cures ALS.").out
    assert re.search(r"ALS +disease", shown)
    assert "cure-verb" in shown


def test_init_writes_a_configuration_once(medlint: Callable[..., Run], folder: Path) -> None:
    """The file is one that medlint reads, and an existing one is never touched."""
    (folder / "site").mkdir()
    assert medlint("init", "site").code == 0
    path = folder / "site" / ".medlint.yaml"
    assert read(path).problems == ()
    before = path.read_bytes()
    result = medlint("init", "site")
    assert (result.code, path.read_bytes()) == (2, before)
    assert "site/.medlint.yaml: exists already" in result.err


def test_every_setting_of_the_template_works(medlint: Callable[..., Run], folder: Path) -> None:
    """What stands commented out in the template is valid once it is switched on."""
    (folder / "site").mkdir()
    medlint("init", "site")
    path = folder / "site" / ".medlint.yaml"
    text = re.sub(r"^# (?=( *- |  |[a-z-]+:( |$)))", "", path.read_text(), flags=re.MULTILINE)
    path.write_text(text)
    assert len(yaml.safe_load(text)) == 12
    shipped = loader.load(loader.default_rulesets())
    assert read(path).checked(known_names(shipped)).problems == ()


def test_the_program_is_there_as_a_module(folder: Path) -> None:
    """`python -m medlint` works, with its exit code."""
    with started("draft.md", "-q", cwd=folder, stdout=subprocess.PIPE) as process:
        out, _ = process.communicate(timeout=60)
    assert (process.returncode, out.decode().splitlines()) == (1, LINES)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_full_disk_is_no_verdict(tmp_path: Path) -> None:
    """A report that could not be written exits with 2 and says so, never with 1."""
    draft = tmp_path / "draft.md"
    draft.write_text("We cure arthritis.", "utf-8")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "medlint", "--no-config", str(draft)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    message = "medlint: standard output: cannot be written: No space left on device; use --output\n"
    assert (done.returncode, done.stderr) == (2, message)
