"""Where a WordPress site shows its API: under /wp-json/, or, where its addresses are plain ones, as ?rest_route=.

A site that was just installed may have plain addresses. It answers /wp-json/ with its home page, or with a 404 that is
no JSON; the other form works on every site, but for those that their owners guard or cache by the path.
"""

from collections.abc import Mapping
from typing import Any

from collectors.collector import CollectError, UnexpectedResponse
from collectors.wire import Declined, Wire

ROUTE = "wp/v2"


class Api:
    """The API of one site in one run; which form it takes is found by the first call."""

    def __init__(self, wire: Wire, address: str) -> None:
        """`address` is the site's, or, at WordPress.com, that of its API."""
        self._wire = wire
        self._root = "" if f"/{ROUTE}" in address else f"wp-json/{ROUTE}"
        self._plain: bool | None = False if not self._root else None

    @property
    def headers(self) -> Mapping[str, str]:
        """Those of the last answer."""
        return self._wire.headers

    def get(self, path: str, asked: Mapping[str, Any]) -> Any:
        """The JSON at a path of the API. Raises a CollectError, Declined among them."""
        if self._plain:
            return self._by_route(path, asked)
        try:
            found = self._wire.get(f"{self._root}/{path}", asked)
        except UnexpectedResponse as error:
            if self._plain is False or not _shows_no_api(error):
                raise
            try:
                found = self._by_route(path, asked)
            except CollectError:
                raise error from None
            self._plain = True
            return found
        self._plain = False
        return found

    def _by_route(self, path: str, asked: Mapping[str, Any]) -> Any:
        return self._wire.get("", {"rest_route": f"/{ROUTE}/{path}", **asked})


def _shows_no_api(error: UnexpectedResponse) -> bool:
    """Whether it was a page that answered, and not WordPress's own JSON, which says a `code`."""
    return not isinstance(error, Declined) or (error.status == 404 and '"code"' not in error.said)
