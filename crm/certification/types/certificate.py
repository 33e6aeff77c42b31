"""A certificate: a dated award of a label to one organisation, by one version of the scheme."""

from __future__ import annotations

from typing import Final

from crm.certification import rules
from crm.certification.models import Certificate
from crm.certification.schemes import NAMES
from crm.certification.types import deriving
from crm.directory.types.common import LEVEL_OPTIONS
from crm.kernel.i18n import Label
from crm.records.types import Ages, Column, Field, Functions, Links, Names, Option, RecordType, Values

SECTION: Final = "directory"
#: Suggested roles of an assessor; any other may be typed.
ASSESSOR_ROLES: Final = ("Ledende auditor", "Auditor", "Benchmarkingekspert", "Medauditor")
_COLOURS: Final = {"valid": "green", "expiring": "amber", "renewable": "orange", "lapsed": "grey", "superseded": "grey"}
STATUSES: Final = tuple(Option(status, name, _COLOURS[status]) for status, name in rules.STATUS_NAMES.items())

#: How an award was come by, kept together on page and form.
ASSESSMENT: Final = Label(da="Vurdering", en="Assessment")


def _title(new: Values) -> str:
    return str(new.get("_title") or "")


def _day(name: str, label: Label, help: Label | None = None, *, required: bool = False, read_only: bool = False) -> Field:  # noqa: A002 - as in `Field`
    return Field(name, "date", label, Column((name,)), config={"store": "day"}, help=help, required=required, read_only=read_only)


CERTIFICATE: Final = RecordType(
    key="certificate",
    names=Names(
        one=Label(da="certifikat", en="certificate"),
        many=Label(da="certifikater", en="certificates"),
        new=Label(da="Nyt certifikat", en="New certificate"),
        title=Label(da="Certifikater", en="Certificates"),
    ),
    icon="certificate",
    model=Certificate,
    section=SECTION,
    functions=Functions(derive=deriving.derive, check=deriving.check, title=_title, touches=deriving.touches, keeps=deriving.keeps),
    ages=Ages(("superseded_on", "status"), deriving.turns, deriving.basis),
    list_fields=("title", "organisation", "level", "status", "valid_until", "renew_by"),
    fields=(
        Field(
            "organisation",
            "relation",
            Label(da="Organisation", en="Organisation"),
            Column(("organisation_id",)),
            required=True,
            targets=("organisation",),
            back_label=Label(da="Certifikater", en="Certificates"),
        ),
        Field(
            "level",
            "choice",
            Label(da="Niveau", en="Level"),
            Column(("level",)),
            required=True,
            config={"badge": True},
            options=LEVEL_OPTIONS,
        ),
        Field(
            "status",
            "choice",
            Label(da="Status", en="Status"),
            Column(("status",)),
            config={"badge": True},
            options=STATUSES,
            read_only=True,
        ),
        _day("assessed", Label(da="Vurderet", en="Assessed"), required=True),
        _day(
            "valid_from",
            Label(da="Gyldigt fra", en="Valid from"),
            Label(da="Tomt = efter ordningens regel.", en="Empty = by the scheme's rule."),
        ),
        _day(
            "valid_until",
            Label(da="Gyldigt til", en="Valid until"),
            Label(da="Tomt = efter ordningens regel.", en="Empty = by the scheme's rule."),
        ),
        _day("renew_by", Label(da="Kan fornyes til", en="Can be renewed until"), read_only=True),
        _day("superseded_on", Label(da="Afløst den", en="Superseded on"), read_only=True),
        Field(
            "scheme_version",
            "choice",
            Label(da="Ordning", en="Scheme"),
            Column(("scheme_version",)),
            options=tuple(Option(key, name) for key, name in NAMES.items()),
            help=Label(da="Tomt = den, der gjaldt på vurderingens dag.", en="Empty = the one in use on the day of the assessment."),
        ),
        Field(
            "replaces",
            "relation",
            Label(da="Fornyer eller afløser", en="Renews or replaces"),
            Column(("replaces_id",)),
            targets=("certificate",),
            back_label=Label(da="Fornyet eller afløst af", en="Renewed or replaced by"),
            help=Label(
                da="Tomt på et nyt certifikat = organisationens seneste, som det fornyer eller afløser.",
                en="Empty on a new certificate = the organisation's latest that it renews or replaces.",
            ),
        ),
        Field(
            "score",
            "number",
            Label(da="Score", en="Score"),
            Column(("score",)),
            config={"decimals": 1, "min": 0, "max": 100, "unit": "%"},
            section=ASSESSMENT,
        ),
        Field(
            "assessors",
            "relation",
            Label(da="Assessorer", en="Assessors"),
            Links(),
            config={"roles": ASSESSOR_ROLES},
            targets=("person",),
            back_label=Label(da="Assessor ved", en="Assessor of"),
        ),
        Field(
            "report_id",
            "text",
            Label(da="Rapportnr.", en="Report no."),
            Column(("report_id",)),
            config={"max_length": 60},
            section=ASSESSMENT,
        ),
        Field(
            "fee",
            "money",
            Label(da="Gebyr", en="Fee"),
            Column(("fee_amount", "fee_currency")),
            config={"currencies": ("EUR", "DKK"), "min": 0},
            help=Label(da="Uden moms.", en="Without VAT."),
            section=ASSESSMENT,
        ),
        Field("note", "text", Label(da="Bemærkning", en="Note"), Column(("note",)), config={"multiline": True}),
    ),
)
