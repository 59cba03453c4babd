"""The review page's server: what it answers, and what it refuses."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("starlette", reason="starlette is not installed here")
from starlette.testclient import TestClient

from medlint import api
from medlint.api import Options
from medlint.parsing import parse_bytes
from medlint.web.app import make_app
from medlint.web.desk import Setup
from medlint.web.guard import HEADERS, Address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME = "http://127.0.0.1:8765"
ADDRESS = Address(host="127.0.0.1", port=8765)
SETUP = Setup(options=Options(no_config=True))
CLAIM = "Our clinic cures arthritis. \U0001f600 Guaranteed relief."


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Serve the page to a test."""
    with TestClient(make_app(SETUP, ADDRESS, most_bytes=300_000), base_url=HOME) as client:
        yield client


def ask(client: TestClient, question: str, **request: Any) -> Any:
    """Ask something that has to be answered."""
    response = client.post(f"/api/{question}", json=request)
    assert response.status_code == 200, response.text
    return response.json()


# What it serves


def test_the_page_and_its_files(client: TestClient) -> None:
    """Every file that the page names is there, with its type, and nothing beyond."""
    page = client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert client.head("/").status_code == 200
    types = {
        name: client.get(f"/{name}").headers["content-type"].partition(";")[0]
        for name in ("main.js", "cards.js", "common.css", "page.css", "icon.svg")
    }
    assert types == {
        "main.js": "text/javascript",
        "cards.js": "text/javascript",
        "common.css": "text/css",
        "page.css": "text/css",
        "icon.svg": "image/svg+xml",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/app.py",
        "/page/main.js",
        "/main.js/",
        "//etc/passwd",
        "/index.html",
    ],
)
def test_no_path_leads_to_the_file_system(client: TestClient, path: str) -> None:
    """Only the fixed names answer; the rest is not there, whatever is on the disk."""
    response = client.get(path, follow_redirects=False)
    assert (response.status_code, response.json()) == (404, {"error": "there is nothing here"})


