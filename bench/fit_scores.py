r"""Fits the points of `score` rules to labelled corpora, and prints or writes them as YAML.

    pip install scikit-learn
    python bench/fit_scores.py PAGES.jsonl ... --brief SHORT.jsonl ... \
        --write rulesets/core/added-up.yaml
    python bench/fit_scores.py PAGES.jsonl ... --hold OTHER.jsonl ...

A sentence is described by its words, up to three side by side, its concepts, the kind of its block,
where on the page it stands, and what other rules find in it. A logistic regression weighs these
against the labels: once with all of them, and once more with those that told most. What stands in
claims and in other sentences about as often weighs little from the start, as in "Baselines and
Bigrams" (Wang and Manning, ACL 2012, section 2.2). Twenty points are one unit of log odds. Words
that belong to one field of practice are left out: a page is no claim for being about knees. A rule
that speaks instead of another is fitted to claims only, with no word on where they stand: it tells
what kind of claim one is.

`--hold` names corpora that are only measured, beside what stands without the scores. `--folds`
measures the corpora themselves, each by what is fitted to the others.

Corpora are those of `medlint eval`. Use pages of many fields and honest texts as well, some
thousand sentences of each: what is fitted to few pages holds for these only. A corpus that rules
were mended after flatters them, and the points for what rules find with them.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from medlint.checks import Score
from medlint.checks.score import Around
from medlint.checks.terms import BRACE, terms_in
from medlint.config import Choices, Settings
from medlint.corpus import read_corpus
from medlint.document import BlockKind
from medlint.engine import Run, lint
from medlint.evaluate import belongs
from medlint.findings import Category
from medlint.loader import load, shipped
from medlint.parsing import parse
from medlint.records import dataclass
from medlint.scoring import claims_in, most_telling, standing
from medlint.tagging import tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medlint.checks.view import SentenceView
    from medlint.corpus import Entry
    from medlint.rules import Rule, Ruleset

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
# Features of fewer sentences say nothing; so many may keep points.
RARE, MOST, MOST_KINDS, MOST_BRIEF = 4, 36000, 1500, 30000
PENALTY, PENALTY_OF_KINDS, PENALTY_IN_BRIEF = 0.2, 0.3, 0.5
# A blank of a wording.
BLANK = re.compile(r"\[([^\]]*)\]")
# What is no more likely in claims still weighs so much, in log odds.
LEAST_TELLING = 0.1
# Minimal pairs and wordings count so many times: they hold what must not be mixed up.
PAIRS, WORDINGS, WORDINGS_IN_BRIEF = 10, 1, 3
# So many wordings of a rule are read as they fit its examples.
OFFERED = 12
# Of a page's sentences every so many-th is read by itself, of marked ones and honest pages more.
CLAIM_STEP, STEP, SHORTEST, LONGEST = 4, 12, 2, 40
# A finding may stand where a claim is less likely than not by so many points. From -26 to -14 F1 is
# the same on pages that are like those of the fit; on others more is missed than is wrong. A little
# further below, weak rules are doubted; of kinds of claims, the likeliest need not be likelier than
# not.
LEAN, DOUBT, KIND_LEAN = -22, -26, -20
# Short texts are claims more often in the fit than where they are read. Nine points below even
# odds, twelve pairs failed by a wrong finding for one that failed by a claim missed; so many points
# above, both come about as often.
BRIEF_LEAN, BRIEF_DOUBT = 20, 8
# Set by hand, for what must not be found: disclosures, harms, opening hours and the like, and what
# a wording says in place of claims.
AT_MOST = {
    "concept added-up-disclosed": -50,
    "concept harm": -40,
    "concept minor-harm": -30,
    "concept added-up-practical": -24,
    "word cannot be predicted": -60,
}
# Set by hand, too: honest pages speak of cures more often, mostly of missing ones. Rules tell
# which; a claim must not be doubted for the word.
AT_LEAST = {"word cure": -10, "word cures": -10, "word cured": -10}
# Honest pages and others part best where the most telling sentences come to so many points.
SELLS = 26
WIDTH = 118
UNIT = 20  # points for one unit of log odds
SHORT = 4
_NEARLY_ALL = 0.98
# What YAML reads as something else than a word.
YAML_WORDS = frozenset(["no", "yes", "on", "off", "true", "false", "null", "y", "n"])
# What says where a sentence stands; of what it says, nothing.
_FOUND = frozenset(["found", "further"])
_STANDING = (*_FOUND, "block", "part")


@dataclass(frozen=True, slots=True)
class Fitting:
    """How points are fitted.

    A larger `penalty` gives more points; `power` is how much it counts that a feature's share in
    claims differs from that in others, 1 in full (in few texts, what stands in both must keep some
    say); `most` is how many features keep points.
    """

    penalty: float = PENALTY
    power: float = 1.0
    most: int = MOST


KINDS = Fitting(PENALTY_OF_KINDS, most=MOST_KINDS)
IN_BRIEF = Fitting(PENALTY_IN_BRIEF, power=0.4, most=MOST_BRIEF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One sentence: what describes it, and what reviewer and rules say of it.

    `features` are names with values; `categories` the reviewer's firm marks, `rules` how many
    rules other than scores find something, `strong` whether a strong one does, and `words` how many
    words it has.
    """

    corpus: str
    page: str
    text: str
    features: dict[str, float]
    categories: frozenset[Category]
    rules: int
    strong: bool
    words: int

    @property
    def is_claim(self) -> bool:
        """Tell whether the reviewer marked it."""
        return bool(self.categories)


