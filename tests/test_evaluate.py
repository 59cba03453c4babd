"""`medlint eval`: figures that a reader can work out by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from medlint import cli
from medlint.config import Settings
from medlint.errors import InputError
from medlint.evaluate import Tally, evaluate

if TYPE_CHECKING:
    from medlint.rules import Ruleset

Label = tuple[str, str] | tuple[str, str, bool]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mini_folder: Path) -> Path:
    """Return the current folder, with a configuration for the small rules."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".medlint.yaml").write_text(f"rulesets: ['{mini_folder}']\n")
    return tmp_path


def entry(name: str, text: str, *labels: Label, **more: Any) -> dict[str, Any]:
    """Return an entry whose labels are (words, category[, borderline])."""
    placed = []
    for words, category, *borderline in labels:
        start = text.index(words)
        label = {"start": start, "end": start + len(words), "category": category}
        placed.append({**label, "borderline": True} if borderline else label)
    return {"id": name, "text": text, "labels": placed, **more}


def corpus(*entries: dict[str, Any]) -> Path:
    """Write a corpus and return its path."""
    path = Path("corpus.jsonl")
    path.write_text("".join(f"{json.dumps(each)}\n" for each in entries))
    return path


def measured(mini: Ruleset, *entries: dict[str, Any]) -> dict[str, Any]:
    """Measure the small rules on some entries."""
    return evaluate(corpus(*entries), mini, Settings())


TEXT = (
    "It cures ALS for good. A quiet day. It helps with arthritis pain. A miracle came. "
    "Their miracle cures ALS. Nobody knows."
)


def test_sentences_are_counted_as_documented(mini: Ruleset) -> None:
    """Hits, misses, false alarms and borderline sentences, by sentence and by category."""
    data = measured(
        mini,
        entry(
            "a",
            TEXT,
            ("It cures ALS for good.", "cure"),
            ("It helps with arthritis pain.", "treatment-claim"),
            ("Their miracle cures ALS.", "cure"),
            ("Nobody knows.", "hype", True),
        ),
    )
    assert data["sentences"] == {
        "hits": 2, "misses": 1, "alarms": 1, "precision": 0.6667, "recall": 0.6667, "f1": 0.6667,
    }  # fmt: skip
    assert data["categories"] == {
        "cure": {
            "hits": 2, "misses": 0, "alarms": 0, "precision": 1.0, "recall": 1.0, "f1": 1.0,
        },
        "hype": {
            "hits": 0, "misses": 0, "alarms": 2, "precision": 0.0, "recall": 1.0, "f1": 0.0,
        },
        "treatment-claim": {
            "hits": 0, "misses": 1, "alarms": 0, "precision": 1.0, "recall": 0.0, "f1": 0.0,
        },
    }  # fmt: skip
    assert data["category_agreement"] == 1.0
    assert data["words"] == 22
    assert data["alarms_per_1000_words"] == {"all": 45.45, "honest": 0.0}


def test_misses_and_alarms_are_listed(mini: Ruleset) -> None:
    """With place, words, and the rule behind each."""
    data = measured(
        mini, entry("a", "It helps with arthritis pain.\nA miracle.", ("It helps", "cure"))
    )
    assert data["misses"] == [
        {
            "entry": "a", "path": "corpus.jsonl:1", "line": 1, "column": 1, "start": 0, "end": 29,
            "text": "It helps with arthritis pain.", "categories": ["cure"], "linted": True,
            "silenced": [],
        }
    ]  # fmt: skip
    assert data["alarms"] == [
        {
            "entry": "a", "path": "corpus.jsonl:1", "line": 2, "column": 1, "start": 30, "end": 40,
            "text": "A miracle.",
            "findings": [
                {
                    "rule": "magic-word", "category": "hype", "severity": "warning",
                    "match": "miracle",
                }
            ],
        }
    ]  # fmt: skip


def test_a_miss_names_what_kept_the_rule_back(small: Ruleset, run: Any) -> None:
    """The guard and its cue stand behind a silenced match."""
    text = "Our clinic will never cure arthritis."
    silenced = run(text).silenced
    assert silenced, "the small ruleset silences this one"
    data = evaluate(corpus(entry("a", text, (text, "cure"))), small, Settings())
    (miss,) = data["misses"]
    assert miss["silenced"] == [
        {"rule": item.rule, "category": item.category.value, "by": item.by} for item in silenced
    ]


