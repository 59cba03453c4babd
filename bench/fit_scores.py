"""Fits the points of a `score` rule to labelled corpora, and prints them as YAML.

    pip install scikit-learn
    python bench/fit_scores.py CORPUS.jsonl ... [--category safety] [--hold OTHER.jsonl ...]

A sentence is described by its words, its concepts, the kind of its block and the claims around it
that other rules find; a logistic regression with an L1 penalty weighs these against the labels, so
that most of them get no points at all. Ten points are one unit of log odds. What belongs to one
field of practice is left out: a page is no claim for being about knees. `--hold` names corpora
that are only measured: what the score finds, beside what stands without it, by threshold.

Corpora are those of `medlint eval`; one that is named twice counts twice. Use pages of many fields
and honest texts as well, some thousand sentences of each: what is fitted to few pages holds for
these only.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medlint.config import Settings
from medlint.corpus import read_corpus
from medlint.document import BlockKind
from medlint.engine import Run
from medlint.evaluate import belongs
from medlint.findings import Category
from medlint.loader import load
from medlint.parsing import parse
from medlint.records import dataclass
from medlint.tagging import tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medlint.checks.view import SentenceView
    from medlint.corpus import Entry
    from medlint.rules import Ruleset

# What the concepts and words of one field of practice belong to.
FIELDS = (
    "therapy",
    "disease",
    "symptom",
    "body-part",
    "tissue",
    "function",
    "supplement",
    "provider",
    "standard-care",
)
# Concepts that serve guards and the page's register, not the meaning of a sentence.
LEFT_OUT = (
    "carried",
    "number",
    "look-alike",
    "guard-",
    "us-",
    "register-",
    "disclosure-",
    "inducement-",
)
# What is a paragraph in one format may be a quotation in another; both start alike.
PROSE = frozenset((BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.CAPTION))
RARE_CONCEPT, RARE_WORD = 30, 15
UNIT = 10  # points for one unit of log odds
_AROUND = 2
_CAP = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence: what describes it, and what reviewer and rules say of it.

    `features` are names with values; `is_claim` is the reviewer's mark, `is_found` whether a rule
    other than a score finds it, `sells` whether its section does.
    """

    corpus: str
    text: str
    features: dict[str, float]
    categories: frozenset[Category]
    is_found: bool
    sells: bool


