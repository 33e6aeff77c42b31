"""Random values of the directory's and the boards' types, as a person or the API would give them."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

SHORT = st.text(st.characters(codec="utf-8"), max_size=20)
NAME = st.sampled_from(["Aabenraa Havn", "Østfyn", "æ", "Ærø  net", "Zebra", "100 %", "a\u030a", "Ｆｕｌｌ", "ǅ"]) | SHORT.map(
    lambda text: f"N {text}"
)
DAY = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)).map(str)

ORGANISATION: dict[str, st.SearchStrategy[Any]] = {
    "title": NAME,
    "kind": st.sampled_from(["cluster", "company", "authority", None]),
    "cvr": st.sampled_from(["12345674", "DK 12 34 56 74", "87654321", "", None]),
    "city": st.none() | SHORT,
    "municipality": st.sampled_from(["0101", "0580", None]),
    "website": st.sampled_from(["a.dk", "HTTPS://b.dk/x", "mailto:x@y.dk", "", None]),
    "street": st.none() | SHORT,
    "email": st.sampled_from(["x@y.dk", "X@Y.dk, z@y.dk", None]),
    "phone": st.sampled_from(["33 11 22 33", "+46 8 506 10 000; 33 11 22 34", "", None]),
    "tags": st.sampled_from(["Vind, ærø", "100 %", None]),
    "note": st.none() | SHORT.map(lambda text: text + "\nog mere"),
}
PERSON: dict[str, st.SearchStrategy[Any]] = {
    "given_name": NAME,
    "family_name": st.none() | NAME,
    "email": st.sampled_from(["x@y.dk", None]),
    "phone": st.sampled_from(["33 11 22 33", None]),
}
EXTRA: dict[str, st.SearchStrategy[Any]] = {
    "x_text": st.none() | SHORT,
    "x_number": st.none() | st.decimals(min_value=-(10**6), max_value=10**6, places=4).map(str),
    "x_date": st.none() | DAY,
    "x_yes": st.none() | st.booleans(),
}


def some_of(fields: dict[str, st.SearchStrategy[Any]], *always: str) -> st.SearchStrategy[dict[str, Any]]:
    """Some of the fields, and always these."""
    optional = {name: strategy for name, strategy in fields.items() if name not in always}
    return st.fixed_dictionaries({name: fields[name] for name in always}, optional=optional)
