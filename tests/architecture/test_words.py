"""The words on screen: Danish complete, Danish as the people say it, and nothing outside the catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from scripts import words

ROOT = Path(__file__).resolve().parents[2]
CODE = ("crm", "workflows", "integrations")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sdf]|%[sd]")

#: Left column of the word list of the product: what must not be said in Danish, and what is said instead.
FORBIDDEN = {
    r"^Kort$|\b[Kk]ort(et|visning)\b": "Kartotek; Landkort",
    r"(?i)\bkanban": "Tavle",
    r"(?i)[\d…]\s+poster\b|(?<!\begne )\bposter(ne)?$": "the type's own plural",  # "Egne poster" are seats in boards
    r"(?i)\bmødepakke|\bpakken?\b": "Mødemateriale",
    r"\bByg\b|\bByg igen\b": "Saml materialet (igen)",
    r"(?i)\barkivér|\barkiver\b": "Slet; Lagt i papirkurven",
    r"(?i)\bstart flow|\bkørs(el|ler)": "Sæt i gang; Status",
    r"^Styring$|^Resultater$|^Strategi og services$": (
        "Governance og samarbejde; Resultater og anerkendelse; Strategi, mål og services"
    ),
    r"\bArr\.|\bDelt\.|\bhar sagt ja\b|\binviterede\b": "Arrangementer, Deltagere; deltager; indkaldt",
    r"(?i)\baktionspunkt|\bfollow-?up": "Opfølgningspunkt",
    r"(?i)\bboards?\b|\bmandat": "Udvalg og grupper; Udpegning",
    r"(?i)\blabels?\b": "Certifikat; Certificering",
    r"(?i)\b(valid|expiring|expired|lapsed|superseded)\b": "Gyldigt, Udløber snart, Udløbet – kan fornyes, Bortfaldet, Afløst",
    r"(?i)\bevidens|\bmust-have|\bgap list|\bwhat-if": "Dokumentation; Minimumskrav; Mangler; Prøv ændringer",
    r"(?i)\bpotentiale?r?\b|\bbroker|\bintensitet|\bE-I": "Muligt samarbejde; Brobygger; Samarbejdets tæthed",
    r"(?i)\bpeek\b|\bkonflikt|\blivscyklus|\blifecycle|\bdigest\b": "Hurtigvisning; Rettet samtidig; Sagsgang; Dagens overblik",
}

#: Names and unit signs (min) that are the same in every language, so they may stand in a template as they are.
NAMES = {"min", "Dansk", "English", "Klynge", "Word", "PDF", "Prefect", "CVR", "API", "Esc", "Ctrl", "Enter", "docx"}
SPOKEN_ATTRIBUTES = {"title", "placeholder", "alt", "aria-label", "aria-description", "data-confirm"}


@pytest.fixture(scope="module")
def catalogue():
    return words.danish()


@pytest.fixture(scope="module")
def needed():
    return words.needed()


def first(msgid) -> str:
    """Give the key of an entry: of one with a plural, the singular."""
    return msgid if isinstance(msgid, str) else msgid[0]


def strings(entry) -> tuple[str, ...]:
    return tuple(entry.string) if isinstance(entry.string, tuple | list) else (entry.string or "",)


# ------------------------------------------------------------------------------------------------------- the catalogue
def test_every_sentence_has_a_danish_wording(catalogue, needed):
    """Ours, Flask-AppBuilder's and WTForms'. Missing some? `scripts/messages` lists them, `scripts/add-danish` puts them in."""
    missing = []
    for entry in needed:
        if entry.id:
            mine = catalogue.get(first(entry.id))
            if mine is None or mine.fuzzy or not all(strings(mine)):
                missing.append((entry.id, [name for name, _ in entry.locations]))
    assert missing == []


def test_the_catalogue_holds_nothing_that_no_code_says(catalogue, needed):
    assert [
        entry.id for entry in catalogue if entry.id and needed.get(entry.id if isinstance(entry.id, str) else entry.id[0]) is None
    ] == []


def test_the_catalogue_holds_all_of_flask_appbuilder_and_wtforms(catalogue):
    borrowed = words.borrowed()
    assert len(borrowed) >= 153 + 34
    assert [key for key in borrowed if catalogue.get(first(key)) is None] == []


def test_a_danish_wording_has_the_placeholders_of_the_english(catalogue):
    wrong = []
    for entry in catalogue:
        if not entry.id:
            continue
        english = entry.id if isinstance(entry.id, str) else entry.id[1]
        for danish in strings(entry):
            one_or_many = not isinstance(entry.id, str)
            expected, found = set(PLACEHOLDER.findall(english)), set(PLACEHOLDER.findall(danish))
            if expected != found and not (one_or_many and found < expected and danish == strings(entry)[0]):
                wrong.append((english, danish))
    assert wrong == []


def test_the_compiled_catalogue_says_the_same_as_its_source(catalogue):
    from crm.kernel.i18n import catalogue as spoken

    danish = spoken("da")
    assert [
        entry.id for entry in catalogue if isinstance(entry.id, str) and entry.id and danish.gettext(entry.id) != entry.string
    ] == []


# ---------------------------------------------------------------------------------------------------------- the labels
def python_files() -> Iterator[Path]:
    for folder in CODE:
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def labels() -> tuple[tuple[str, str | None, str | None], ...]:
    """Find every `Label(…)` of constants in the code: where it stands, its Danish and its English."""
    found = []
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Label"):
                continue
            given: dict[str, ast.expr] = dict(zip(("da", "en"), node.args, strict=False))
            given.update({word.arg: word.value for word in node.keywords if word.arg})
            texts = {key: str(value.value) for key, value in given.items() if isinstance(value, ast.Constant)}
            if all(isinstance(value, ast.Constant) for value in given.values()):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", texts.get("da"), texts.get("en")))
    return tuple(found)


def test_every_label_has_both_languages():
    found = labels()
    assert len(found) > 20
    lacking = [place for place, danish, english in found if not english and any(sign.isalpha() for sign in danish or "x")]
    assert lacking == []


# ------------------------------------------------------------------------------------------------- Danish as it is said
def danish_texts(catalogue) -> Iterator[tuple[str, str]]:
    for entry in catalogue:
        for text in strings(entry) if entry.id else ():
            yield f"catalogue {entry.id!r}", text
    for place, danish, _english in labels():
        yield place, danish or ""
    for path in sorted((ROOT / "seeds").rglob("*.txt")):
        if ".en." not in path.name:
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "seeds").rglob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            yield from ((str(path.relative_to(ROOT)), text) for text in sentences(document))


def sentences(value: object) -> Iterator[str]:
    """Find the texts of a YAML document that are more than a key or an address: those with a space in them."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from sentences(part)
    elif isinstance(value, str) and " " in value:
        yield value