def main() -> None:
    """Fit, print or write the points, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--brief", nargs="*", type=Path, default=[], help="corpora of short texts")
    parser.add_argument("--hold", nargs="*", type=Path, default=[])
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--penalty", type=float, default=PENALTY, help="larger gives more points")
    parser.add_argument("--most", type=int, default=MOST, help="how many features keep points")
    parser.add_argument("--write", type=Path, help="a rules file whose score rules get the points")
    options = parser.parse_args()
    ruleset = load(("core", "us"))
    fitting = Fitting(options.penalty, most=options.most)
    rows = [row for path in options.corpora for row in read_rows(path, ruleset)]
    held = [row for path in options.hold for row in read_rows(path, ruleset)]
    if options.folds:
        folds = _folded(rows, options.folds)
        pairs = [
            (row, model.total(row))
            for left, out in folds
            for model in (fit(left, ruleset, fitting),)
            for row in out
        ]
        show(pairs)
        return
    rows += wordings(ruleset) * WORDINGS
    model = fit(rows, ruleset, fitting)
    if options.write:
        brief = [
            row
            for path in options.brief
            for row in list(read_brief(path, ruleset)) * (PAIRS if path.suffix == ".yaml" else 1)
        ]
        brief += [row for path in options.corpora for row in sampled(path, ruleset)]
        brief += wordings(ruleset) * WORDINGS_IN_BRIEF
        write(options.write, model, (rows, brief), ruleset)
    elif not held:
        sys.stdout.write(as_yaml(model))
    if held:
        show([(row, model.total(row)) for row in held])


def read_rows(path: Path, ruleset: Ruleset) -> Iterator[Row]:
    """Describe the sentences of a corpus; borderline ones are left out."""
    for entry in read_corpus(path):
        yield from _rows(entry, path.stem, ruleset)


def _rows(entry: Entry, corpus: str, ruleset: Ruleset) -> Iterator[Row]:
    document = parse(entry.text, path=entry.path, format=entry.format)
    run = Run(document, ruleset, Settings())
    # Every page is read as if it sold: whether it does is told by what it comes to.
    claims = claims_in(run.sentence_stage(), run.sentences)
    for view, around in standing(document, run.sentences, claims):
        block = document.blocks[view.block]
        span = block.source_span(view.sentence.start, view.sentence.end)
        labels = [label for label in entry.labels if belongs(label.span, span)]
        firm = frozenset(label.category for label in labels if not label.borderline)
        if labels and not firm:
            continue
        yield Row(
            corpus=corpus,
            page=entry.id,
            text=document.source[span.start : span.end],
            features={**_stands(around), **_said(view, ruleset)},
            categories=firm,
            rules=around.rules,
            strong=(view.block, view.ordinal) in claims.strong,
            words=view.tagged.words,
        )


def read_brief(path: Path, ruleset: Ruleset) -> Iterator[Row]:
    """Describe short texts, each as a whole: it is a claim where anything in it is marked.

    A YAML file holds minimal pairs.
    """
    if path.suffix == ".yaml":
        for pair in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield _brief(pair["silent"], frozenset(), path.stem, ruleset)
            yield _brief(
                pair["flagged"], frozenset((Category.TREATMENT_CLAIM,)), path.stem, ruleset
            )
        return
    for entry in read_corpus(path):
        categories = frozenset(label.category for label in entry.labels if not label.borderline)
        yield _brief(entry.text, categories, path.stem, ruleset)


def wordings(ruleset: Ruleset) -> list[Row]:
    """Describe the wordings that rules offer instead of claims: none of them is one.

    Each as it stands, and fitted into some examples of its rule.
    """
    texts = {
        BLANK.sub(_filled, wording.text) for rule in ruleset.rules for wording in rule.rewrites
    }
    every = load(shipped())
    texts |= {text for rule in every.rules for text in offered(rule, every)}
    return [_brief(text, frozenset(), "wordings", ruleset) for text in sorted(texts)]


def offered(rule: Rule, ruleset: Ruleset) -> set[str]:
    """Return some wordings of a rule as its examples get them, their blanks filled."""
    settings = Choices(product=rule.products[0] if rule.products else None).settings(None)
    found = (
        finding
        for example in rule.flags
        for finding in lint(parse(example.text, path="x.md"), ruleset, settings).findings
    )
    texts = (
        BLANK.sub(_sampled, rewrite.text)
        for finding in found
        if finding.rule == rule.id
        for rewrite in finding.rewrites
        if rewrite.edits
    )
    return set(islice(dict.fromkeys(texts), OFFERED))


@cache
def _samples() -> dict[str, str]:
    """Return what the tests fill blanks with, by name."""
    path = Path(__file__).parents[1] / "tests" / "fixtures" / "blanks.yaml"
    return {str(name): str(each) for name, each in yaml.safe_load(path.read_text("utf-8")).items()}


def _sampled(blank: re.Match[str]) -> str:
    return _samples().get(blank[1].lower()) or _filled(blank)


def _filled(blank: re.Match[str]) -> str:
    """Return the first of what a blank offers, or else a word for what is sold."""
    first, *others = blank[1].split(" / ")
    if others:
        return first
    return "joint complaints" if "condition" in first or "list" in first else "the treatment"


def sampled(path: Path, ruleset: Ruleset) -> Iterator[Row]:
    """Take some sentences of pages, to be read by themselves as quotations are."""
    rows = [row for row in read_rows(path, ruleset) if SHORTEST <= row.words <= LONGEST]
    steps = {True: CLAIM_STEP, False: STEP if any(row.is_claim for row in rows) else CLAIM_STEP}
    for is_claim, step in steps.items():
        for row in [each for each in rows if each.is_claim is is_claim][::step]:
            text = row.text.lstrip("#>*- \t\n")
            yield _brief(text, row.categories, path.stem, ruleset)


def _brief(text: str, categories: frozenset[Category], corpus: str, ruleset: Ruleset) -> Row:
    document = parse(text, path="brief.md", format="markdown")
    run = Run(document, ruleset, Settings())
    kept = run.sentence_stage()
    claims = claims_in(run.by_register(kept, run.register(kept)), run.sentences)
    told: dict[str, float] = {}
    for view in run.sentences:
        told |= _said(view, ruleset)
    rules = claims.rules
    return Row(
        corpus=corpus,
        page=text,
        text=text,
        features=told | _stands(Around(rules=rules)),
        categories=categories,
        rules=rules,
        strong=bool(claims.strong),
        words=sum(view.tagged.words for view in run.sentences),
    )


def _stands(around: Around) -> dict[str, float]:
    told: dict[str, float] = {}
    if around.kind not in PROSE:
        told[f"block {around.kind.value}"] = 1.0
    if around.part:
        told[f"part {around.part.value}"] = 1.0
    if around.rules:
        told |= {"found": 1.0, "further": float(min(around.rules - 1, 3))}
    return told


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
    terms = terms_in(tagged, _fields(ruleset))
    told = {
        **{f"concept {name}": 1.0 for name in concepts if not name.startswith(LEFT_OUT)},
        **{f"word {term}": 1.0 for term in terms if all(map(is_word, term.split(" ")))},
    }
    if len(words) <= SHORT:
        told["short"] = 1.0
    return told


_NAMED: dict[int, dict[int, str]] = {}


def _fields(ruleset: Ruleset) -> dict[int, str]:
    """Return the concepts of fields of practice as terms name them, by symbol."""
    known = _NAMED.get(id(ruleset))
    if known is None:
        names = ruleset.lexicon.names.items()
        known = {symbol: f"{{{name}}}" for symbol, name in names if name in FIELDS}
        _NAMED[id(ruleset)] = known
    return known


def is_word(word: str) -> bool:
    """Tell whether points may be given for a word of a term: signs within words get none."""
    if word[0] == BRACE or word == "_":
        return True
    return word.replace("'", "").replace("-", "").isalpha() or word in {"?", "!", ":", "^", "$"}


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


def fit(
    rows: Sequence[Row],
    ruleset: Ruleset,
    fitting: Fitting,
    *,
    category: str | None = None,
) -> Model:
    """Fit points to rows: to any claim, or to claims of one category among all claims."""
    if category:
        rows = [row for row in rows if row.is_claim]
    seen = Counter(name for row in rows for name in row.features)
    usable = {
        name
        for name, count in seen.items()
        if count >= RARE
        and (not category or not name.startswith(_STANDING))
        and not is_of_a_field(name, ruleset)
    }
    usable -= _of_fields(rows, seen)
    # What stands beside every word says more than a rare word does.
    weigh = {name: (count * (len(rows) - count)) ** 0.5 for name, count in seen.items()}
    weights, start = _regression(rows, usable, category, fitting)
    ranked = sorted(usable, key=lambda name: (-abs(weights[name]) * weigh[name], name))
    told = {*ranked[: fitting.most], *(usable & _FOUND)}
    weights, start = _regression(rows, told, category, fitting)
    points = {name: round(UNIT * weight) for name, weight in weights.items()}
    if not category:
        points |= {name: min(points.get(name, 0), each) for name, each in AT_MOST.items()}
        points |= {name: max(points.get(name, 0), each) for name, each in AT_LEAST.items()}
    return Model({name: each for name, each in points.items() if each}, UNIT * start)


def _regression(
    rows: Sequence[Row], usable: set[str], category: str | None, fitting: Fitting
) -> tuple[dict[str, float], float]:
    linear: Any = import_module("sklearn.linear_model")
    extraction: Any = import_module("sklearn.feature_extraction")
    sparse: Any = import_module("scipy.sparse")
    vectorizer = extraction.DictVectorizer()
    table = vectorizer.fit_transform(
        [{name: row.features[name] for name in row.features.keys() & usable} for row in rows]
    ).tocsr()
    marked = [category in row.categories if category else row.is_claim for row in rows]
    scales = telling(table, marked) ** fitting.power
    regression = linear.LogisticRegression(C=fitting.penalty, max_iter=3000)
    regression.fit(table @ sparse.diags(scales), marked)
    weights = dict.fromkeys(usable, 0.0)
    names = map(str, vectorizer.get_feature_names_out())
    weights |= dict(zip(names, map(float, scales * regression.coef_[0]), strict=True))
    return weights, float(regression.intercept_[0])


def telling(table: Any, marked: Sequence[bool]) -> Any:
    """Return how far each feature's share in marked rows is from that in others, in log odds."""
    numpy: Any = import_module("numpy")
    chosen = numpy.array(marked)
    shares = []
    for rows in (chosen, ~chosen):
        counts = numpy.asarray(table[rows].sum(axis=0)).ravel() + 1
        shares.append(counts / counts.sum())
    return numpy.maximum(numpy.abs(numpy.log(shares[0] / shares[1])), LEAST_TELLING)


