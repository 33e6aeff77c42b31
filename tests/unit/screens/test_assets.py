"""What the browser gets: the libraries as pinned, and a drawing for every icon that is named."""

from __future__ import annotations

import re
import subprocess
import sys

from crm.screens import navigation
from crm.screens.assets import FOLDER, digest, static
from crm.screens.icons import icon, known_icons
from crm.screens.present import initials
from crm.wiring import BUILTIN_TYPES
from tests.support.tree import our_files, text_of

_NAMED = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")


def test_the_vendored_files_are_those_of_the_manifest():
    done = subprocess.run([sys.executable, "scripts/vendor", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_vendored_file_names_where_it_was_fetched_from():
    assert "registry" not in (FOLDER / "vendor" / "manifest.json").read_text()


def test_every_icon_that_a_type_a_menu_or_a_template_names_is_drawn():
    named = {item.icon for item in BUILTIN_TYPES} | {item.icon for item in navigation._items.values()}
    for path in our_files(".html"):
        named |= set(_NAMED.findall(text_of(path)))
    assert sorted(named - known_icons()) == []


def test_an_unknown_icon_is_a_plain_dot_and_no_fault():
    assert "#point" in icon("no-such-icon")


def test_static_addresses_change_with_the_files():
    assert static("klynge.css") == f"/assets/{digest()}/klynge.css"
    assert re.fullmatch(r"[0-9a-f]{12}", digest())


def test_initials_are_those_of_first_and_last_name():
    assert [initials(name) for name in ("Mette Krog", "Anne Marie von Holm", "Åse", "", "Klynge (seed)")] == [
        "MK",
        "AH",
        "Å",
        "",
        "KS",
    ]
