"""Shows what measuring the rules gave, and what changed since an earlier measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medlint.reporters import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Data = Mapping[str, Any]


def render(data: Data, *, by_file: bool = False) -> str:
    """Return the figures, then every miss and false alarm."""
    lines = [*_figures(data)]
    if by_file:
        lines += ["", *_by_file(data)]
    lines += ["", *_misses(data), "", *_alarms(data)]
    return "".join(f"{line}\n" for line in lines)


def _figures(data: Data) -> Iterator[str]:
    words = data["words"]
    yield f"{counted(len(data['entries']), 'entry', 'entries')}, {words:,} words"
    yield ""
    yield f"{'':<20} {'precision':>9} {'recall':>7} {'F1':>6}   hits misses alarms"
    yield _row("sentences", data["sentences"])
    for category, tally in data["categories"].items():
        yield _row(f"  {category}", tally)
    yield f"Category agreement of the sentences found: {data['category_agreement']:.2f}"
    rates = data["alarms_per_1000_words"]
    yield f"False alarms per 1,000 words: {rates['all']:.2f}; honest entries: {rates['honest']:.2f}"
    yield ""
    yield f"{'missing disclosures':<20} {'accuracy':>9}   hits misses alarms"
    for category, tally in data["documents"].items():
        if category != "all":
            counts = f"{tally['hits']:>6} {tally['misses']:>6} {tally['alarms']:>6}"
            yield f"  {category:<18} {tally['accuracy']:>9.2f} {counts}"
    yield f"  {'all':<18} {data['documents']['all']['accuracy']:>9.2f}"
    copies = data["duplicates"]
    yield (
        f"Duplicate items: {copies['hits']} found, {copies['misses']} missed, "
        f"{counted(copies['alarms'], 'false alarm')}"
    )


def _row(name: str, tally: Data) -> str:
    measures = f"{tally['precision']:>9.2f} {tally['recall']:>7.2f} {tally['f1']:>6.2f}"
    return f"{name:<20} {measures} {tally['hits']:>6} {tally['misses']:>6} {tally['alarms']:>6}"


def _by_file(data: Data) -> Iterator[str]:
    width = max(map(len, ("entry", *(entry["id"] for entry in data["entries"]))))
    yield f"{'entry':<{width}}  precision  recall  hits misses alarms  disclosures"
    for entry in data["entries"]:
        tally = entry["sentences"]
        documents = entry["documents"]
        expected, found = documents["expected"], documents["found"]
        verdict = "–" if expected is None else "right" if expected == found else _wrong(documents)  # noqa: RUF001
        yield (
            f"{entry['id']:<{width}} {tally['precision']:>10.2f} {tally['recall']:>7.2f} "
            f"{tally['hits']:>5} {tally['misses']:>6} {tally['alarms']:>6}  {verdict}"
        )


def _wrong(documents: Data) -> str:
    expected, found = set(documents["expected"]), set(documents["found"])
    return ", ".join(
        (*(f"-{x}" for x in sorted(expected - found)), *(f"+{x}" for x in sorted(found - expected)))
    )


def _misses(data: Data) -> Iterator[str]:
    yield f"{counted(len(data['misses']), 'miss', 'misses')}"
    for miss in data["misses"]:
        yield f"{_head(miss)} [{', '.join(miss['categories'])}]"
        if not miss["linted"]:
            yield "    outside every sentence that is linted"
        for item in miss["silenced"]:
            yield f"    {item['rule']} was kept back by {item['by']}"


def _alarms(data: Data) -> Iterator[str]:
    yield f"{counted(len(data['alarms']), 'false alarm')}"
    for alarm in data["alarms"]:
        yield _head(alarm)
        for finding in alarm["findings"]:
            yield f"    {finding['rule']} [{finding['category']}] “{finding['match']}”"


def _head(item: Data) -> str:
    return f"{item['path']}:{item['line']}:{item['column']}: “{item['text']}”"


def compare(data: Data, earlier: Data) -> str:
    """Return what changed since an earlier measurement."""
    lines = [*_changed_figures(data, earlier)]
    for kind, singular, plural in (
        ("misses", "miss", "misses"),
        ("alarms", "false alarm", "false alarms"),
    ):
        now = {_key(item): item for item in data[kind]}
        then = {_key(item): item for item in earlier[kind]}
        for title, items in (
            ("new", [item for key, item in now.items() if key not in then]),
            ("gone", [item for key, item in then.items() if key not in now]),
        ):
            if items:
                lines += ["", f"{len(items)} {title} {singular if len(items) == 1 else plural}"]
                lines += [f"{_head(item)} {_about(item)}" for item in items]
    return "".join(f"{line}\n" for line in lines or ["Nothing changed."])


def _changed_figures(data: Data, earlier: Data) -> Iterator[str]:
    for name, now, then in _pairs(data, earlier):
        if now != then:
            yield f"{name:<34} {then:>7.2f} → {now:<7.2f} ({now - then:+.2f})"


def _pairs(data: Data, earlier: Data) -> Iterator[tuple[str, float, float]]:
    for measure in ("precision", "recall", "f1"):
        yield f"sentences: {measure}", data["sentences"][measure], earlier["sentences"][measure]
    categories = dict.fromkeys((*earlier["categories"], *data["categories"]))
    for category in categories:
        for measure in ("precision", "recall"):
            now = data["categories"].get(category, {}).get(measure, 1.0)
            then = earlier["categories"].get(category, {}).get(measure, 1.0)
            yield f"{category}: {measure}", now, then
    yield "category agreement", data["category_agreement"], earlier["category_agreement"]
    for kind in ("all", "honest"):
        now, then = (each["alarms_per_1000_words"][kind] for each in (data, earlier))
        yield f"alarms per 1,000 words: {kind}", now, then
    for category, tally in data["documents"].items():
        then = earlier["documents"].get(category, tally)["accuracy"]
        yield f"{category}: accuracy", tally["accuracy"], then


def _key(item: Data) -> tuple[str, int, int]:
    return item["entry"], item["start"], item["end"]


def _about(item: Data) -> str:
    if "categories" in item:
        return f"[{', '.join(item['categories'])}]"
    return f"[{', '.join(finding['rule'] for finding in item['findings'])}]"