def test_every_answer_bears_the_guards(client: TestClient) -> None:
    """Page, script, answers and refusals alike forbid storing, framing, sniffing and loading."""
    answers = [
        client.get("/"),
        client.get("/main.js"),
        client.get("/nothing"),
        client.post("/api/lint", json={"text": CLAIM}),
        client.post("/api/lint", json={"text": 1}),
        client.get("/", headers={"host": "evil.example"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 404, 200, 400, 421]
    for answer in answers:
        assert {name: answer.headers.get(name) for name, _ in HEADERS} == dict(HEADERS)
    policy = dict(HEADERS)["content-security-policy"]
    assert ("unsafe" in policy, "default-src 'none'" in policy) == (False, True)
    assert "set-cookie" not in {name for answer in answers for name in answer.headers}


# Who may ask


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": HOME}, 200),
        ({"host": "localhost:8765"}, 200),
        ({"host": "localhost:8765", "origin": "http://localhost:8765"}, 200),
        ({"host": "LOCALHOST:8765"}, 200),
        ({"host": "[::1]:8765"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:8765"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:80"}, 421),
        ({"host": "127.0.0.1.evil.example:8765"}, 421),
        ({"host": "192.168.0.7:8765"}, 421),
        ({"host": ""}, 421),
        ({"host": ":8765"}, 421),
        ({"host": "127.0.0.1:\u0666"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:8766"}, 403),
        ({"origin": "https://127.0.0.1:8765"}, 403),
        ({"origin": "http://localhost:8765"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_host_and_origin(client: TestClient, headers: dict[str, str], status: int) -> None:
    """Only the page itself, under a name of this machine, gets an answer."""
    raw = {name: value.encode() for name, value in headers.items()}
    response = client.post("/api/lint", json={"text": "Fine."}, headers=raw)
    assert response.status_code == status, response.text
    if status != 200:
        assert set(response.json()) == {"error"}


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("Application/JSON", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ],
)
def test_no_form_can_ask(client: TestClient, kind: str, status: int) -> None:
    """A type that a page elsewhere could send without asking first is refused."""
    response = client.post("/api/lint", content=b'{"text": ""}', headers={"content-type": kind})
    assert response.status_code == status


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/lint", 405),
        ("GET", "/api/start", 405),
        ("POST", "/", 405),
        ("PUT", "/api/lint", 405),
        ("DELETE", "/", 405),
        ("OPTIONS", "/api/lint", 405),
        ("TRACE", "/", 405),
    ],
)
def test_methods(client: TestClient, method: str, path: str, status: int) -> None:
    """What is asked is POST, what is read is GET, and no preflight is granted."""
    response = client.request(method, path, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_size_is_limited(client: TestClient) -> None:
    """Too much is refused by what it says it is, and by what it turns out to be."""
    much = b'{"text": "' + b"x" * 300_000 + b'"}'
    headers = {"content-type": "application/json"}
    told = client.post("/api/lint", content=much, headers=headers)
    untold = client.post("/api/lint", content=iter([much[:9], much[9:]]), headers=headers)
    lying = client.post("/api/lint", content=b"{}", headers={**headers, "content-length": "-1"})
    assert [told.status_code, untold.status_code, lying.status_code] == [413, 413, 413]
    assert "larger than" in untold.json()["error"]


# What it says


def test_a_draft_is_linted_as_everywhere(client: TestClient) -> None:
    """The findings are those of the library; places count code points."""
    report = ask(client, "lint", text=CLAIM, format="markdown")
    (file,) = report["files"]
    expected = api.lint_text(CLAIM)
    assert [(f["rule"], f["start"]["offset"], f["end"]["offset"]) for f in file["findings"]] == [
        (f.rule, f.span.start, f.span.end) for f in expected.findings
    ]
    assert (report["failures"], file["words"]) == ([], expected.words)


def test_a_card_has_what_the_page_needs(client: TestClient) -> None:
    """Law with country, rewrites cut at their blanks, how it can be allowed."""
    card = ask(client, "lint", text="Our clinic cures arthritis.")["files"][0]["findings"][0]
    assert card["rewrites"][0]["parts"] == [
        {"blank": "Treatment"},
        " has not been shown to cure arthritis.",
    ]
    assert (card["allow"], card["pageWide"], card["sources"][0]["where"]) == ("phrase", False, "US")


def test_allowances_are_answered(client: TestClient) -> None:
    """A phrase with a reason silences its finding; a duty met elsewhere is not owed."""
    allowed = [{"phrase": "Our clinic  cures arthritis", "reason": "quoted"}]
    report = ask(client, "lint", text="Our clinic cures arthritis.", allowed=allowed)
    assert (report["files"][0]["findings"], report["summary"]["suppressed"]) == ([], 1)
    text = "Our stem cells rebuild cartilage. They relieve pain. Guaranteed lasting relief."
    elsewhere = [{"category": "missing-risk", "reason": "in the shared footer"}]
    before, after = (
        {f["rule"] for f in ask(client, "lint", text=text, allowed=each)["files"][0]["findings"]}
        for each in ([], elsewhere)
    )
    assert before - after == {"missing-risk"}


@pytest.mark.parametrize(
    ("request_", "cause"),
    [
        ([], "not a JSON object"),
        ({"text": 5}, "“text” is no text"),
        ({"format": "rtf"}, "“format” is 'rtf'"),
        ({"format": "docx"}, "“document” goes with the format docx"),
        ({"document": "QQ=="}, "“document” goes with the format docx"),
        ({"format": "docx", "document": "%"}, "not base64"),
        ({"jurisdictions": "us"}, "no list of texts"),
        ({"jurisdictions": ["../../etc"]}, "there is no jurisdiction “../../etc”"),
        ({"jurisdictions": ["core"]}, "there is no jurisdiction “core”"),
        ({"product": "magic"}, "“product” is 'magic'"),
        ({"allowed": ["x"]}, "no object"),
        ({"allowed": [{"phrase": "x", "reason": " "}]}, "needs a reason"),
        ({"allowed": [{"reason": "x"}]}, "either a phrase or a category"),
        ({"allowed": [{"category": "cure", "reason": "x"}]}, "cannot be met elsewhere"),
        ({"allowed": [{"phrase": "x" * 501, "reason": "x"}]}, "more than 500 characters"),
        ({"allowed": [{"phrase": "x", "reason": "x"}] * 201}, "more than 200"),
    ],
)
def test_wrong_requests_are_named(client: TestClient, request_: Any, cause: str) -> None:
    """What cannot be is refused with what is wrong, and the server goes on."""
    response = client.post("/api/lint", json=request_)
    assert (response.status_code, cause in response.json()["error"]) == (400, True), response.text


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(client: TestClient, body: bytes) -> None:
    """Broken, undecodable and far too deep JSON."""
    headers = {"content-type": "application/json"}
    response = client.post("/api/lint", content=body, headers=headers)
    assert (response.status_code, response.json()) == (400, {"error": "the request is not JSON"})


def test_unchecked_is_a_failure(client: TestClient) -> None:
    """Text that is not English, broken front matter and lone surrogates give no files."""
    german = "Unsere Klinik heilt Arthrose ohne Operation und ohne Risiko für alle. " * 5
    for text, cause in (
        (german, "English"),
        ("---\nmedlint: {product: magic}\n---\nFine.", "magic"),
        ("\ud800", "surrogate"),
    ):
        body = json.dumps({"text": text})
        headers = {"content-type": "application/json"}
        report = client.post("/api/lint", content=body, headers=headers).json()
        assert (report["files"], len(report["failures"])) == ([], 1)
        assert cause in report["failures"][0]["error"]


def test_a_newer_request_makes_an_older_one_stale(client: TestClient) -> None:
    """A request whose page has asked again is left out; other pages are not concerned."""

    def status(page: str, number: str) -> int:
        headers = {"x-medlint-page": page, "x-medlint-number": number}
        return client.post("/api/lint", json={"text": "Fine."}, headers=headers).status_code

    asked = [("one", "2"), ("one", "1"), ("one", "2"), ("two", "1"), ("one", "x"), ("", "0")]
    assert [status(*each) for each in asked] == [200, 409, 200, 200, 409, 200]


# Opening and downloading


def test_files_are_opened(client: TestClient, brochure: bytes) -> None:
    """Text is decoded, line ends are those of the web, a Word document comes with its bytes."""

    def opened(name: str, data: bytes) -> Any:
        headers = {"content-type": "application/octet-stream"}
        return client.post("/api/open", params={"name": name}, content=data, headers=headers)

    assert opened("C:\\drafts\\..\\knee.md", "é\r\nb\rc".encode("utf-16")).json() == {
        "name": "knee.md",
        "format": "markdown",
        "text": "é\nb\nc",
        "document": "",
    }
    word = opened("brochure.docx", brochure).json()
    assert b64decode(word["document"]) == brochure
    assert word["text"] + "\n" == parse_bytes(brochure, path="x.docx").source
    for name, data in (("x.pdf", b"%PDF"), ("x.docx", b"PK"), ("x.txt", b"a\0b"), ("", b"")):
        refused = opened(name, data)
        assert (refused.status_code, set(refused.json())) == (422, {"error"})


def test_a_word_document_is_followed_as_it_changes(client: TestClient, brochure: bytes) -> None:
    """Findings lead into the page's text, empty lines included, and to the document's places."""
    source = parse_bytes(brochure, path="x.docx").source
    text = source.replace("\n", "\n\n").replace("heals damaged discs", "\U0001f600 cures sciatica")
    request = {"text": text, "format": "docx", "document": b64encode(brochure).decode()}
    report = ask(client, "lint", **request, name="brochure.docx")
    (file,) = report["files"]
    quotes = str.maketrans("“”", '""')
    shown = {
        text[f["start"]["offset"] : f["end"]["offset"]].translate(quotes) for f in file["findings"]
    }
    assert shown == {finding["match"] for finding in file["findings"]}
    assert (report["changed"], any("cures sciatica" in each for each in shown)) == (True, True)
    cell = next(f for f in file["findings"] if "guaranteed" in f["match"])
    assert cell["place"].startswith("table 1, row 2, cell 2")
    boxed = {**request, "text": text.replace("five places", "six places")}
    failed = ask(client, "lint", **boxed, name="brochure.docx")
    assert "make it in Word" in failed["failures"][0]["error"]


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("draft", "Knie “neu”.html"),
        ("markdown", "Knie “neu”.md"),
        ("word", "Knie “neu”-reviewed.docx"),
        ("report", "Knie “neu”-report.html"),
        ("settings", ".medlint.yaml"),
    ],
)
def test_downloads_have_their_names(client: TestClient, form: str, name: str) -> None:
    """Each form comes as a file to save, named after the draft, whatever that is called."""
    from urllib.parse import unquote  # noqa: PLC0415

    request = {"text": "<p>Our clinic cures arthritis.</p>", "format": "html", "as": form}
    response = client.post("/api/download", json={**request, "name": "../x/Knie “neu”.html"})
    kind, _, written = response.headers["content-disposition"].partition("; filename*=UTF-8''")
    assert (response.status_code, kind, unquote(written)) == (200, "attachment", name)
    assert len(response.content) > 20


def test_downloads_that_cannot_be(client: TestClient) -> None:
    """An unknown form, and a report of what was not checked, are refused."""
    unknown = client.post("/api/download", json={"text": "Fine.", "as": "reprot"})
    assert (unknown.status_code, "did you mean" in unknown.json()["error"]) == (400, True)
    german = "Unsere Klinik heilt Arthrose ohne Operation und ohne Risiko für alle. " * 5
    unchecked = client.post("/api/download", json={"text": german, "as": "report"})
    assert (unchecked.status_code, "English" in unchecked.json()["error"]) == (422, True)


def test_the_report_keeps_the_reasons(client: TestClient) -> None:
    """What was allowed stands in the report with its reason, escaped like all else."""
    allowed = [{"phrase": "cures arthritis", "reason": "<b>quoted</b>"}]
    request = {"text": "Our clinic cures arthritis.", "allowed": allowed, "as": "report"}
    page = client.post("/api/download", json=request).text
    assert "“cures arthritis”: &lt;b&gt;quoted&lt;/b&gt;" in page


# Starting


def test_what_the_page_begins_with(tmp_path: Path) -> None:
    """Jurisdictions and product as configured, and the draft of the command line, by name only."""
    (tmp_path / ".medlint.yaml").write_text("rulesets: [uk]\nproduct: device\n", "utf-8")
    draft = tmp_path / "knee.md"
    draft.write_text("Fine.", "utf-8")
    app = make_app(Setup(options=Options(), draft=draft), ADDRESS)
    with TestClient(app, base_url=HOME) as client:
        found = ask(client, "start")
    assert (found["chosen"], found["product"]) == (["uk"], "device")
    assert found["draft"] == {
        "name": "knee.md",
        "format": "markdown",
        "text": "Fine.",
        "document": "",
    }
    assert {each["name"] for each in found["jurisdictions"]} == {
        "us", "uk", "eu", "au", "google-ads",
    }  # fmt: skip


def test_configuration_holds_in_the_page(tmp_path: Path) -> None:
    """Rules, overrides for the draft's path and allowed phrases are those of the command line."""
    (tmp_path / ".medlint.yaml").write_text(
        "rules: {cure: suggestion}\n"
        "overrides:\n  - files: ['knee.md']\n    allow: [it is completely safe]\n",
        "utf-8",
    )
    draft = tmp_path / "knee.md"
    draft.write_text("Our clinic cures arthritis. It is completely safe.", "utf-8")
    app = make_app(Setup(options=Options(), draft=draft), ADDRESS)
    with TestClient(app, base_url=HOME) as client:
        report = ask(client, "lint", text=draft.read_text("utf-8"), name="knee.md")
        other = ask(client, "lint", text=draft.read_text("utf-8"), name="other.md")
    found, elsewhere = (
        [(f["category"], f["severity"]) for f in each["files"][0]["findings"]]
        for each in (report, other)
    )
    assert found[0] == ("cure", "suggestion")
    assert len(elsewhere) > len(found)


def test_a_job_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """It gets a clear answer after the limit, and the next one is done by a new process."""
    rules = tmp_path / "slow"
    rules.mkdir()
    (rules / "ruleset.yaml").write_text('name: slow\nversion: "1"\n', "utf-8")
    (rules / "rules.yaml").write_text(
        "- id: slow\n  category: hype\n  check: {type: phrase, any: [gold]}\n"
        '  message: "“{match}”"\n',
        "utf-8",
    )
    setup = Setup(options=Options(no_config=True, rulesets=(str(rules),)))
    with TestClient(make_app(setup, ADDRESS, time_limit=0.0), base_url=HOME) as client:
        late = client.post("/api/lint", json={"text": "gold " * 20_000})
        assert (late.status_code, "was ended" in late.json()["error"]) == (504, True)
    with TestClient(make_app(setup, ADDRESS), base_url=HOME) as client:
        assert ask(client, "lint", text="gold")["summary"]["findings"] == 1