@pytest.fixture(scope="module")
def texts(catalogue):
    return list(danish_texts(catalogue))


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_a_word_that_the_people_do_not_use_is_not_used(pattern, texts):
    found = [(place, text) for place, text in texts if re.search(pattern, PLACEHOLDER.sub("…", text))]
    assert found == [], f"say instead: {FORBIDDEN[pattern]}"


def test_danish_quotation_marks_are_danish(texts):
    """”Sådan”, with the same sign before and after; “so” is English."""
    assert [(place, text) for place, text in texts if "“" in text] == []


def test_verbs_that_tell_someone_to_do_something_carry_their_accent(texts):
    """Both spellings are right; one is used: Redigér, Annullér, Filtrér."""
    plain = r"(Annuller|Inviter|Deaktiver|Aktiver|Rediger|Filtrer|Kopier|Opdater|Marker|Sorter|Eksporter|Importer)\b"
    assert [(place, text) for place, text in texts if re.match(plain, text)] == []


def test_sentences_in_the_code_are_english(needed):
    assert [entry.id for entry in needed if re.search("[æøåÆØÅ]", str(entry.id))] == []


# ------------------------------------------------------------------------------------------------------- the templates
class VisibleText(HTMLParser):
    """Collects what a person would see or hear of a template whose Jinja parts are taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._silent = 0

    def handle_starttag(self, tag, attrs):
        self._silent += tag in {"script", "style", "code"}
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES and value:
                self.handle_words(value)

    def handle_endtag(self, tag):
        self._silent -= tag in {"script", "style", "code"}

    def handle_data(self, data):
        if not self._silent:
            self.handle_words(data)

    def handle_words(self, text):
        text = re.sub(r"""[\w-]+=["'][^"']*["']""", " ", text)  # attributes that a macro gives as text
        bare = [word for word in re.findall(r"[A-Za-zÆØÅæøå]{2,}", text) if word not in NAMES]
        if bare:
            self.found.append((self.getpos()[0], " ".join(text.split())))


def without_jinja(source: str) -> str:
    """Take out comments, expressions, statements and raw text to be translated; lines keep their numbers."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match.group().count("\n")

    source = re.sub(r"\{#.*?#\}", blank, source, flags=re.DOTALL)
    source = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", blank, source, flags=re.DOTALL)
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", blank, source, flags=re.DOTALL)


def bare_text(source: str) -> list[tuple[int, str]]:
    parser = VisibleText()
    parser.feed(without_jinja(source))
    parser.close()
    return parser.found


def test_templates_hold_no_visible_text_outside_the_catalogue():
    found = [
        (f"{path.relative_to(ROOT)}:{line}", text)
        for path in sorted((ROOT / "crm").rglob("templates/**/*.html"))
        for line, text in bare_text(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{{ _('Hello') }}</p>", []),
        ("<p>Hello</p>", ["Hello"]),
        ("<p title='Close'>{{ x }}</p>", ["Close"]),
        ("<p title='{{ _(\"Close\") }}'>·</p>", []),
        ("{% if a %}<b>{% else %}Nothing{% endif %}", ["Nothing"]),
        ("{# a comment #}<script>let word = 1</script>", []),
        ("<a>{{ name }} Klynge (PDF)</a>", []),
        ('<input placeholder="Search{{ x }}">', ["Search"]),
    ],
)
def test_the_checker_sees_what_a_person_sees(source, found):
    assert [text for _line, text in bare_text(source)] == found
