"""Raw values that no one should send, and that nobody can be kept from sending."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

#: The first and the last moment there are, of no zone.
MIN, MAX = datetime.fromisoformat("0001-01-01T00:00:00"), datetime.fromisoformat("9999-12-31T23:59:59.999999")
#: By hand: what has broken parsers before.
KNOWN: list[Any] = [
    "", " ", "\0", "\ud800", "a\udfffb", "\u202eabc", "\ufeff", "a\u0301" * 300, "x" * 100_000,
    "9" * 5000, "-" * 50, "٣", "²", "１２",
    "1e999999", "1e-999999", "NaN", "sNaN", "-Infinity", "0x10", "1_000", "1,2,3", "1.2.3", "1e30", "+-1", "−5", "1\u00a0000",
    "31-02-2027", "2027-13-01", "0000-00-00", "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2027-04-27T25:00", "2027-04-27 99.99", "T", "TTTT", "24:00", "2027-W17-2", "2027-04-27T10:00:00.123456789Z", "27/4", "kl. 10",
    "javascript:alert(1)", "data:text/html,x", "//evil.dk", "https://", "https://[::1",
    "http://a b.dk",
    "HTTPS://A.dk", "mailto:", "x:y",
    "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "%s%s%n", "../../etc/passwd", "@me", "@today",
    10**400, -(10**400), 2**31, 2**53, 2**63, -1, 0, True, False, 1.5, math.nan, math.inf, -math.inf, 1e308, -0.0,
    Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e400"), Decimal("0." + "1" * 60), Decimal("-0"),
    date.min, date.max, MIN, MAX, MAX.replace(tzinfo=timezone(-timedelta(hours=14))),
    MIN.replace(tzinfo=UTC), datetime(2027, 4, 27, tzinfo=timezone(timedelta(hours=5, minutes=53))),
    [], [1], {}, {"start": "x"}, {"start": None, "end": "2027-01-01"}, {"start": {"start": "2027-01-01"}}, {"start": [], "end": {}},
    {"a": 1}, {1: 2}, (), ("x",), {"x"}, b"bytes", bytearray(b"x"), object, object(), lambda: 0,
    range(3), 1j, ..., NotImplemented,
]  # fmt: skip

SCALARS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(), max_size=30),
    st.text("0123456789.,-:/ TZkl+e", max_size=30),
    st.integers(),
    st.integers(min_value=-(2**70), max_value=2**70),
    st.floats(),
    st.decimals(),
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes(),
    st.datetimes(timezones=st.just(UTC)),
    st.binary(max_size=20),
)
#: Anything that JSON, a form or a careless caller may hand over.
HOSTILE: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(KNOWN),
    SCALARS,
    st.fixed_dictionaries({}, optional={"start": SCALARS, "end": SCALARS, "all_day": SCALARS}),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6
    ),
)