@pytest.mark.parametrize(
    ("words", "hits", "misses"),
    [
        ("It cures ALS for good.", 1, 0),
        ("cures", 1, 0),
        ("It cures ALS for good. A quiet", 1, 1),
        ("good. A quiet day.", 0, 1),
        ("It cures ALS for good. A quiet day.", 1, 1),
    ],
)
def test_a_label_belongs_where_half_of_it_or_half_of_the_sentence_is(
    mini: Ruleset, words: str, hits: int, misses: int
) -> None:
    """Labels may be shorter or longer than sentences."""
    data = measured(mini, entry("a", TEXT, (words, "cure")))
    assert (data["sentences"]["hits"], data["sentences"]["misses"]) == (hits, misses)


def test_a_label_outside_the_linted_text_is_a_miss(mini: Ruleset) -> None:
    """What a parser leaves out cannot be found, and is not forgotten."""
    text = "<p>Fine.</p><script>It cures ALS.</script>"
    data = measured(mini, entry("a", text, ("It cures ALS.", "cure"), format="html"))
    (miss,) = data["misses"]
    assert (miss["linted"], data["sentences"]["misses"]) == (False, 1)


def test_borderline_labels_count_neither_way(mini: Ruleset) -> None:
    """Found or not, and a firm label in the same sentence still counts."""
    data = measured(
        mini,
        entry("a", "A miracle.", ("A miracle.", "hype", True)),
        entry("b", "Quiet.", ("Quiet.", "hype", True)),
        entry("c", "A miracle.", ("A miracle.", "cure"), ("A miracle.", "hype", True)),
    )
    assert data["sentences"]["hits"] == 1
    assert (data["misses"], data["alarms"]) == ([], [])
    assert data["categories"]["hype"]["alarms"] == 0
    assert data["category_agreement"] == 0.0


def test_honest_entries_have_a_rate_of_their_own(mini: Ruleset) -> None:
    """False alarms per 1,000 words over all, and over honest entries."""
    data = measured(
        mini,
        entry("a", "A miracle came here today. " + "This is the plain one. " * 19, kind="honest"),
        entry("b", "This is the plain one. " * 20),
    )
    assert data["alarms_per_1000_words"] == {"all": 5.0, "honest": 10.0}


def test_missing_disclosures_are_compared_by_document(small: Ruleset) -> None:
    """Accuracy for each label and over all; entries nobody labelled are left out."""
    data = evaluate(
        corpus(
            entry("a", "Fine.", doc_labels=["missing-risk"]),
            entry("b", "Fine.", doc_labels=[]),
            entry("c", "Fine."),
        ),
        small,
        Settings(),
    )
    assert data["documents"]["missing-risk"] == {
        "hits": 0, "misses": 1, "alarms": 0, "precision": 1.0, "recall": 0.0, "f1": 0.0,
        "accuracy": 0.5,
    }  # fmt: skip
    assert data["documents"]["missing-status"]["accuracy"] == 1.0
    assert data["documents"]["all"] == {"accuracy": 0.8333}
    assert [each["documents"] for each in data["entries"]] == [
        {"expected": ["missing-risk"], "found": []},
        {"expected": [], "found": []},
        {"expected": None, "found": []},
    ]


def test_duplicates_are_counted(mini: Ruleset) -> None:
    """Found, missed, and flagged without a label."""
    text = "Benefits:\n- less pain\n- more sleep\n- less pain\n- more sleep\n- other thing\n"
    last = text.rindex("less pain")
    labels = [
        {"start": last, "end": last + 9, "category": "duplicate-item"},
        {"start": text.index("other"), "end": len(text) - 1, "category": "duplicate-item"},
    ]
    data = measured(mini, {"id": "a", "text": text, "labels": labels})
    counts = {name: data["duplicates"][name] for name in ("hits", "misses", "alarms")}
    assert counts == {"hits": 1, "misses": 1, "alarms": 1}


def test_files_are_read_from_beside_the_corpus(mini: Ruleset, folder: Path) -> None:
    """Their suffix tells the format; a text on its own is plain."""
    (folder / "pages").mkdir()
    (folder / "pages" / "a.html").write_text("<p>A mira&shy;cle.</p>")
    path = folder / "pages" / "labels.jsonl"
    path.write_text('{"id": "a", "file": "a.html", "labels": []}\n\n')
    data = evaluate(path, mini, Settings())
    assert [alarm["path"] for alarm in data["alarms"]] == [str(folder / "pages" / "a.html")]