def _of_fields(rows: Sequence[Row], seen: Counter[str]) -> set[str]:
    """Return the concepts that hardly come but as part of a field's: "knee" beside "body-part"."""
    beside = Counter(
        (name, field)
        for row in rows
        for field in FIELDS
        if f"concept {field}" in row.features
        for name in row.features
        if name.startswith("concept ") and name.removeprefix("concept ") not in FIELDS
    )
    return {name for (name, _), count in beside.items() if count > _NEARLY_ALL * seen[name]}


def is_of_a_field(feature: str, ruleset: Ruleset) -> bool:
    """Tell whether a word, or one of several, belongs to one field of practice."""
    kind, _, rest = feature.partition(" ")
    if kind != "word":
        return False
    return any(_names_field(word, ruleset) for word in rest.split(" ") if word[0] != BRACE)


_KNOWN: dict[str, bool] = {}


def _names_field(word: str, ruleset: Ruleset) -> bool:
    if word not in _KNOWN:
        names = ruleset.lexicon.names
        tagged = tag(ruleset.tagger, word)
        _KNOWN[word] = any(names.get(symbol) in FIELDS for symbol in tagged.tags)
    return _KNOWN[word]


def write(
    path: Path, model: Model, rows: tuple[Sequence[Row], Sequence[Row]], ruleset: Ruleset
) -> None:
    """Write points into the score rules of a rules file.

    Args:
        path: the rules file.
        model: what was fitted to any claim of pages.
        rows: sentences of pages, and short texts.
        ruleset: the rules as they are.
    """
    on_pages, in_brief = rows
    text = path.read_text(encoding="utf-8")
    for rule in ruleset.rules:
        check = rule.check
        if not isinstance(check, Score) or f"- id: {rule.id}\n" not in text:
            continue
        own = model
        if check.instead_of:
            category = rule.category.value
            own = fit(on_pages, ruleset, KINDS, category=category)
        elif check.brief:
            own = fit(in_brief, ruleset, IN_BRIEF)
        before, _, after = text.partition(f"- id: {rule.id}\n")
        head, _, rest = after.partition("    type: score\n")
        kept = "    brief: true\n" if check.brief else ""
        kept += f"    words: {check.words}\n"
        kept += "" if check.guarded else "    guarded: false\n"
        if check.instead_of:
            kept = f"    instead-of: [{', '.join(check.instead_of)}]\n"
        elif check.doubt is not None:
            doubt = BRIEF_DOUBT if check.brief else DOUBT
            kept += f"    doubt: {round(doubt - own.start)}\n"
            kept += "" if check.brief else f"    sells: {round(SELLS - own.start)}\n"
        # The check ends where a key of the rule itself begins.
        lines = rest.splitlines(keepends=True)
        end = next(number for number, line in enumerate(lines) if not line.startswith("    "))
        lean = KIND_LEAN if check.instead_of else BRIEF_LEAN if check.brief else LEAN
        points = f"    type: score\n{kept}{as_yaml(own, lean)}"
        text = f"{before}- id: {rule.id}\n{head}{points}{''.join(lines[end:])}"
    yaml.safe_load(text)
    path.write_text(text, encoding="utf-8")


