"""The audit file: what a record holds, and that none is torn or lost in silence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import medlint as medlint_package
from medlint import __version__, audit, auditrecords, cli
from medlint.api import Linters, Options
from medlint.auditrecords import AuditRecord, FailureRecord, InputRecord, Mode
from medlint.batch import Job, gather, run
from medlint.errors import MedlintError
from medlint.reference import schemas
from projects import project
from wordfile import docx, p, r

if TYPE_CHECKING:
    from collections.abc import Callable

# Limits on files stand for a full disk; only POSIX has them.
resource = pytest.importorskip("resource")
SOURCES = str(Path(medlint_package.__file__).parents[1])
CONFIG = """\
rulesets: [./mini]
fail-on: error
rules: {hype: suggestion, repeated-item: off}
allow: ["one miracle"]
approved:
  - claim: "Our miracle cures ALS"
    reference: "File 12"
    approver: "A. Example"
    date: 2026-01-01
    expires: 2027-01-01
"""
DRAFT = """\
Our miracle cures ALS.

One miracle. <!-- medlint-disable-line cure-verb -->

<!-- medlint-disable-next-line cure-verb -- trial cited
below -->
It cures ALS.

A miracle.
"""
RECORD = AuditRecord(
    time="2026-06-01T09:30:00Z",
    today="2026-06-01",
    medlint="0.1.0",
    mode=Mode.CHECK,
    settings=(),
    inputs=(InputRecord(path="a.md", sha256="00", checked=False),),
    failures=(FailureRecord(path="a.md", error="is broken"),),
    exit=2,
)


@pytest.fixture
def folder(folder: Path, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration and one draft."""
    return project(folder, mini_folder, CONFIG, DRAFT)


@pytest.fixture
def medlint(
    folder: Path,  # noqa: ARG001
    check: Callable[..., tuple[int, str, str]],
) -> Callable[..., tuple[int, str, str]]:
    """Return a function that gives exit code, output and errors of a recorded run."""

    def run(*arguments: str) -> tuple[int, str, str]:
        return check("--audit", "a.jsonl", "--today", "2026-06-01", *arguments)

    return run


def records(path: Path | None = None) -> list[dict[str, Any]]:
    """Return the records of a file, each valid under the published schema."""
    schema = json.loads(schemas()["audit.schema.json"])
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    text = (path or Path("a.jsonl")).read_text("ascii")
    assert text.endswith("\n")
    found = [json.loads(line) for line in text.splitlines()]
    for each in found:
        validator.validate(each)
    return found


def digest(data: bytes) -> str:
    """Return a SHA-256 as the standard library has it."""
    return sha256(data).hexdigest()


def test_a_record_holds_the_whole_run(folder: Path) -> None:
    """Versions, settings, hashes, findings, dismissals with reasons, failures, exit code."""
    linters = Linters(Options(today=date(2026, 6, 1)))
    job = Job(options=Options(today=date(2026, 6, 1)), audit=True)
    result = gather(run(job, ["draft.md", "gone.md"], linters=linters))
    now = datetime(2026, 6, 1, 11, 30, 5, 999, tzinfo=timezone(timedelta(hours=2)))
    found = auditrecords.plain(audit.record(result, job, linters, 2, now))
    (settings,) = found["settings"]
    held = settings.pop("sha256")
    canonical = json.dumps(settings, sort_keys=True, separators=(",", ":"))
    assert held == digest(canonical.encode())
    fingerprints = [
        each.pop("fingerprint")
        for file in found["inputs"]
        for each in (
            *file.get("findings", ()),
            *(dismissal["finding"] for dismissal in file.get("dismissals", ())),
        )
    ]
    assert {len(each) for each in fingerprints} == {16}
    claim = {
        "reference": "File 12",
        "approver": "A. Example",
        "date": "2026-01-01",
        "expires": "2027-01-01",
    }
    start = DRAFT.index("It cures ALS") + 3
    assert found == {
        "schema": 1,
        "time": "2026-06-01T09:30:05Z",
        "today": "2026-06-01",
        "medlint": __version__,
        "mode": "check",
        "settings": [
            {
                "configuration": ".medlint.yaml",
                "rulesets": [
                    {"name": "mini", "version": "1", "sha256": digest(contents(folder / "mini"))}
                ],
                "product": "auto",
                "fail-on": "error",
                "rules": {"hype": "suggestion", "repeated-item": "off"},
                "allow": ["one miracle"],
                "approved": [{"claim": "Our miracle cures ALS", **claim}],
            }
        ],
        "inputs": [
            {
                "path": "draft.md",
                "sha256": digest(DRAFT.encode()),
                "settings": held,
                "checked": True,
                "findings": [
                    {
                        "rule": "unused-suppression",
                        "category": "suppression",
                        "severity": "suggestion",
                        "start": 37,
                        "end": 76,
                        "line": 3,
                        "column": 14,
                        "match": "medlint-disable-line cure-verb",
                        "message": "“cure-verb” suppresses nothing here.",
                    },
                    {
                        "rule": "magic-word",
                        "category": "hype",
                        "severity": "suggestion",
                        "start": DRAFT.rindex("miracle"),
                        "end": DRAFT.rindex("miracle") + 7,
                        "line": 9,
                        "column": 3,
                        "match": "miracle",
                        "message": "“miracle” is hype.",
                    },
                ],
                "dismissals": [
                    {
                        "by": "approval",
                        "reason": "Our miracle cures ALS",
                        "line": 1,
                        **claim,
                        "finding": hype(4, 1, 5),
                    },
                    {
                        "by": "approval",
                        "reason": "Our miracle cures ALS",
                        "line": 1,
                        **claim,
                        "finding": cure(12, 1, 13),
                    },
                    {"by": "phrase", "reason": "one miracle", "line": 3, "finding": hype(28, 3, 5)},
                    {
                        "by": "comment",
                        "reason": "trial cited below",
                        "line": 5,
                        "finding": cure(start, 7, 4),
                    },
                ],
            },
            {"path": "gone.md", "checked": False},
        ],
        "failures": [{"path": "gone.md", "error": "cannot be read: No such file or directory"}],
        "exit": 2,
    }


