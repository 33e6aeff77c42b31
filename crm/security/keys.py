"""Random keys and their hashes. What we hand out is random; what we keep is only its hash."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def new_key() -> str:
    """Make a key of 256 random bits, safe in addresses and cookies."""
    return secrets.token_urlsafe(32)


def key_hash(key: str) -> str:
    """Hash a random key. It has 256 bits of its own, so one round of SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def keyed_hash(secret: str, purpose: str, value: str) -> str:
    """Hash something guessable (a user name) with our key, apart for each purpose."""
    return hmac.new(secret.encode(), f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()