def as_yaml(model: Model, lean: int = 0) -> str:
    """Return the points as the keys of a check.

    `least` is where a claim is as likely as not, moved by `lean` points.
    """
    groups: dict[str, dict[str, int]] = {"concept": {}, "word": {}, "block": {}, "part": {}}
    lines = [f"    least: {round(lean - model.start)}"]
    for name, each in sorted(model.points.items(), key=lambda item: (-item[1], item[0])):
        kind, _, rest = name.partition(" ")
        if kind in groups:
            groups[kind][rest] = each
        else:
            lines.append(f"    {name}: {each}")
    keys = (("block", "blocks"), ("part", "parts"), ("concept", "points"), ("word", "terms"))
    for kind, key in keys:
        told = [f"{quoted(rest)}: {each}" for rest, each in groups[kind].items()]
        if told or key == "points":
            lines += [f"    {key}: {{", *wrapped(told), "    }"] if told else [f"    {key}: {{}}"]
    return "\n".join(lines) + "\n"


def wrapped(items: Sequence[str], indent: int = 6) -> Iterator[str]:
    """Yield the lines of what stands in braces; an item stays whole."""
    line = " " * indent
    for number, item in enumerate(items):
        said = item + (", " if number + 1 < len(items) else "")
        if len(line) + len(said) > WIDTH:
            yield line.rstrip()
            line = " " * indent
        line += said
    yield line


