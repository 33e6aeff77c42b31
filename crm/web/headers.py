"""Security headers on every answer: content policy with a nonce, framing, sniffing, referrer, cache."""

from __future__ import annotations

import secrets
from typing import Final

from flask import Flask, Response, request

_NONCE: Final = "klynge.nonce"
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_YEAR: Final = 31_536_000


def csp_nonce() -> str:
    """Give this answer's nonce, for the scripts and styles that the layout itself loads."""
    return str(request.environ.setdefault(_NONCE, secrets.token_urlsafe(16)))


def content_policy() -> str:
    """Word the content policy. A page that printed no nonce gets none."""
    nonce = request.environ.get(_NONCE)
    own = "'self'" if nonce is None else f"'self' 'nonce-{nonce}'"
    return (
        f"default-src 'self'; script-src {own}; style-src {own}; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    )


def install_headers(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer; a view may have set a stricter policy itself, and static files how long they are kept."""
    always = {**FIXED, "Cache-Control": "no-store"} | ({"Strict-Transport-Security": f"max-age={_YEAR}"} if https else {})
    fixed = [(name.lower(), name, value) for name, value in always.items()]

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        there = {name.lower() for name, _value in headers}  # asked once: `setdefault` walks all of them each time
        if "server" in there:
            headers.remove("Server")
        if "content-security-policy" not in there:
            headers.add("Content-Security-Policy", content_policy())
        for key, name, value in fixed:
            if key not in there:
                headers.add(name, value)
        return response
