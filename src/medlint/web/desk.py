"""The work behind the page: opening drafts, checking them, making the files to download.

Nothing here knows of the network. The rules are loaded once for each choice of jurisdictions and
stay, as do the sentences that were read lately, so that a draft is checked at the pace of typing.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from medlint import __version__, loader
from medlint.api import Checked, Linter, Linters, Options, failures_of, read_bytes
from medlint.config import Name, nearest
from medlint.errors import MedlintError
from medlint.findings import Product, Report
from medlint.parsing import is_binary, parse, parse_bytes
from medlint.parsing.decode import decode
from medlint.records import dataclass, replace
from medlint.reporters import NOTICE, View, reporter
from medlint.reporters.docx import annotate, changes, fresh
from medlint.reporters.markdown import as_markdown
from medlint.suppress import page_wide_rules
from medlint.web import shown
from medlint.web.settings import settings_file
from medlint.web.wanted import SUFFIXES, WORD, RequestError, Wanted, named

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from medlint.findings import FileReport

# How many choices of jurisdictions stay loaded, some 30 MB each.
_MOST_LINTERS = 4
# A page is checked again with every change; so many of its sentences are not read again.
_MOST_SENTENCES = 800
_CORE = "core"
# Word's own manual line break is a character that no browser shows; this one stands for it.
BREAK, SHOWN_BREAK = "\v", "\u21b5"

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How the page was started: `draft` is what it opens with, if anything."""

    options: Options
    draft: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to download."""

    name: str
    media_type: str
    data: bytes


class Desk:
    """Does what the page asks for, one thing after another."""

    def __init__(self, setup: Setup, today: Callable[[], date]) -> None:
        """Read the configuration; the rules are loaded with the first draft.

        Raises:
            ConfigError: the configuration is wrong.
        """
        self._today = today
        self._draft = setup.draft
        folder = (setup.draft or Path("draft")).absolute().parent
        config = Linters(setup.options).config_for(folder)
        if setup.options.rulesets:
            names = tuple(Name(name, "--ruleset") for name in setup.options.rulesets)
            config = replace(config, base=Path.cwd(), rulesets=names)
        elif not config.rulesets:
            names = tuple(Name(name, "the default") for name in loader.default_rulesets())
            config = replace(config, rulesets=names)
        self._config = config
        self._options = replace(setup.options, rulesets=())
        self._laws = loader.jurisdictions()
        self._linters: OrderedDict[tuple[object, ...], Linter] = OrderedDict()

    @property
    def _configured(self) -> tuple[str, ...]:
        """The jurisdictions that the configuration names."""
        names = {name.text for name in self._config.rulesets}
        return tuple(law for law in self._laws if law in names)

    def start(self) -> dict[str, Any]:
        """Return what the page needs to begin: what can be chosen, and the draft to open.

        Raises:
            MedlintError: the draft cannot be read.
        """
        choices = self._config.choices.under(self._options.choices)
        return {
            "medlint": __version__,
            "notice": NOTICE,
            "jurisdictions": [shown.law(law) for law in self._laws],
            "chosen": list(self._configured),
            "products": [product.value for product in Product],
            "product": (choices.product or Product.AUTO).value,
            "configuration": self._config.path,
            "draft": None if self._draft is None else self._opened(self._draft),
        }

    def _opened(self, draft: Path) -> dict[str, Any]:
        return self.open(read_bytes(draft), draft.name)

    def warm(self) -> None:
        """Load the usual rules before anybody waits for them.

        Raises:
            ConfigError: the configuration is wrong.
            RulesetError: a rule file is wrong.
        """
        linter = self._linter(None)
        linter.lint_source("Our clinic offers relief.", "draft.md")

    def open(self, data: bytes, name: str) -> dict[str, Any]:
        """Return a file as a draft for the page.

        Raises:
            InputError: it cannot be read.
        """
        name = named(name)
        if is_binary(name):
            document = parse_bytes(data, path=name)
            text, original = _to_page(document.source.removesuffix("\n")), data
        else:
            text, original = decode(data, name), b""
            document = parse(text, path=name)
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if document.format not in SUFFIXES:
            message = f"{name}: the review page shows no drafts of the format {document.format}"
            raise RequestError(message)
        return {
            "name": name,
            "format": document.format,
            "text": text,
            "document": base64.b64encode(original).decode("ascii"),
        }

    def lint(self, wanted: Wanted) -> dict[str, Any]:
        """Return what checking a draft gave, as the page shows it."""
        checked, data = self._checked(wanted)
        places, page_wide = None, frozenset[str]()
        if checked.report is not None:
            page_wide = page_wide_rules(self._linter_of(wanted).ruleset)
        if wanted.format == WORD and checked.report is not None and checked.report.document:
            places = shown.Lines(wanted.text, checked.report.document.source)
        is_changed = data != wanted.document
        return shown.checked(_report(checked), wanted, places, page_wide, is_changed=is_changed)

    def download(self, wanted: Wanted) -> File:
        """Return a file made of a draft.

        Raises:
            RequestError: there is no such file.
            MedlintError: it cannot be made, for the draft cannot be checked, say.
        """
        if wanted.form not in self._DOWNLOADS:
            message = f"there is no download “{wanted.form}”{nearest(wanted.form, self._DOWNLOADS)}"
            raise RequestError(message)
        media_type, suffix, make = self._DOWNLOADS[wanted.form]
        stem = wanted.name.rpartition(".")[0] or wanted.name
        suffix = suffix or SUFFIXES[wanted.format]
        name = suffix if suffix.startswith(".medlint") else f"{stem}{suffix}"
        return File(name=name, media_type=media_type, data=make(self, wanted))

    # Files

    def _as_draft(self, wanted: Wanted) -> bytes:
        if wanted.format == WORD:
            return _word(wanted)
        return wanted.text.encode()

    def _as_markdown(self, wanted: Wanted) -> bytes:
        if wanted.format == "markdown":
            return wanted.text.encode()
        if wanted.format == WORD:
            return as_markdown(parse_bytes(_word(wanted), path=wanted.name)).encode()
        return as_markdown(parse(wanted.text, path=wanted.name, format=wanted.format)).encode()

    def _as_word(self, wanted: Wanted) -> bytes:
        checked, data = self._checked(wanted)
        file = _file(checked)
        if wanted.format == WORD:
            return annotate(data, file)
        return annotate(*fresh.written(file))

    def _as_report(self, wanted: Wanted) -> bytes:
        checked, _ = self._checked(wanted)
        file = _file(checked)
        setup: tuple[tuple[str, str], ...] = ()
        if file.document is not None:
            setup = self._linter_of(wanted).setup(file.document)
        view = View(
            today=self._today(),
            setups={file.path: shown.with_reasons(setup, wanted.allowed)},
        )
        return reporter("html")(_report(checked), view).encode()

    def _as_settings(self, wanted: Wanted) -> bytes:
        laws = self._configured if wanted.jurisdictions is None else wanted.jurisdictions
        return settings_file(self._rulesets(laws), wanted.product, wanted.allowed).encode()

    # What a download is, the end of its name (nothing: the draft's own), and what makes it.
    _DOWNLOADS: ClassVar[dict[str, tuple[str, str, Callable[[Desk, Wanted], bytes]]]] = {
        "draft": ("application/octet-stream", "", _as_draft),
        "markdown": ("text/markdown; charset=utf-8", ".md", _as_markdown),
        "word": (_WORD_TYPE, "-reviewed.docx", _as_word),
        "report": ("text/html; charset=utf-8", "-report.html", _as_report),
        "settings": ("application/yaml; charset=utf-8", ".medlint.yaml", _as_settings),
    }

    # Checking

    def _checked(self, wanted: Wanted) -> tuple[Checked, bytes]:
        """Check a draft; return the Word document too that was checked, if it is one."""
        data = b""
        try:
            linter = self._linter_of(wanted)
            if wanted.format == WORD:
                data = _word(wanted)
                return linter.lint_bytes(data, wanted.name, format=WORD), data
            return linter.lint(
                parse(wanted.text, path=wanted.name, format=wanted.format), self._place(wanted)
            ), data
        except RequestError:
            raise
        except MedlintError as error:
            return Checked(failures=failures_of(error, wanted.name)), data

    def _place(self, wanted: Wanted) -> Path:
        """Return where a draft stands, for the settings that hold there; nothing is read from it.

        Only the draft that the page was started with has a place of its own.
        """
        if self._draft is not None and self._draft.name == wanted.name:
            return self._draft
        return Path(wanted.name)

    def _linter_of(self, wanted: Wanted) -> Linter:
        return self._linter(wanted.jurisdictions).under(wanted.choices)

    def _linter(self, laws: tuple[str, ...] | None) -> Linter:
        """Return the linter of some jurisdictions, from memory where it is there."""
        chosen = self._configured if laws is None else self._known(laws)
        key = (chosen, self._today())
        linter = self._linters.get(key)
        if linter is None:
            config = replace(self._config, rulesets=self._names(chosen))
            linter = Linter(config, replace(self._options, today=self._today()))
            linter.ruleset.tagger.remember(_MOST_SENTENCES)
            self._linters[key] = linter
            if len(self._linters) > _MOST_LINTERS:
                self._linters.popitem(last=False)
        self._linters.move_to_end(key)
        return linter

    def _known(self, laws: tuple[str, ...]) -> tuple[str, ...]:
        for law in laws:
            if law not in self._laws:
                message = f"there is no jurisdiction “{law}”{nearest(law, self._laws)}"
                raise RequestError(message)
        return tuple(law for law in self._laws if law in laws)

    def _names(self, laws: tuple[str, ...]) -> tuple[Name, ...]:
        """Return the configured rulesets with other jurisdictions in them."""
        if laws == self._configured:
            return self._config.rulesets
        kept = tuple(name for name in self._config.rulesets if name.text not in self._laws)
        core = tuple(name for name in kept if name.text == _CORE)
        own = tuple(name for name in kept if name.text != _CORE)
        page = tuple(Name(law, "the page") for law in laws)
        # One's own rulesets have the last word, and without any jurisdiction core is left.
        return (*(core or (Name(_CORE, "the page"),)), *page, *own)

    def _rulesets(self, laws: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.text for name in self._names(self._known(laws)))


def _word(wanted: Wanted) -> bytes:
    """Return the Word document with the text as it stands in the page."""
    return changes.revised(wanted.document, wanted.name, _from_page(wanted.text))


def _to_page(source: str) -> str:
    return source if SHOWN_BREAK in source else source.replace(BREAK, SHOWN_BREAK)


def _from_page(text: str) -> str:
    return text.replace(SHOWN_BREAK, BREAK)


def _report(checked: Checked) -> Report:
    files = () if checked.report is None else (checked.report,)
    return Report(files=files, failures=checked.failures, rulesets=checked.rulesets)


def _file(checked: Checked) -> FileReport:
    """Return the report of a draft that was checked whole.

    Raises:
        MedlintError: it was not.
    """
    if checked.report is None or checked.failures:
        message = "\n".join(f"{failure.path}: {failure.error}" for failure in checked.failures)
        raise MedlintError(message)
    return checked.report
