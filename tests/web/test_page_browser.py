"""The review page in a real browser: a whole session, and what must never happen in one."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from base64 import b64encode
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from browsing import Pages, chromium, violations
from medlint.parsing import parse_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
pytest.importorskip("uvicorn", reason="uvicorn is not installed here")

CLAIM = "Our clinic cures arthritis."
# What a keystroke may cost on a page of 800 words, in seconds.
BUDGET = 0.2
MARKED = """severity => [...CSS.highlights.get(severity)].map(range => range.toString())"""

# Playwright's own waiting evaluates text, which the page's policy forbids.
MEASURED = """() => new Promise((resolve) => {
  const look = () => {
    const [entry] = performance.getEntriesByName("medlint-marked");
    if (entry) resolve(entry.duration);
    else setTimeout(look, 5);
  };
  look();
})"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page from a folder of its own and return its address."""
    command = (sys.executable, "-m", "medlint", "serve", "--no-browser", "--no-config")
    with subprocess.Popen(
        (*command, "--port", "0"),
        cwd=tmp_path_factory.mktemp("empty"),
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"},
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr is not None
        line = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert found, line
        yield found[0]
        server.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the system's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser: Any, url: str) -> Iterator[Callable[..., Any]]:
    """Return a function that opens the page; complaints and foreign requests fail the test."""
    pages = Pages(browser)

    def opened(expected: tuple[str, ...] = (), **options: Any) -> Any:
        page = pages.new(patience=20_000, expected=expected, **options)
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((url, "blob:", "data:"))
                else pages.complaints.append(request.url)
            ),
        )
        page.goto(url)
        page.wait_for_selector("html[data-ready]")
        return page

    yield opened
    pages.close()


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """Open the page as it is on a desk."""
    return open_page(viewport={"width": 1280, "height": 900})


def write(page: Any, text: str) -> None:
    """Type a text key by key, and wait until it is checked."""
    page.locator("#draft").press_sequentially(text)
    settle(page)


def settle(page: Any) -> None:
    """Wait until what is shown is about the draft as it stands."""
    page.wait_for_selector("html[data-settled=true]")


def marked(page: Any, severity: str = "error") -> list[str]:
    """Return the words that are marked with a severity."""
    found: list[str] = page.evaluate(MARKED, severity)
    return found


def text_of(page: Any) -> str:
    """Return the draft as it stands."""
    text: str = page.locator("#draft").input_value()
    return text


def card(page: Any, match: str) -> Any:
    """Return the card about some words."""
    return page.locator(".card").filter(has=page.get_by_role("button", name=f"Show “{match}”"))


def drop(page: Any, name: str, data: bytes) -> None:
    """Drop a file onto the page."""
    transfer = page.evaluate_handle(
        """([name, data]) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
          const transfer = new DataTransfer();
          transfer.items.add(new File([bytes], name));
          return transfer;
        }""",
        [name, b64encode(data).decode()],
    )
    page.dispatch_event("#draft", "dragover", {"dataTransfer": transfer})
    assert page.locator("#drop").is_visible()
    page.dispatch_event("#draft", "drop", {"dataTransfer": transfer})
    page.locator("#name", has_text=name).wait_for()
    settle(page)


def download(page: Any, form: str) -> tuple[str, bytes]:
    """Download a file and return its name and bytes."""
    page.locator("#downloads > summary").click()
    with page.expect_download() as pending:
        page.locator(f"#downloads button[data-as={form}]").click()
    return pending.value.suggested_filename, Path(pending.value.path()).read_bytes()


def test_a_whole_session(page: Any) -> None:
    """Type, see, fill a blank and take a rewrite, undo, allow with a reason, undo that too."""
    write(page, f"😀 {CLAIM} Book now.")
    assert marked(page) == ["Our clinic cures arthritis"]
    cure = card(page, "Our clinic cures arthritis")
    take = cure.get_by_role("button", name="Take").first
    assert take.is_disabled()
    cure.get_by_label("Fill in: Treatment").fill("Ultrasound")
    take.click()
    settle(page)
    taken = "😀 Ultrasound has not been shown to cure arthritis. Book now."
    assert (text_of(page), marked(page)) == (taken, [])
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert (text_of(page), len(marked(page))) == (f"😀 {CLAIM} Book now.", 1)
    page.get_by_role("button", name="Redo").click()
    assert text_of(page) == taken
    page.locator("#draft").press("Control+z")
    settle(page)

    cure.get_by_role("button", name="Allow this phrase…").click()
    reason = cure.get_by_label("Why may it stay?")
    reason.press("Enter")
    assert page.locator("#allowed").is_hidden()
    reason.fill("quoted on the complaints page")
    reason.press("Enter")
    settle(page)
    assert marked(page) == []
    assert "Allowed: 1" in page.locator("#allowed summary").inner_text()
    page.locator("#draft").press("Control+z")
    settle(page)
    assert (marked(page), page.locator("#allowed").is_hidden()) == (
        ["Our clinic cures arthritis"],
        True,
    )


