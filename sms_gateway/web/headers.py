"""The headers that tell browsers what our pages never do.

They are added below Flask, to the list that goes to the server. A response object would search all its headers for each
one, and an HTTP endpoint answers many times a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

FIXED = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}

STATIC_SECONDS = 3600
YEAR_SECONDS = 365 * 24 * 3600

_STATIC = [*FIXED.items()]
_PAGE = [*_STATIC, ("Cache-Control", "no-store")]
_OURS = {name.lower() for name in FIXED}
_OF_PAGES = {*_OURS, "cache-control"}


class WithHeaders:
    """A WSGI application that adds them to each response; caches keep no page, and a static file for an hour.

    `secure`: browsers always come by HTTPS, even when the request does not look like it here. `with_subdomains`: for a
    year, browsers ask for names below this host by HTTPS only.
    """

    def __init__(self, application: WSGIApplication, *, secure: bool, with_subdomains: bool = False) -> None:
        self._application = application
        self._secure = secure
        scope = "; includeSubDomains" * with_subdomains
        self._by_https = ("Strict-Transport-Security", f"max-age={YEAR_SECONDS}{scope}")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request and add the headers."""
        is_static = str(environ.get("PATH_INFO", "")).startswith("/static/")
        added, replaced = (_STATIC, _OURS) if is_static else (_PAGE, _OF_PAGES)
        if self._secure or environ["wsgi.url_scheme"] == "https":
            added = [*added, self._by_https]

        def start(
            status: str, headers: list[tuple[str, str]], trouble: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            kept = [pair for pair in headers if pair[0].lower() not in replaced]
            return start_response(status, [*kept, *added], trouble)

        return self._application(environ, start)
