"""What hangs on organisations and people: former names, further addresses, and who agreed to be written to."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Final

from crm.demo.plan.names import Inventor
from crm.demo.plan.sizes import Size
from crm.demo.plan.world import Org, World, open_day, span

#: Clusters that had another name before the office's time: key, the old name, the first day of the present one.
FORMER: Final = (
    ("klimateknik", "Sønderjysk Køleklynge", date(2017, 1, 1)),
    ("herning", "Herning Beklædningsnetværk", date(2018, 5, 1)),
    ("gudenaa", "Randers Fødevareforum", date(2016, 9, 1)),
    ("drone", "Fynsk Luftfartsforum", date(2019, 2, 1)),
    ("agency", "Styrelsen for Klyngeudvikling", date(2020, 10, 1)),
)
#: Clusters that changed their name within it: key, the old name, days before the day of loading.
RENAMED: Final = (("vejleemb", "Vejle Papemballage", 510), ("laering", "København Digital Læring", 290))
CONSENT: Final = "Ja tak til at få nyt fra Klyngesekretariatet på e-mail. Jeg kan til enhver tid sige nej. (version 2)"


def add_details(world: World, inventor: Inventor) -> None:
    """Write down names, sites and consents."""
    dice = world.dice("details")
    _add_names(world)
    for org in [*world.clusters, *world.known(world.load_day, "company")]:
        if dice.random() < (0.4 if org.regions else 0.09):
            _add_site(world, inventor, dice, org)
    share = 0.22 if world.size is Size.FULL else 0.05
    for human in world.humans:
        if human.key.startswith("p") and dice.random() < (share * 2 if human.org.regions else share):
            _add_consents(world, dice, human.key, human.since)


def _add_names(world: World) -> None:
    day = world.start + timedelta(days=20)
    for key, old, changed in FORMER:
        before = {"title": old, "organisation": key, "period": span(date(changed.year - 5, 1, 1), changed - timedelta(days=1))}
        world.create(day, "mette", f"{key}_former", "organisation_name", before)
        now = {"title": world.orgs[key].title, "organisation": key, "period": span(changed)}
        world.create(day, "mette", f"{key}_present", "organisation_name", now)
    for key, old, ago in RENAMED:
        # the diary of the first day holds the order that made it: it was made under the old name
        world.rename(key, old, open_day(world.ago(ago)))


def _add_site(world: World, inventor: Inventor, dice: random.Random, org: Org) -> None:
    town = inventor.town()
    day = world.any_day(dice, org.since + timedelta(days=1), world.ago(3))
    values = {
        "title": f"Afdeling i {town['city']}",
        "organisation": org.key,
        "p_number": str(dice.randint(1_020_000_000, 1_029_999_999)),
        "street": inventor.street(),
        "postcode": town["postcode"],
        "city": town["city"],
        "municipality": town["municipality"],
        "main": False,
    }
    world.create(
        max(day, org.since), org.by if day <= org.since else dice.choice(("mette", "sofie")), f"{org.key}_site", "site", values
    )


def _add_consents(world: World, dice: random.Random, key: str, since: date) -> None:
    """A yes to the newsletter, often to invitations too; a few have said no again."""
    first = world.any_day(dice, since + timedelta(days=1), world.ago(3))
    if first <= since:
        return
    how = dice.choice(("form", "event", "mail", "oral"))
    for purpose in ("newsletter", "invitations")[: dice.randint(1, 2)]:
        values = {"person": key, "purpose": purpose, "channel": "email", "given": first, "how": how, "wording": CONSENT}
        world.create(first, "sofie", f"{key}_{purpose}", "consent", values)
        later = world.any_day(dice, first + timedelta(days=1), world.ago(2))
        if dice.random() < 0.06 and later > first:
            world.note(later, "sofie", {"update": f"{key}_{purpose}", "values": {"withdrawn": later}})
    if dice.random() < 0.05:
        values = {
            "person": key,
            "purpose": "portrait",
            "channel": "web",
            "given": first,
            "how": "event",
            "wording": "Billede fra Innovation Camp",
        }
        world.create(first, "sofie", f"{key}_portrait", "consent", values)
