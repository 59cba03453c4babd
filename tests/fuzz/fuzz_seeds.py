"""What the fuzzers begin with: examples, the fixtures of the tests, words of each format."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
FIXTURES = ROOT / "tests" / "fixtures"
FOUND = Path(__file__).parent / "found"
# A fuzzer learns faster from short inputs.
_PIECE = 1500

_MARKDOWN = r"""> - * 1. # ## --- +++ ``` | |-|-| [a](b 'c') ![a](b) [^1] [a]: <!-- --> <div> </div> <br>
&amp; &#0; &#x1F600; \ ** __ ~~ $ [!NOTE] - [ ] {#id} <td hidden> ● • :""".split()
_HTML = """<!-- --> <!--> <![CDATA[ ]]> <!doctype> <? </ <p> </p> <ul><li> </li> <ol> <table> <tr><td>
<br> <br/> <script> </script> <style> <template> <svg/> <sup> </sup> <img_alt=' title=" aria-label=
hidden style=display:none &shy; &nbsp; &lt &#x110000; <h1> <h7> <select><option> <dl><dt><dd>
<blockquote> <pre> <code> <title> <textarea> <meta_name=description_content=""".split()
_COMMENTS = """<!--_medlint-disable-next-line_cure-verb_--> medlint-disable medlint-enable
medlint-disable-file medlint-disable-line hype cure magic-word repeated-item -- miracle cures_ALS
-_less_pain""".split()
_YAML = """- : ? [ ] { } & * ! | > ' " % @ ` # , <<: &a *a !!int !!float !!timestamp !!binary !!set
!!omap !!pairs !!bool !!null !!python/object: ~ .inf .nan 1e999 0x 0o 1:1 2026-01-01 true off
medlint: product: rules: \\x00 \\ud800 \\U00110000""".split()
_RULES = """id: category: severity: tier: where: products: check: {type: phrase any: near first:
second: within: requires if: then: unless: distinct: duplicate-items scope: metric above: pattern
regex: needs: frame score points: least: neighbours: words: guards: enabled: message: advice:
rewrites: sources: flags: allows: concept: terms: inflect: includes: verbs: nouns: adjectives:
status: hides: outweighs: carries: guard: cues: pseudo: terminators: direction: reach: whole:
cancels: limits: affirmed: question: weight: promotional: informational: balance: extends: overrides:
{disease} {what:disease} {disease.verb} ... .. ^ $ ^^ cure~ (a|b) [a] « » \\ {match}""".split()
_PHRASES = """( ) [ ] | ~ ^ ^^ $ ... .. {disease} {x:disease} {cure.verb} {word} {number} {carried} \\
cure FDA ' - é""".split()
_CONFIG = """extends: rulesets: fail-on: exclude: overrides: files: product: rules: select: ignore:
allow: disclosed-elsewhere: readability: grade: metric: [tool.medlint] off error ** ../ core us
auto""".split()
_IGNORES = "! / ** * ? [a-z] [!a] \\ # **/ /** a/**/b".split()
_CORPUS = [*'{"id": "text": "file": "labels": "start": "end": "category":'.split(), '"cure"', "["]
_XML = """<w:p> </w:p> <w:r><w:t> </w:t></w:r> <w:tbl> <w:tr> <w:tc> <w:ins> <w:del> <w:numPr>
<w:ilvl_w:val="0"/> <w:numId_w:val="1"/> <w:pStyle_w:val="Heading1"/> <w:br/> <w:tab/>
<w:footnoteReference_w:id="1"/> <w:txbxContent> <mc:AlternateContent> <mc:Choice> <mc:Fallback>
<w:commentRangeStart_w:id="0"/> <w:fldChar_w:fldCharType="begin"/> <w:instrText> <w:hyperlink>
<w:sdt><w:sdtContent> <w:sym> &amp; &#0; <![CDATA[ <!DOCTYPE""".split()