def quoted(word: str) -> str:
    """Quote what YAML would read as something else than a word."""
    plain = word.replace("-", "").replace(" ", "").isalpha() and word.isascii()
    return word if plain and word not in YAML_WORDS else f'"{word}"'


def _folded(rows: Sequence[Row], count: int) -> Iterator[tuple[list[Row], list[Row]]]:
    """Yield the rows without those of some corpora, and those."""
    names = sorted({row.corpus for row in rows})
    for number in range(count):
        out = set(names[number::count])
        yield (
            [row for row in rows if row.corpus not in out],
            [row for row in rows if row.corpus in out],
        )


def show(pairs: Sequence[tuple[Row, float]]) -> None:
    """Print what scores make of what other rules find, by corpus and by threshold."""
    for corpus in sorted({row.corpus for row, _ in pairs}):
        _show(corpus, [pair for pair in pairs if pair[0].corpus == corpus], shifts=(LEAN,))
    _show("all", pairs, shifts=range(-30, 11, 4))


def _show(name: str, pairs: Sequence[tuple[Row, float]], shifts: Sequence[int]) -> None:
    totals: dict[tuple[str, str], list[float]] = {}
    for row, total in pairs:
        totals.setdefault((row.corpus, row.page), []).append(total)
    selling = {page for page, each in totals.items() if most_telling(each) >= SELLS}
    sys.stdout.write(f"# {name}: {len(selling)} of {len(totals)} pages sell\n")
    for shift in shifts:
        told = (
            (row, row.strong or ((row.corpus, row.page) in selling and total >= shift))
            for row, total in pairs
        )
        sys.stdout.write(f"#   least {shift:+3d}: {_told(told)}\n")


def _told(found: Any) -> str:
    right = wrong = missed = words = 0
    for row, is_found in found:
        words += row.words
        right += is_found and row.is_claim
        wrong += is_found and not row.is_claim
        missed += row.is_claim and not is_found
    if not right + missed:
        return f"{wrong} wrong, {1000 * wrong / max(words, 1):.2f} in 1,000 words"
    precision, recall = right / max(right + wrong, 1), right / (right + missed)
    f1 = 2 * right / (2 * right + wrong + missed)
    return f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


if __name__ == "__main__":
    main()
