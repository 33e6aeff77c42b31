"""What a person fills in to start a flow in Prefect, in Danish: Prefect's own screen knows one language at a time.

Each flow takes one model, because the form drops titles and limits of bare parameters. Values are words that a person can
type; what is wrong is refused in the first second, in a plain sentence.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class MeetingForm(BaseModel):
    """Hvilket møde det drejer sig om."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    board: str = Field(
        "", title="Udvalg", max_length=200, description="Udvalget eller gruppen. Kan stå tomt, når Møde er en adresse."
    )
    meeting: str = Field(
        "",
        title="Møde",
        max_length=300,
        description="Tomt er det næste møde. Ellers nummer og år som 1/2027, eller mødets adresse kopieret fra CRM.",
    )


class MeetingPackForm(MeetingForm):
    """Saml materialet til et møde. Det kan gøres igen, så tit du vil: intet sendes ud, før materialet er godkendt."""

    model_config = ConfigDict(title="Mødemateriale", extra="forbid", str_strip_whitespace=True)

    send_mails: bool = Field(
        False, title="Send mails", description="Send en mail til den mødeansvarlige, når materialet er samlet og kan godkendes."
    )


class PublishPackForm(MeetingForm):
    """Godkend mødematerialet og udsend det. Kræver den engangskode, som CRM viser den, der må godkende."""

    model_config = ConfigDict(title="Godkend og udsend mødemateriale", extra="forbid", str_strip_whitespace=True)

    approval_code: str = Field(
        "",
        title="Godkendelseskode",
        max_length=40,
        description="Fra knappen Vis godkendelseskode på mødets side i CRM. Kan bruges én gang.",
    )
    send_mails: bool = Field(False, title="Send mails", description="Send mail til medlemmerne om, at materialet ligger klar.")