_WORDS = {
    "plain": _MARKDOWN,
    "markdown": [*_MARKDOWN, *_HTML],
    "html": _HTML,
    "front-matter": _YAML,
    "docx-markup": _XML,
    "repeat-plain": [*_MARKDOWN, "%%"],
    "repeat-markdown": [*_MARKDOWN, *_HTML, "%%"],
    "repeat-html": [*_HTML, "%%"],
    "phrase": _PHRASES,
    "rules": [*_YAML, *_RULES],
    "configuration": [*_YAML, *_CONFIG],
    "ignores": _IGNORES,
    "corpus": _CORPUS,
    "suppressions": _COMMENTS,
    "fixes": [*_COMMENTS, "- less pain\n", "<li>less pain", "1. "],
    "command": [*_MARKDOWN, *_HTML, *_COMMENTS],
}


def dictionary(name: str) -> str:
    """Return the words that a target's inputs are likely made of, as libFuzzer reads them."""
    words = dict.fromkeys(word.replace("_", " ") for word in _WORDS.get(name, ()))
    return "".join(f'"{_escaped(word)}"\n' for word in words)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


def seeds(name: str) -> Iterator[bytes]:
    """Yield a target's first inputs."""
    yield from _kept(name)
    yield from _SEEDS[name]()


def _kept(name: str) -> Iterator[bytes]:
    """Yield what failed once."""
    for path in sorted((FOUND / name).glob("*")):
        yield path.read_bytes()


def _drafts(*suffixes: str) -> Iterator[bytes]:
    for path in sorted(EXAMPLES.iterdir()):
        if path.suffix in suffixes:
            data = path.read_bytes()
            for start in range(0, min(len(data), 4 * _PIECE), _PIECE):
                yield data[start : start + _PIECE]


def _texts() -> Iterator[bytes]:
    yield from _drafts(".md", ".txt", ".html")


def _encodings() -> Iterator[bytes]:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1252"):
        yield "“We cure” café\r\n".encode(encoding, "replace")
    yield b"\xff\xfe\x00\xd8a\x00"
    yield b"PNG\x00\x01"


def _front_matter() -> Iterator[bytes]:
    yield b"-title: Our therapy cures ALS\ntags: [a b c, d]\nmedlint: {product: device}\n# note"
    yield b"-a: &x {b: |\n  Two words\n  more}\nc: *x\n<<: *x\nd: 'it''s so'\ne: \"\\u00e9 \\x41 b\""
    yield b"+title = 'We cure ALS'\n[[list]]\na = [1, 'two words', {b = \"three\\n words\"}]\n"
    yield b'+a = """\nSome words\n"""\nd = 2026-01-01\n[medlint]\nproduct = "device"'
    yield b"-a: 2026-01-01\nb: 1:30\nc: 0x1F\nd: 1_000\ne: .inf\nf: ~\ng: !!binary aGk=\nh: !!set {a}"


def _word_markup() -> Iterator[bytes]:
    with zipfile.ZipFile(EXAMPLES / "laser-brochure.docx") as archive:
        for number, name in enumerate(("document", "styles", "numbering", "footnotes", "comments")):
            part = f"word/{name}.xml"
            if part in archive.namelist():
                yield bytes([number]) + archive.read(part)[:20_000]
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    inside = "<w:p><w:r><w:t>A miracle cures ALS.</w:t></w:r></w:p>"
    yield b"\0" + f"<w:document {space}><w:body>{inside}</w:body></w:document>".encode()
    table = f"<w:tbl><w:tr><w:tc>{inside}</w:tc></w:tr></w:tbl>"
    yield b"\0" + f"<w:document {space}><w:body>{table}</w:body></w:document>".encode()


def _word_packages() -> Iterator[bytes]:
    from wordfile import docx, p, table  # noqa: PLC0415  the targets put it on the path

    yield docx(p("A miracle cures ALS."))
    yield docx(table(("a", "b"), ("c", "d")), p("We cure."))


def _units() -> Iterator[bytes]:
    for text in ("- a\n", "> ", "[", "<div>", "a. ", "Abc\n", "<!--", "*a", "|a", "&amp;", "● a\n"):
        yield text.encode()
        yield f"# x\n\n%%{text}%%\n\nWe cure.\n".encode()
    yield b"| a |\n|-|\n%%| b |\n"
    yield b"<table>%%<tr><td>a%%</table>"
    yield b"Such as:\n%%- a b c\n%%"