def test_marks_follow_the_words(page: Any) -> None:
    """Marks stand on the right words behind emoji, and move along with typing before them."""
    write(page, "👩‍⚕️ 🦵 Care 😀😀: guaranteed relief!")
    assert [*marked(page), *marked(page, "warning")] == ["guaranteed relief"]
    page.route("**/api/lint", lambda _: None)
    page.locator("#draft").press("Home")
    page.keyboard.type("Oh 😀 my, ")
    assert [*marked(page), *marked(page, "warning")] == ["guaranteed relief"]


def test_typing_is_marked_within_the_budget(page: Any) -> None:
    """On a page of 800 words the marks are there 200 ms after a keystroke, as a rule.

    Other tests run beside this one and take their share of the machine, which can only make it
    slower: up to three runs are timed, and the best counts.
    """
    if hasattr(os, "getloadavg") and os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        pytest.skip("the machine is too busy to measure anything")
    page.locator("#draft").fill(long_draft(800))
    settle(page)
    page.locator("#draft").press("Control+Home")
    medians = []
    for sentence in ("Pain free, guaranteed. ", "It heals the cause. ", "Nothing is safer. "):
        medians.append(median(seconds_to_marks(page, key) for key in sentence))
        if medians[-1] < BUDGET:
            break
    assert min(medians) < BUDGET, medians


def seconds_to_marks(page: Any, key: str) -> float:
    """Type a key and return how many seconds passed until the marks stood."""
    page.keyboard.type(key)
    milliseconds: float = page.evaluate(MEASURED)
    return milliseconds / 1000


def long_draft(words: int) -> str:
    """Return a draft of many words, without repeating a sentence."""
    texts = [
        (ROOT / "examples" / name).read_text("utf-8")
        for name in ("knee-post.txt", "prp-hair-newsletter.txt", "migraine-leaflet.txt")
    ]
    texts += [(ROOT / "examples" / "joint-supplement-shop.md").read_text("utf-8")]
    texts += [(ROOT / "examples" / "chiropractic-faq.md").read_text("utf-8")]
    pieces = re.findall(r"\S+\s*", "\n\n".join(texts))
    assert len(pieces) >= words
    return "".join(pieces[:words])


def test_a_word_document(page: Any, brochure: bytes) -> None:
    """Dropped, changed and downloaded, it is the same document, with changes tracked."""
    drop(page, "brochure.docx", brochure)
    assert "heals damaged discs without surgery" in text_of(page)
    assert page.locator("#format").input_value() == "docx"
    changed = text_of(page).replace("completely safe", "done by a physician")
    page.locator("#draft").fill(changed)
    settle(page)
    assert "completely safe" not in marked(page)
    name, data = download(page, "word")
    read = parse_bytes(data, path=name)
    assert (name, read.source) == ("brochure-reviewed.docx", f"{changed}\n")
    assert [comment.text.split(":")[0] for comment in read.comments].count("Error") > 3
    document = zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    assert "<w:delText" in document
    assert "completely safe" in "".join(re.findall(r"<w:delText[^>]*>([^<]*)", document))
    name, data = download(page, "markdown")
    assert name == "brochure.md"
    assert "# Laser therapy for back pain\n" in data.decode()


def test_an_untouched_word_document_is_annotated_itself(page: Any, brochure: bytes) -> None:
    """Without changes, the text and everything but the comments is what it was."""
    drop(page, "brochure.docx", brochure)
    _, data = download(page, "word")
    before, after = (zipfile.ZipFile(io.BytesIO(each)) for each in (brochure, data))
    assert parse_bytes(data, path="x.docx").source == parse_bytes(brochure, path="x.docx").source
    kept = [name for name in before.namelist() if before.read(name) == after.read(name)]
    changed = {"word/document.xml", "word/comments.xml"}
    assert set(before.namelist()) - set(kept) == changed
    _, data = download(page, "draft")
    assert data == brochure


def test_typed_text_is_downloaded_in_every_form(page: Any) -> None:
    """Markdown as typed, Word with comments, the report, and the settings with their reasons."""
    write(page, f"# Knees\n\n- {CLAIM}\n\nIt is completely safe.")
    safe = card(page, "It is completely safe")
    safe.get_by_role("button", name="Allow this phrase…").click()
    safe.get_by_label("Why may it stay?").fill("cited below")
    page.keyboard.press("Enter")
    settle(page)
    assert download(page, "markdown") == ("draft.md", text_of(page).encode())
    name, data = download(page, "word")
    document = parse_bytes(data, path=name)
    assert (name, document.source) == (
        "draft-reviewed.docx",
        "Knees\nOur clinic cures arthritis.\nIt is completely safe.\n",
    )
    assert [each.text.split("\n")[0] for each in document.comments] == [
        "Error: provider-promises-cure (cure)"
    ]
    name, data = download(page, "report")
    assert (name, "cited below" in data.decode()) == ("draft-report.html", True)
    name, data = download(page, "settings")
    assert 'allow:\n  # cited below\n  - "It is completely safe"\n' in data.decode()