def contents(folder: Path) -> bytes:
    """Return what the hash of a ruleset is made of."""
    names = ("ruleset.yaml", "lexicon/disease.yaml", "rules.yaml", "sources.yaml")
    files = ((name, (folder / name).read_bytes()) for name in names)
    return b"".join(f"{name}\0{len(data)}\0".encode() + data for name, data in files)


def hype(start: int, line: int, column: int) -> dict[str, Any]:
    """Return a finding of the word “miracle” as a record."""
    return {
        "rule": "magic-word",
        "category": "hype",
        "severity": "suggestion",
        "start": start,
        "end": start + 7,
        "line": line,
        "column": column,
        "match": "miracle",
        "message": "“miracle” is hype.",
    }


def cure(start: int, line: int, column: int) -> dict[str, Any]:
    """Return a finding of “cures ALS” as a record."""
    return {
        "rule": "cure-verb",
        "category": "cure",
        "severity": "error",
        "start": start,
        "end": start + 9,
        "line": line,
        "column": column,
        "match": "cures ALS",
        "message": "“cures ALS” promises a cure.",
    }


def test_each_run_appends_a_line(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """What other runs wrote stays as it was; the report is the same with and without a record."""
    first = medlint("draft.md")
    line = Path("a.jsonl").read_bytes()
    (folder / "draft.md").write_text("It cures ALS.\n", "utf-8")
    assert (first[0], medlint("draft.md")[0]) == (0, 1)
    assert Path("a.jsonl").read_bytes().startswith(line)
    assert [(each["exit"], len(each["inputs"])) for each in records()] == [(0, 1), (1, 1)]
    moment = datetime.fromisoformat(records()[1]["time"])
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)


def test_without_audit_nothing_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And no hash is taken."""
    before = sorted(path.name for path in folder.iterdir())
    assert cli.run(("--today", "2026-06-01", "draft.md")) == 0
    capsys.readouterr()
    assert sorted(path.name for path in folder.iterdir()) == before
    result = gather(run(Job(options=Options()), ["draft.md"]))
    assert result.inputs == ()


def test_fixes_are_on_record(medlint: Callable[..., tuple[int, str, str]], folder: Path) -> None:
    """The hash before and after; `--diff` says what would be."""
    config = CONFIG.replace(", repeated-item: off", "")
    (folder / ".medlint.yaml").write_text(config, "utf-8")
    before, after = b"- less pain\n- less pain\n", b"- less pain\n"
    for mode in ("diff", "fix"):
        (folder / "draft.md").write_bytes(before)
        medlint("draft.md", f"--{mode}")
    found = records()
    assert [each["mode"] for each in found] == ["diff", "fix"]
    assert [each["exit"] for each in found] == [1, 0]
    for each in found:
        (file,) = each["inputs"]
        assert (file["sha256"], file["changed"], file["fixes"]) == (
            digest(before),
            digest(after),
            1,
        )
    assert (folder / "draft.md").read_bytes() == after


def test_standard_input_is_on_record(
    medlint: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its bytes, under the name it is taken for; fixed text goes on as before."""
    read, write = os.pipe()
    os.write(write, DRAFT.encode())
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        medlint("-", "--stdin-filename", "knee.md")
    (file,) = records()[0]["inputs"]
    assert (file["path"], file["sha256"]) == ("knee.md", digest(DRAFT.encode()))