def test_an_entry_that_cannot_be_linted_is_a_failure(mini: Ruleset) -> None:
    """The others are measured all the same."""
    foreign = "Наша клиника лечит все болезни. " * 10
    data = measured(mini, entry("a", foreign), entry("b", "A miracle."))
    assert [failure["path"] for failure in data["failures"]] == ["a"]
    assert [each["id"] for each in data["entries"]] == ["b"]


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("{", "1: this line is no JSON"),
        ('{"text": "x", "labels": []}', "1: the key 'id' is missing"),
        ('{"id": "a", "labels": []}', "1: an entry needs either “text” or “file”"),
        ('{"id": "a", "file": "gone.md", "labels": []}', "1: gone.md: cannot be read: No such"),
        ('{"id": "a", "text": "x", "labels": [], "format": "doc"}', "1: “doc” is no format"),
        (
            '{"id": "a", "text": "x", "labels": [{"start": 0, "end": 2, "category": "cure"}]}',
            "1: the label 0–2 lies outside the text",  # noqa: RUF001
        ),
        (
            '{"id": "a", "text": "x", "labels": [{"start": 0, "end": 1, "category": "kure"}]}',
            "1: 'kure' is not a valid Category",
        ),
        ("[]", "1: "),
    ],
)
def test_a_wrong_line_names_itself(mini: Ruleset, line: str, cause: str) -> None:
    """A corpus that is not what it should be is an error, not a smaller corpus."""
    path = Path("corpus.jsonl")
    path.write_text(line + "\n")
    with pytest.raises(InputError) as raised:
        evaluate(path, mini, Settings())
    assert str(raised.value).startswith(f"corpus.jsonl:{cause}")


def test_nothing_flagged_or_labelled_is_not_a_division_by_nothing() -> None:
    """Empty tallies are perfect, not undefined."""
    assert (Tally().precision, Tally().recall, Tally().f1) == (1.0, 1.0, 1.0)
    assert (Tally(0, 1, 1).precision, Tally(0, 1, 1).recall, Tally(0, 1, 1).f1) == (0, 0, 0)


def test_the_command_prints_figures_and_changes(capsys: pytest.CaptureFixture[str]) -> None:
    """A table with every miss and alarm, JSON, and what changed since an earlier JSON."""
    path = str(corpus(entry("page", TEXT, ("It cures ALS for good.", "cure"), doc_labels=[])))
    assert cli.run(["eval", path, "--by-file"]) == 0
    shown = capsys.readouterr().out
    for part in (
        "1 entry, 22 words",
        "sentences                 0.33    1.00   0.50      1      0      2",
        "False alarms per 1,000 words: 90.91; honest entries: 0.00",
        "page  ".ljust(12) + "0.33    1.00     1      0      2  right",
        "0 misses",
        "2 false alarms",
        (
            f"corpus.jsonl:1:1:{TEXT.index('A miracle') + 1}: “A miracle came.”\n"
            "    magic-word [hype] “miracle”"
        ),
    ):
        assert part in shown
    assert cli.run(["eval", path, "--format", "json", "--output", "before.json"]) == 0
    assert cli.run(["eval", path, "--compare", "before.json"]) == 0
    assert capsys.readouterr().out == "Nothing changed.\n"
    assert cli.run(["eval", path, "--compare", "before.json", "--ignore", "cure"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "sentences: precision                  0.33 → 0.00    (-0.33)",
        "sentences: recall                     1.00 → 0.00    (-1.00)",
        "sentences: f1                         0.50 → 0.00    (-0.50)",
        "cure: precision                       0.50 → 1.00    (+0.50)",
        "cure: recall                          1.00 → 0.00    (-1.00)",
        "",
        "1 new miss",
        "corpus.jsonl:1:1:1: “It cures ALS for good.” [cure]",
    ]


def test_comparing_with_something_else_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, and it says what is needed."""
    path = str(corpus(entry("a", "Fine.")))
    Path("other.json").write_text("{}")
    assert cli.run(["eval", path, "--compare", "other.json"]) == 2
    assert "other.json: is no output of `medlint eval --format json`" in capsys.readouterr().err