def test_jurisdiction_and_product(page: Any) -> None:
    """Another law, or none, changes which rulesets check; a product changes what is owed."""
    write(page, "Guaranteed relief for arthritis. Our stem cells cure it.")
    boxes = {name: page.get_by_role("checkbox", name=name, exact=True) for name in ("US", "UK")}
    assert rulesets(page, boxes["US"].uncheck) == ["core"]
    assert rulesets(page, boxes["UK"].check) == ["core", "medicines", "foods", "uk"]
    before = page.locator(".card").count()
    page.locator("#product").select_option("supplement")
    settle(page)
    assert page.locator(".card").count() != before


def rulesets(page: Any, act: Callable[[], None]) -> list[str]:
    """Do something and return the rulesets of the check that follows."""
    # Rules that were never used here are compiled first.
    with page.expect_response("**/api/lint", timeout=60_000) as response:
        act()
    settle(page)
    return [each["name"] for each in response.value.json()["rulesets"]]


def test_filters_and_keys(page: Any) -> None:
    """F8 goes through the findings; a filter hides cards and marks."""
    write(page, f"{CLAIM} Amazing relief, guaranteed.")
    page.keyboard.press("Control+Home")
    page.keyboard.press("F8")
    assert page.locator(".card.active").count() == 1
    selected = "e => e.value.slice(e.selectionStart, e.selectionEnd)"
    assert page.locator("#draft").evaluate(selected) == "Our clinic cures arthritis"
    page.get_by_role("checkbox", name="error").uncheck()
    assert marked(page) == []
    assert page.locator(".card.error").locator("visible=true").count() == 0
    assert "hidden by filters" in page.locator("#status").inner_text()


def test_unchecked_is_never_clean(open_page: Callable[..., Any]) -> None:
    """What is not English, cannot be opened or got no answer is said so."""
    page = open_page(expected=("Failed to load resource",))
    german = "Unsere Klinik heilt Arthrose ohne Operation und ohne Risiko für alle Patienten. "
    page.locator("#draft").fill(german * 4)
    settle(page)
    alert = page.get_by_role("alert")
    assert "Not checked: the text does not read as English" in alert.inner_text()
    assert page.locator("#status").inner_text() == "Not checked."
    page.locator("#draft").fill("Fine.")
    settle(page)
    assert alert.is_hidden()
    page.set_input_files("#file", {"name": "a.docx", "mimeType": "", "buffer": b"PK\3\4broken"})
    page.wait_for_selector("#unchecked:visible")
    assert "a.docx could not be opened" in alert.inner_text()
    assert text_of(page) == "Fine."
    page.route("**/api/lint", lambda route: route.abort())
    write(page, " Very.")
    assert "Not checked: medlint serve does not answer" in alert.inner_text()


def test_nothing_is_stored(page: Any) -> None:
    """No cookie, nothing in any storage of the browser, no cached answer."""
    write(page, CLAIM)
    stored = """async () => [document.cookie, localStorage.length, sessionStorage.length,
      (await indexedDB.databases()).length, (await caches.keys()).length]"""
    assert page.evaluate(stored) == ["", 0, 0, 0, 0]
    assert page.context.cookies() == []


def test_a_hostile_draft_runs_nothing(page: Any) -> None:
    """Markup in a draft is text in the cards too."""
    hostile = "<img src=x onerror=alert(1)> Our <b>PRP</b> cures ALS </script><svg onload=alert(2)>"
    drop(page, "hostile.html", hostile.encode())
    assert page.locator(".card").count() > 0
    assert page.locator("img, svg[onload], #cards b:not(.where)").count() == 0


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="light"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"viewport": {"width": 360, "height": 700}}, id="narrow"),
        pytest.param({"forced_colors": "active"}, id="forced-colors"),
    ],
)
def test_axe_finds_nothing(open_page: Callable[..., Any], options: dict[str, Any]) -> None:
    """Empty, full with everything unfolded, and unchecked: no violation of any rule of axe-core."""
    page = open_page(**options)
    assert violations(page) == []
    page.locator("#draft").fill(long_draft(300))
    settle(page)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    first = page.locator(".card").first
    first.get_by_role("button", name=re.compile("Allow this phrase|Said elsewhere")).click()
    assert violations(page) == []
    first.get_by_role("button", name="Cancel").click()
    allow_first(page)
    assert violations(page) == []


def allow_first(page: Any) -> None:
    """Allow what the first card is about."""
    first = page.locator(".card").first
    first.get_by_role("button", name=re.compile("Allow this phrase|Said elsewhere")).click()
    first.locator("form input").fill("because")
    first.locator("form input").press("Enter")
    settle(page)


@pytest.mark.parametrize("width", [320, 768, 1300])
def test_nothing_is_cut_off(open_page: Callable[..., Any], width: int) -> None:
    """The page never scrolls sideways."""
    page = open_page(viewport={"width": width, "height": 800})
    page.locator("#draft").fill(long_draft(300) + " " + "x" * 300)
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
