"""The report in a real browser: accessible, filtered by keyboard, whole without its script."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from browsing import Pages, chromium, violations
from medlint import batch
from medlint.api import Linters, Options
from medlint.document import Span
from medlint.findings import Approval, ApprovalUse, FileReport, Report
from medlint.reporters import View, html_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]
DAY = date(2026, 3, 4)
DRAFTS = ("knee-post.txt", "dental-implants.html")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report of three drafts."""
    paths = [str(ROOT / "examples" / name) for name in DRAFTS]
    job = batch.Job(options=Options(no_config=True), whole=True)
    report = batch.gather(batch.run(job, paths, linters=Linters(job.options))).report
    report = replace(report, files=tuple(map(_with_approvals, report.files)))
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html_report.render(report, View(today=DAY)), "utf-8")
    return path


def _with_approvals(file: FileReport) -> FileReport:
    """Add an approval that ends soon, an expired and a pending one, so that all is drawn."""
    uses = (
        ApprovalUse(approval=approval(days), standing=approval(days).standing(DAY), places=places)
        for days, places in ((20, (Span(0, 1),)), (-20, ()), (800, ()))
    )
    return replace(file, approvals=tuple(uses))


def approval(days: int) -> Approval:
    """Return an approval that ends so many days from the report's."""
    ends = DAY + timedelta(days)
    return Approval(
        text=f"A claim until day {days}",
        is_phrase=days < 0,
        reference="A long reference to a file, with its table and page",
        approver="A. Example, medical affairs",
        date=ends - timedelta(365),
        expires=ends,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start the system's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a file; what the page complains of fails the test."""
    pages = Pages(browser)

    def opened(path: Path, **options: Any) -> Any:
        page = pages.new(patience=120_000, offline=True, **options)
        page.on("dialog", lambda each: (pages.complaints.append(each.message), each.dismiss()))
        page.goto(path.as_uri())
        return page

    yield opened
    pages.close()


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="light"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"viewport": {"width": 360, "height": 700}}, id="narrow"),
    ],
)
def test_axe_finds_nothing(
    page_file: Path, open_page: Callable[..., Any], options: dict[str, Any]
) -> None:
    """No violation of any rule of axe-core, colours and reading order included."""
    assert violations(open_page(page_file, **options)) == []


def test_axe_would_find_something(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    """A check that passes anything would prove nothing."""
    bad = tmp_path / "bad.html"
    bad.write_text("<!doctype html><title>x</title><p style='color:#ccc'>pale</p>", "utf-8")
    assert {name for name, _ in violations(open_page(bad))} >= {"color-contrast", "html-has-lang"}


def test_on_paper_and_empty(tmp_path: Path, page_file: Path, open_page: Callable[..., Any]) -> None:
    """The print style has no violation either, nor has a report of nothing."""
    page = open_page(page_file)
    page.emulate_media(media="print")
    assert violations(page) == []
    empty = tmp_path / "empty.html"
    empty.write_text(html_report.render(Report(files=()), View()), "utf-8")
    assert violations(open_page(empty)) == []


def visible(page: Any, selector: str) -> int:
    """Return how many elements can be seen."""
    count: int = page.locator(selector).locator("visible=true").count()
    return count


def test_filters_work_from_the_keyboard(page_file: Path, open_page: Callable[..., Any]) -> None:
    """A box taken out hides its cards and marks, says how many are left, and comes back."""
    page = open_page(page_file)
    all_cards = visible(page, ".card")
    errors = page.locator('.card[data-severity="error"]').count()
    status = page.get_by_role("status")
    assert status.inner_text() == f"All {all_cards} findings are shown."
    page.get_by_role("checkbox", name="error").focus()
    page.keyboard.press("Space")
    assert visible(page, ".card") == all_cards - errors
    assert visible(page, "a.number.error") == 0
    assert page.locator("mark.error:not(.off)[data-f]").count() == 0
    left = f"{all_cards - errors} of {all_cards} findings are shown; filters hide the others."
    assert status.inner_text() == left
    page.get_by_role("button", name="Show all").press("Enter")
    page.wait_for_function(
        "n => document.querySelectorAll('.cards > [hidden]').length === 0", arg=0
    )
    assert visible(page, ".card") == all_cards


def test_one_jurisdiction_alone(page_file: Path, open_page: Callable[..., Any]) -> None:
    """With all others out, cards with a law of that place stay."""
    page = open_page(page_file)
    group = page.get_by_role("group", name="Jurisdiction")
    group.get_by_role("button", name="All or none").click()
    assert visible(page, ".card") == 0
    group.get_by_role("checkbox", name="AU").check()
    assert visible(page, ".card") == page.locator('.card[data-jurisdiction~="au"]').count() > 0


def test_numbers_lead_to_cards_and_back(page_file: Path, open_page: Callable[..., Any]) -> None:
    """By keyboard alone; what a filter has hidden is shown when a link leads to it."""
    page = open_page(page_file)
    number = page.locator("a.number[data-f='d1-f4']")
    number.press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "d1-f4"
    page.locator("#d1-f4 .head a").press("Enter")
    assert page.evaluate("document.querySelector(':target').id") == "d1-t4"
    page.locator(".toggle").first.click()
    assert not page.locator("#d1-f4").is_visible()
    page.evaluate("location.hash = '#d1-f4'")
    page.wait_for_function("document.querySelector('#d1-f4').offsetParent !== null")


def test_without_script_everything_shows(page_file: Path, open_page: Callable[..., Any]) -> None:
    """Every card can be read; filters that could not work are not offered."""
    page = open_page(page_file, java_script_enabled=False)
    assert visible(page, ".card") == page.locator(".card").count() > 0
    assert visible(page, ".filters") == 0


def test_print_unfolds_what_is_folded(page_file: Path, open_page: Callable[..., Any]) -> None:
    """Paper shows every law and place; afterwards all is as it was."""
    page = open_page(page_file)
    folded = page.locator("details:not([open])").count()
    assert folded > 0
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() == folded


@pytest.mark.parametrize("width", [320, 768, 1300])
def test_nothing_is_cut_off(page_file: Path, open_page: Callable[..., Any], width: int) -> None:
    """The page never scrolls sideways."""
    page = open_page(page_file, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_hostile_draft_runs_nothing(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    """Script in a draft, raw or in code, opens no dialog and adds no element."""
    draft = tmp_path / "hostile<img src=x onerror=alert(1)>.md"
    draft.write_text(
        "# </script><script>alert(2)</script> Our PRP cures ALS\n\n"
        "`<svg onload=alert(3)>` guaranteed to cure arthritis <img src=x onerror=alert(4)>\n",
        "utf-8",
    )
    job = batch.Job(options=Options(no_config=True), whole=True)
    report = batch.gather(batch.run(job, [str(draft)])).report
    path = tmp_path / "report.html"
    path.write_text(html_report.render(report, View()), "utf-8")
    page = open_page(path)
    page.wait_for_load_state("networkidle")
    assert page.locator(".card").count() > 0
    assert (page.locator("script").count(), page.locator("img, svg[onload]").count()) == (1, 0)
