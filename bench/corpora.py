"""Makes up what the benchmarks read: posts, plain text and rules, the same at every run.

Sentences are put together from parts, so that hardly one comes twice: a linter that remembers
sentences should gain as little from it as on real pages.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POST_SIZE = 6_000
MEGABYTE = 1_000_000
# How many sentences in a hundred claim something: on a page that sells, on one that informs.
DENSITIES = {"dense": 60, "sparse": 3}
# So many of the made-up rules match the text, however many rules there are.
MATCHING_RULES = 20

_OPENINGS = (
    "At our clinic|After the second visit|For most of our guests|Within a fortnight"
    "|Since last spring"
    "|In our experience|From the first session on|With a little patience|Whatever your age"
    "|Once the swelling is gone|As many readers ask|On two floors in the old mill"
).split("|")
_THERAPIES = (
    "our laser therapy|a course of stem cell injections|the new peptide programme"
    "|platelet-rich plasma"
    "|our vitamin infusion|a session of cryotherapy|the herbal formula|shockwave treatment"
    "|hyperbaric oxygen|our exosome serum|the ketamine protocol|red light therapy"
    "|a set of acupuncture needles|the collagen drink|our chelation drip|ozone therapy"
).split("|")
_CLAIMS = (
    "relieves|completely cures|reverses|is clinically proven to ease|safely eliminates|restores"
    "|may help with|will permanently end|gently improves|outperforms every drug for"
    "|has transformed lives by healing|works without side effects on|targets the root cause of"
).split("|")
_TROUBLES = (
    "knee pain|arthritis|thinning hair|migraine|tired skin|low energy|poor sleep|stiff shoulders"
    "|tinnitus|chronic fatigue|back pain|neuropathy|eczema|infertility|anxiety|hot flushes"
).split("|")
_ENDINGS = (
    "|, as our patients tell us|, guaranteed|, without surgery or downtime|, and it lasts for years"
    "|, whatever your doctor has told you|, although not everyone responds"
    "|, with results you can see|, at half the usual price until {day} {month}"
    "|, as {count} people have found"
).split("|")
_PEOPLE = (
    "The nurse|Our receptionist|The gardener|A volunteer|The town council|Her neighbour"
    "|The lecturer|A reader|The bus driver|My colleague|The librarian|A student of history"
    "|The caretaker"
).split("|")
_DEEDS = (
    "keeps the forms for|walked past|asked a question about|wrote {count} lines on|has mended"
    "|took a photograph of|will be back on {day} {month} with|has no opinion on|once painted"
    "|collects old maps of|counted {count} steps to|cannot remember the name of|is proud of"
).split("|")
_THINGS = (
    "the lift on the north side|the garden behind the house|room {count}|the number {count} bus"
    "|the waiting room|the market on the square|the long corridor|a leaflet from the ministry"
    "|the history of the building|the opening hours|the parking spaces|the annual fair|the bridge"
).split("|")
_TAILS = (
    "|, which is open until five|, although it rains|, as the minutes of {day} {month} show"
    "|, between the station and the river|, and tea is served|, if the weather allows"
    "|, or so the paper said in {year}"
).split("|")
_MONTHS = "January February March April May June July September October November".split()
_TRADES = "clinic bakery workshop archive harbour school theatre museum".split()
_SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo wu za".split()


def sentence(chance: random.Random, density: int) -> str:
    """Return a sentence; `density` is the chance in a hundred that it claims something."""
    if chance.randrange(100) < density:
        parts = (_OPENINGS, _THERAPIES, _CLAIMS, _TROUBLES, _ENDINGS)
        opening, therapy, claim, trouble, ending = map(chance.choice, parts)
        text = f"{opening}, {therapy} {claim} {trouble}{ending}."
    else:
        text = " ".join(map(chance.choice, (_PEOPLE, _DEEDS, _THINGS)))
        text += chance.choice(_TAILS) + "."
    return text.format(
        count=chance.randrange(12, 900),
        day=chance.randrange(1, 29),
        month=chance.choice(_MONTHS),
        year=chance.randrange(1900, 2020),
    )


def post(number: int, kind: str, size: int = POST_SIZE) -> str:
    """Return a Markdown post of at most `size` bytes: headings, paragraphs, lists, a link."""
    chance = random.Random(f"{kind} {number}")  # noqa: S311 - the same at every run
    density = DENSITIES[kind]
    parts = [f"# What the {chance.choice(_TRADES)} wrote in week {number}\n"]
    length = len(parts[0])
    while length < size:
        draw = chance.randrange(100)
        lines = [sentence(chance, density) for _ in range(chance.randrange(2, 6))]
        if draw < 15:  # noqa: PLR2004 - a list now and then
            text = "\n".join(f"- {line[:-1]}" for line in lines)
            text = f"## {chance.choice(_TRADES).capitalize()} {number}\n\n{text}"
        elif draw < 30:  # noqa: PLR2004
            first, *others = lines[0].split(" ")
            text = f"*{first}* {' '.join(others)} [More](https://example.org/{number})."
        else:
            text = " ".join(lines)
        parts.append(f"\n{text}\n")
        length += len(text) + 2
    # Every character is one byte.
    return "".join(parts)[: size - 1] + "\n"


def plain(kind: str, size: int) -> Iterator[str]:
    """Return the paragraphs of a plain text of about `size` bytes."""
    chance = random.Random(f"plain {kind}")  # noqa: S311 - the same at every run
    while size > 0:
        lines = [sentence(chance, DENSITIES[kind]) for _ in range(chance.randrange(3, 8))]
        text = " ".join(lines) + "\n\n"
        yield text
        size -= len(text)


def write_posts(folder: Path, kind: str, count: int) -> list[Path]:
    """Write posts to a folder and return their paths."""
    folder.mkdir(parents=True)
    paths = [folder / f"{number:05}.md" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_text(post(number, kind), "utf-8", newline="\n")
    return paths


def write_plain(path: Path, kind: str, size: int) -> Path:
    """Write a plain text of about `size` bytes and return its path."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(plain(kind, size))
    return path


