"""What a publication and a tool are on screen, in the API and in the log."""

from __future__ import annotations

from typing import Final

from crm.kernel.i18n import Label
from crm.library.models import Publication, Tool
from crm.records.types import Column, Field, Names, Option, RecordType, Spine

SECTION: Final = "outreach"

PUBLICATION_KINDS: Final = (
    Option("report", Label(da="Rapport", en="Report"), "blue"),
    Option("analysis", Label(da="Analyse", en="Analysis"), "purple"),
    Option("paper", Label(da="Notat", en="Paper"), "slate"),
    Option("article", Label(da="Artikel", en="Article"), "teal"),
    Option("newsletter", Label(da="Nyhedsbrev", en="Newsletter"), "cyan"),
    Option("case_story", Label(da="Casehistorie", en="Success story"), "green"),
    Option("presentation", Label(da="Oplæg", en="Presentation"), "orange"),
    Option("other", Label(da="Andet", en="Other"), "grey"),
)
TOOL_KINDS: Final = (
    Option("template", Label(da="Skabelon", en="Template"), "blue"),
    Option("guide", Label(da="Vejledning", en="Guide"), "teal"),
    Option("method", Label(da="Metode", en="Method"), "purple"),
    Option("checklist", Label(da="Tjekliste", en="Checklist"), "green"),
    Option("survey", Label(da="Spørgeskema", en="Questionnaire"), "orange"),
    Option("course", Label(da="Kursusmateriale", en="Course material"), "cyan"),
    Option("other", Label(da="Andet", en="Other"), "grey"),
)

PUBLICATION: Final = RecordType(
    key="publication",
    names=Names(
        one=Label(da="publikation", en="publication"),
        many=Label(da="publikationer", en="publications"),
        new=Label(da="Ny publikation", en="New publication"),
        title=Label(da="Publikationer", en="Publications"),
    ),
    icon="notebook",
    model=Publication,
    section=SECTION,
    list_fields=("title", "kind", "published", "link", "file"),
    list_sort=("published", True),
    fields=(
        Field("title", "text", Label(da="Titel", en="Title"), Spine(("title",)), required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=PUBLICATION_KINDS),
        Field("published", "date", Label(da="Udgivet", en="Published"), Spine(("starts_at", "all_day"))),
        Field("link", "link", Label(da="Link", en="Link"), Column(("link",))),
        Field("file", "file", Label(da="Fil", en="File"), Column(("files",))),
        Field("summary", "text", Label(da="Resumé", en="Summary"), Column(("summary",)), config={"multiline": True}),
    ),
)

TOOL: Final = RecordType(
    key="tool",
    names=Names(
        one=Label(da="værktøj", en="tool"),
        many=Label(da="værktøjer", en="tools"),
        new=Label(da="Nyt værktøj", en="New tool"),
        title=Label(da="Værktøjer", en="Tools"),
    ),
    icon="stack-2",
    model=Tool,
    section=SECTION,
    list_fields=("title", "kind", "link", "file", "updated_at"),
    fields=(
        Field("title", "text", Label(da="Navn", en="Name"), Spine(("title",)), required=True),
        Field("kind", "choice", Label(da="Slags", en="Kind"), Column(("kind_of",)), options=TOOL_KINDS),
        Field("link", "link", Label(da="Link", en="Link"), Column(("link",))),
        Field("file", "file", Label(da="Fil", en="File"), Column(("files",))),
        Field(
            "description", "text", Label(da="Beskrivelse", en="Description"), Column(("description",)), config={"multiline": True}
        ),
    ),
)

TYPES: Final[tuple[RecordType, ...]] = (PUBLICATION, TOOL)
