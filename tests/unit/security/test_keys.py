"""Random keys, their hashes, and hashes that need our own key."""

from __future__ import annotations

from crm.security.fab.hashing import hash_password, password_matches
from crm.security.keys import key_hash, keyed_hash, new_key


def test_keys_are_long_and_differ():
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert {len(key) for key in keys} == {43}


def test_a_hash_does_not_show_the_key():
    key = new_key()
    assert key not in key_hash(key)
    assert key_hash(key) == key_hash(key)


def test_a_keyed_hash_depends_on_secret_purpose_and_value():
    hashes = {keyed_hash(secret, purpose, value) for secret in "ab" for purpose in "pq" for value in "xy"}
    assert len(hashes) == 8


def test_passwords_are_hashed_by_scrypt_with_salt():
    first, second = hash_password("tyve røde cykler"), hash_password("tyve røde cykler")
    assert first != second
    assert first.startswith("scrypt:32768:8:1$")
    assert password_matches(first, "tyve røde cykler")
    assert not password_matches(first, "tyve røde cykle")


def test_no_stored_hash_fits_nothing():
    for stored in (None, ""):
        assert not password_matches(stored, "password")
    assert not password_matches(hash_password("x"), "")


def test_a_lone_surrogate_is_a_sign_like_any_other():
    stored = hash_password("tyve røde \ud800 cykler")
    assert password_matches(stored, "tyve røde \ud800 cykler")
    assert not password_matches(None, "\ud800")