def phrases(count: int) -> list[str]:
    """Return the phrases of made-up rules, each of words that the text holds and one of its own.

    `MATCHING_RULES` of them match the text, and the others stop at a word that nobody wrote, as
    most rules do on most pages.
    """
    chance = random.Random(count)  # noqa: S311 - the same at every run
    matching = [
        f"{claim.split()[-1]} {trouble}"
        for claim, trouble in zip(_CLAIMS * 2, _TROUBLES * 2, strict=False)
    ][:MATCHING_RULES]
    others = [
        f"{chance.choice(_CLAIMS).split()[-1]} {word(number)} {chance.choice(_TROUBLES)}"
        for number in range(count - len(matching))
    ]
    return [*matching, *others]


def word(number: int) -> str:
    """Return a word that is in no dictionary, another for each number."""
    digits = (number >> shift & 15 for shift in (0, 4, 8, 12))
    return "".join(_SYLLABLES[digit] for digit in digits) + "x"


def rules(count: int) -> str:
    """Return a rule file of so many rules of one phrase each, none of them medlint's own."""
    return "\n".join(
        f"- id: bench-{number:05}\n  category: hype\n  severity: warning\n"
        f"  check: {{type: phrase, any: ['{phrase}']}}\n  message: 'made up'\n"
        for number, phrase in enumerate(phrases(count))
    )


def write_ruleset(folder: Path, count: int) -> Path:
    """Write a ruleset of so many made-up rules, which extends no other, and return its folder."""
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text("name: bench\nversion: '1'\nabout: made up\n", "utf-8")
    (folder / "rules.yaml").write_text(rules(count), "utf-8")
    return folder