def test_a_word_document_is_on_record(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """Annotating is a run like any other; lines count in the text taken out."""
    data = docx(p(r("It cures ALS.")))
    (folder / "a.docx").write_bytes(data)
    code, _, _ = medlint("a.docx", "--format", "docx", "--output", "b.docx")
    (found,) = records()
    assert (code, found["exit"]) == (1, 1)
    assert found["inputs"][0]["sha256"] == digest(data)
    assert [each["match"] for each in found["inputs"][0]["findings"]] == ["cures ALS"]


def test_several_configurations_are_described_once_each(
    medlint: Callable[..., tuple[int, str, str]], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drafts name theirs by its hash; several processes make the same record."""
    monkeypatch.setattr("medlint.batch.SHARE", 1)
    for name, own in (("one", ""), ("two", "product: device\n")):
        (folder / name).mkdir()
        (folder / name / "mini").symlink_to(folder / "mini")
        config = f"rulesets: [./mini]\n{own}"
        (folder / name / ".medlint.yaml").write_text(config, "utf-8")
        for draft in ("a.md", "b.md"):
            (folder / name / draft).write_text("A miracle.\n", "utf-8")
    (folder / "two/b.md").write_text("---\nmedlint: {product: approved}\n---\n\nFine.\n", "utf-8")
    for jobs in ("1", "2"):
        medlint("one", "two", "-j", jobs)
    first, second = records()
    assert {**first, "time": ""} == {**second, "time": ""}
    by_hash = {each["sha256"]: each["product"] for each in first["settings"]}
    assert [by_hash[each["settings"]] for each in first["inputs"]] == [
        "auto",
        "auto",
        "device",
        "approved",
    ]


def test_what_could_not_be_checked_is_on_record(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """A broken configuration and a draft that is no text, with the hash of what was read."""
    (folder / "bad.md").write_bytes(b"\xff\xfe\x00")
    assert medlint("bad.md")[0] == 2
    (found,) = records()
    assert found["inputs"] == [
        {"path": "bad.md", "sha256": digest(b"\xff\xfe\x00"), "checked": False}
    ]
    assert [each["path"] for each in found["failures"]] == ["bad.md"]
    (folder / ".medlint.yaml").write_text("produkt: x\n", "utf-8")
    assert medlint("draft.md")[0] == 2
    last = records()[-1]
    assert last["inputs"] == [
        {"path": "draft.md", "sha256": digest(DRAFT.encode()), "checked": False}
    ]
    assert last["failures"] == [
        {
            "path": ".medlint.yaml",
            "error": "line 1: unknown key “produkt”; did you mean “product”?",
        }
    ]


def test_a_report_that_cannot_be_written_is_on_record(
    medlint: Callable[..., tuple[int, str, str]],
) -> None:
    """As a failure, with the exit code that the run had in the end."""
    code, _, err = medlint("draft.md", "--output", "none/report.txt")
    cause = "cannot be written: No such file or directory; choose another --output"
    assert (code, err) == (2, f"medlint: none/report.txt: {cause}\n")
    (found,) = records()
    assert found["exit"] == 2
    assert found["failures"] == [{"path": "none/report.txt", "error": cause}]
    assert found["inputs"][0]["checked"] is True


# The file


def test_runs_at_once_do_not_tear_each_others_lines(folder: Path) -> None:
    """Real processes, all writing records larger than a pipe or page holds."""
    (folder / "draft.md").write_text("A miracle. It cures ALS.\n\n" * 150, "utf-8")
    command = [sys.executable, "-m", "medlint", "draft.md", "--audit", "a.jsonl", "-q"]
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    started = [
        subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        for _ in range(4)
    ]
    assert [process.wait(60) for process in started] == [1] * 4
    found = records()
    assert len(found) == 4
    assert {len(each["inputs"][0]["findings"]) for each in found} == {300}


_APPENDING = """
import sys
from pathlib import Path
from medlint import audit
from medlint.auditrecords import AuditRecord, Mode
name, count = sys.argv[1:]
for number in range(int(count)):
    text = f"{name}-{number}-" + "x" * 70_000
    none = {"settings": (), "inputs": (), "failures": ()}
    record = AuditRecord(time="", today="", medlint=text, mode=Mode.CHECK, exit=0, **none)
    audit.append(Path("a.jsonl"), record)
"""


def test_many_records_from_many_processes_are_all_there(folder: Path) -> None:
    """None is lost, doubled or mixed; each process's come in its order."""
    command = [sys.executable, "-c", _APPENDING]
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    started = [
        subprocess.Popen(
            [*command, name, "40"], cwd=folder, env=environment, stderr=subprocess.PIPE
        )
        for name in "abcd"
    ]
    for process in started:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, b"")
    lines = (folder / "a.jsonl").read_text("ascii").splitlines()
    found = [json.loads(line)["medlint"].partition("-x")[0] for line in lines]
    for name in "abcd":
        own = [each for each in found if each.startswith(name)]
        assert own == [f"{name}-{number}" for number in range(40)]
    assert len(found) == 160


@pytest.fixture
def small_disk() -> Any:
    """Let no file grow beyond 200 bytes, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, before[1]))

    yield limit
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_the_file_as_it_was(
    folder: Path, small_disk: Callable[[], None]
) -> None:
    """A part of a line is taken back, and the error says that the run is not on record."""
    path = folder / "a.jsonl"
    path.write_bytes(b'{"schema":1}\n')
    small_disk()
    with pytest.raises(MedlintError) as failed:
        audit.append(path, replace(RECORD, medlint="x" * 300))
    assert (
        str(failed.value) == f"{path}: cannot be written: File too large; the run is not on record"
    )
    assert path.read_bytes() == b'{"schema":1}\n'


def test_a_run_on_a_full_disk_fails(folder: Path) -> None:
    """Exit 2 and a word on standard error; the report is out all the same."""
    (folder / "draft.md").write_text("Fine.\n", "utf-8")
    warm = [sys.executable, "-m", "medlint", "draft.md", "--audit", "a.jsonl"]
    environment = {**os.environ, "PYTHONPATH": SOURCES}
    subprocess.run([*warm, "-q"], cwd=folder, env=environment, check=True)
    (folder / "a.jsonl").write_bytes(b"")
    done = subprocess.run(
        warm,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )
    assert done.returncode == 2
    assert done.stderr == (
        "medlint: a.jsonl: cannot be written: File too large; the run is not on record\n"
    )
    assert done.stdout.startswith("No findings in 1 file.\n")
    assert (folder / "a.jsonl").read_bytes() == b""


def test_a_torn_line_of_another_writer_does_not_spoil_the_next(folder: Path) -> None:
    """The record begins on a line of its own."""
    path = folder / "a.jsonl"
    path.write_bytes(b'{"schema":1,"ti')
    audit.append(path, RECORD)
    audit.append(path, RECORD)
    line = auditrecords.line(RECORD)
    assert path.read_text("ascii") == f'{{"schema":1,"ti\n{line}{line}'


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda path: path.mkdir(), "cannot be written: Is a directory; choose another --audit"),
        (os.mkfifo, "is not a regular file; choose another --audit"),
        (
            lambda path: path.symlink_to("/dev/full"),
            "is not a regular file; choose another --audit",
        ),
        (
            lambda path: path.symlink_to("none/at/all"),
            "cannot be written: No such file or directory; choose another --audit",
        ),
        (
            lambda path: path.write_text("# Notes\n"),
            "holds something else than records; choose another --audit",
        ),
    ],
)
def test_a_file_that_cannot_take_records_stops_the_run(
    medlint: Callable[..., tuple[int, str, str]],
    folder: Path,
    make: Callable[[Path], object],
    cause: str,
) -> None:
    """Before anything is checked, and without touching what it holds."""
    make(folder / "a.jsonl")
    before = (folder / "a.jsonl").read_bytes() if (folder / "a.jsonl").is_file() else None
    assert medlint("draft.md") == (2, "", f"medlint: a.jsonl: {cause}\n")
    assert ((folder / "a.jsonl").read_bytes() if before is not None else None) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing keeps root from writing")
def test_a_file_without_permission_stops_the_run(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """It says so, and how to go on."""
    (folder / "a.jsonl").touch(0o400)
    cause = "cannot be written: Permission denied; choose another --audit"
    assert medlint("draft.md") == (2, "", f"medlint: a.jsonl: {cause}\n")


def test_a_draft_or_the_report_is_no_audit_file(
    medlint: Callable[..., tuple[int, str, str]], folder: Path
) -> None:
    """Nothing is overwritten or appended to by mistake."""
    code, _, err = medlint("draft.md", "--output", "./a.jsonl")
    assert (code, "--audit and --output are both a.jsonl" in err) == (2, True)
    assert not (folder / "a.jsonl").exists()
    code, _, err = medlint("draft.md", "--audit", "./draft.md")
    assert (code, "--audit draft.md is one of the drafts" in err) == (2, True)
    assert (folder / "draft.md").read_text("utf-8") == DRAFT


@given(st.text(), st.text(st.characters()))
def test_any_text_makes_one_line(path: str, error: str) -> None:
    """Line separators, lone surrogates of odd file names, quotation marks."""
    failure = FailureRecord(path=path, error=error)
    text = auditrecords.line(replace(RECORD, failures=(failure,)))
    assert text.encode("ascii").splitlines() == [text.encode("ascii")[:-1]]
    assert json.loads(text)["failures"] == [{"path": path, "error": error}]