def main() -> None:
    """Fit, print the points, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--hold", nargs="*", type=Path, default=[])
    parser.add_argument("--category", choices=[each.value for each in Category])
    parser.add_argument("--penalty", type=float, default=0.15, help="larger keeps more points")
    options = parser.parse_args()
    ruleset = load(("core", "us"))
    rows = [row for path in options.corpora for row in read_rows(path, ruleset)]
    held = [row for path in options.hold for row in read_rows(path, ruleset)]
    model = fit(rows, options.category, options.penalty, ruleset)
    sys.stdout.write(as_yaml(model))
    for corpus in sorted({row.corpus for row in held}):
        show([row for row in held if row.corpus == corpus], model, options.category)


def read_rows(path: Path, ruleset: Ruleset) -> Iterator[Row]:
    """Describe the sentences of a corpus; borderline ones are left out."""
    for entry in read_corpus(path):
        yield from _rows(entry, path.stem, ruleset)


def _rows(entry: Entry, corpus: str, ruleset: Ruleset) -> Iterator[Row]:
    document = parse(entry.text, path=entry.path, format=entry.format)
    run = Run(document, ruleset, Settings())
    kept = run.sentence_stage()
    register = run.register(kept)
    hits = (item.candidate.hit for item in run.by_register(kept, register))
    found = {(hit.sentence.block, hit.sentence.ordinal) for hit in hits if hit is not None}
    claims = [(view.block, view.ordinal) in found for view in run.sentences]
    share = sum(claims) / max(len(claims), 1)
    for place, view in enumerate(run.sentences):
        block = document.blocks[view.block]
        span = block.source_span(view.sentence.start, view.sentence.end)
        labels = [label for label in entry.labels if belongs(label.span, span)]
        firm = frozenset(label.category for label in labels if not label.borderline)
        if labels and not firm:
            continue
        around = sum(claims[max(place - _AROUND, 0) : place + _AROUND + 1]) - claims[place]
        features = {
            "neighbours": float(around),
            "page": 10 * min(share, _CAP),
            "sells": float(register.promotes(block.section)),
            **({} if block.kind in PROSE else {f"block {block.kind.value}": 1.0}),
            **_said(view, ruleset),
        }
        yield Row(
            corpus=corpus,
            text=document.source[span.start : span.end],
            features=features,
            categories=firm,
            is_found=claims[place],
            sells=register.promotes(block.section),
        )


def _said(view: SentenceView, ruleset: Ruleset) -> dict[str, float]:
    tagged = view.tagged
    names = ruleset.lexicon.names
    concepts = (
        names[symbol]
        for symbol, parts in tagged.tags.items()
        # A form of a concept ("restore.verb") has no points of its own.
        if symbol in names and "." not in names[symbol]
        if any(start >= tagged.first for start in parts)
    )
    words = tagged.tokens.norms[tagged.first :]
    return {
        **{f"concept {name}": 1.0 for name in concepts if not name.startswith(LEFT_OUT)},
        **{f"word {word}": 1.0 for word in words if word.isalpha() or word in "?!"},
    }


@dataclass(frozen=True, slots=True)
class Model:
    """Points by feature, and what a sentence of a selling page starts from."""

    points: dict[str, int]
    start: float

    def total(self, row: Row) -> float:
        """Return the log odds, in points."""
        points = self.points
        return self.start + sum(
            points[name] * value for name, value in row.features.items() if name in points
        )


def fit(rows: Sequence[Row], category: str | None, penalty: float, ruleset: Ruleset) -> Model:
    """Fit points to rows; to any claim, or to claims of one category."""
    linear: Any = import_module("sklearn.linear_model")
    extraction: Any = import_module("sklearn.feature_extraction")
    usable = _usable(rows, ruleset)
    vectorizer = extraction.DictVectorizer()
    table = vectorizer.fit_transform(
        [{name: row.features[name] for name in row.features.keys() & usable} for row in rows]
    )
    table.indices, table.indptr = table.indices.astype("int32"), table.indptr.astype("int32")
    regression = linear.LogisticRegression(
        C=penalty, l1_ratio=1.0, solver="liblinear", max_iter=1000, random_state=0
    )
    regression.fit(table, [_is_claim(row, category) for row in rows])
    names = vectorizer.get_feature_names_out()
    points = {
        str(name): round(UNIT * weight)
        for name, weight in zip(names, regression.coef_[0], strict=True)
    }
    start = UNIT * float(regression.intercept_[0]) + points.pop("sells", 0)
    return Model({name: each for name, each in points.items() if each}, start)


def _is_claim(row: Row, category: str | None) -> bool:
    return category in row.categories if category else bool(row.categories)


def _usable(rows: Sequence[Row], ruleset: Ruleset) -> set[str]:
    """Return the features that are common enough and belong to no single field."""
    seen = Counter(name for row in rows for name in row.features)
    beside = Counter(
        (name, field)
        for row in rows
        for field in FIELDS
        if f"concept {field}" in row.features
        for name in row.features
    )
    usable = set()
    for name, count in seen.items():
        kind, _, rest = name.partition(" ")
        if kind == "concept" and rest not in FIELDS:
            if count < RARE_CONCEPT or any(beside[name, each] > 0.98 * count for each in FIELDS):
                continue
        elif kind == "word" and (count < RARE_WORD or _is_of_a_field(rest, ruleset)):
            continue
        usable.add(name)
    return usable


def _is_of_a_field(word: str, ruleset: Ruleset) -> bool:
    names = ruleset.lexicon.names
    tagged = tag(ruleset.tagger, word)
    return any(names.get(symbol) in FIELDS for symbol in tagged.tags)


def as_yaml(model: Model) -> str:
    """Return the points as the keys of a check; `least` is where a claim is as likely as not."""
    groups: dict[str, dict[str, int]] = {"concept": {}, "word": {}, "block": {}}
    lines = [f"    least: {round(-model.start)}"]
    for name, each in sorted(model.points.items(), key=lambda item: (-item[1], item[0])):
        kind, _, rest = name.partition(" ")
        if kind in groups:
            groups[kind][rest] = each
        else:
            lines.append(f"    {name}: {each}")
    for kind, key in (("block", "blocks"), ("concept", "points"), ("word", "terms")):
        lines += [f"    {key}:"] if groups[kind] else []
        lines += [f"      {_quoted(rest)}: {each}" for rest, each in groups[kind].items()]
    return "\n".join(lines) + "\n"


def _quoted(word: str) -> str:
    """Quote what YAML would read as something else than a word."""
    plain = word.replace("-", "").isalpha()
    return word if plain and word not in {"no", "yes", "on", "off"} else f'"{word}"'


def show(rows: Sequence[Row], model: Model, category: str | None) -> None:
    """Print what a score adds to what other rules find, by threshold."""
    wanted = sum(bool(row.categories) for row in rows)
    hits = sum(row.is_found and bool(row.categories) for row in rows)
    alarms = sum(row.is_found and not row.categories for row in rows)
    sys.stdout.write(f"# {rows[0].corpus}: {hits} right, {alarms} wrong, of {wanted} claims\n")
    left = [row for row in rows if row.sells and not row.is_found]
    for shift in range(10, -11, -2):
        found = [row for row in left if model.total(row) >= shift]
        right = sum(bool(row.categories) for row in found)
        named = sum(_is_claim(row, category) for row in found)
        wrong = len(found) - right
        precision = (hits + right) / max(hits + right + alarms + wrong, 1)
        sys.stdout.write(
            f"#   least {round(shift - model.start):3d}: +{right} right ({named} of the category), "
            f"+{wrong} wrong; P {precision:.2f} R {(hits + right) / max(wanted, 1):.2f}\n"
        )


if __name__ == "__main__":
    main()
