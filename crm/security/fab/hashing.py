"""Password hashes in Flask-AppBuilder's own form (Werkzeug's scrypt), so that `ab_user.password` stays readable by both."""

from __future__ import annotations

from typing import Final

from werkzeug.security import check_password_hash, generate_password_hash

#: scrypt with Werkzeug's cost (n=2¹⁵, r=8, p=1): about 32 MB and a tenth of a second a try.
METHOD: Final = "scrypt"
#: Compared with when there is no such user, so that both answers take the same time.
_NOBODY: Final = (
    "scrypt:32768:8:1$wiDa0ruWlIPhp9LM$6e409d093e62ad54df2af895d0e125b05ff6cf64148350189ffc4bcc71286edf1b8ad94a442c00f89022"
    "4bf2b32153d0750c89ee9401e62f9dcee5399065e4e5"
)


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt."""
    return generate_password_hash(_encodable(password), METHOD)


def password_matches(stored: str | None, password: str) -> bool:
    """Compare in constant time; without a stored hash the same work is done and the answer is no."""
    if not stored or not password:
        check_password_hash(_NOBODY, _encodable(password) or "-")
        return False
    return check_password_hash(stored, _encodable(password))


def _encodable(password: str) -> str:
    """Replace what UTF-8 cannot hold (a lone surrogate in JSON), the same way when setting and when comparing."""
    return password.encode("utf-8", "replace").decode("utf-8")