def _rule_texts() -> Iterator[bytes]:
    names = ("rules", "lexicon/things", "guards", "register", "ruleset", "sources")
    for folder in (FIXTURES / "mini", FIXTURES / "rulesets" / "core", ROOT / "rulesets" / "us"):
        for number, name in enumerate(names):
            path = folder / f"{name}.yaml"
            if path.is_file():
                data = path.read_bytes()
                yield bytes([number]) + data[:4000]
                for entry in data.split(b"\n- ")[:12]:
                    yield bytes([number]) + b"- " + entry.removeprefix(b"- ")
    yield (
        b"\0"
        b'- id: a\n  check: {type: pattern, regex: "a+b", needs: [a]}\n  message: m\n'
        b"- id: b\n  check: {type: score, points: {disease: 2}, least: 2}\n  message: m\n"
        b"- id: c\n  check: {type: metric, metric: smog-index, above: 3}\n  message: m\n"
    )


def _phrases() -> Iterator[bytes]:
    yield from (b"cure~ {what:disease}", b"(you|patients) will [soon] (feel|see)~ ... {x:disease}")
    yield from (b"^ no side effects $", b"^^ FDA .. approved", b"\\(r\\) {word} {number}")


def _configurations() -> Iterator[bytes]:
    yield b"rulesets: [core, us]\nproduct: device\nfail-on: error\nexclude: ['a/**']\nallow: [a b]\n"
    yield b"overrides:\n  - files: ['*.md']\n    rules: {cure-verb: off}\nreadability: {grade: 9}\n"
    yield b"extends: other.yaml\nselect: [cure]\nignore: []\ndisclosed-elsewhere: [missing-risk]\n"
    yield b'[tool.medlint]\nrulesets = ["core"]\nrules = {cure = "off"}\n[[tool.medlint.overrides]]\n'


def _ignores() -> Iterator[bytes]:
    yield b"*.tmp\n!a.md\n/build/\n**/x\na/**/b\n[abc].md\n\\#x\n# note\n"


def _corpora() -> Iterator[bytes]:
    label = {"start": 0, "end": 2, "category": "cure"}
    yield json.dumps({"id": "a", "text": "We cure.", "labels": [label], "doc_labels": []}).encode()


def _suppressions() -> Iterator[bytes]:
    yield b"A miracle. <!-- medlint-disable-line magic-word -- why -->\n\nIt cures ALS.\n"
    yield b"<!-- medlint-disable hype -->\nA miracle.\n<!-- medlint-enable -->\nA miracle.\n"
    yield b"<!-- medlint-disable-next-line cure,, hype -->\n\n\nA miracle cures arthritis.\n"


def _fixes() -> Iterator[bytes]:
    yield b"\0Good:\n\n- less pain\n- less pain\n  more\n- Less  pain\n"
    yield b"\1<ul><li>less pain</li><li>less pain<li>less pain</ul>"
    yield b"\2Good:\n\n* less pain\n* less pain\n\n1. less pain\n2. less pain\n"


def _commands() -> Iterator[bytes]:
    for number, data in enumerate(_texts()):
        yield bytes([number * 7 % 256]) + data
    for number, data in enumerate((*_suppressions(), *_front_matter())):
        yield bytes([number % 5]) + data


_SEEDS = {
    "decode": _encodings,
    "plain": lambda: _drafts(".txt", ".md"),
    "markdown": _texts,
    "html": lambda: _drafts(".html"),
    "front-matter": _front_matter,
    "docx-markup": _word_markup,
    "docx-package": _word_packages,
    "repeat-plain": _units,
    "repeat-markdown": _units,
    "repeat-html": _units,
    "phrase": _phrases,
    "rules": _rule_texts,
    "configuration": _configurations,
    "ignores": _ignores,
    "corpus": _corpora,
    "suppressions": _suppressions,
    "fixes": _fixes,
    "command": _commands,
}
