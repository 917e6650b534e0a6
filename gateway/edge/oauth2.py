"""Access tokens for XOAUTH2, fetched from a token endpoint (RFC 6749 §4.4, §6) and kept until shortly before they end.

The endpoint is reached over HTTPS alone, without redirects: what is posted there are secrets.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

RENEW_BEFORE = 120.0
"""Seconds: a login takes one, and clocks differ."""

_ANSWER_OCTETS = 64 * 1024
_SECONDS = 15.0


class TokenRefused(OSError):
    """The endpoint knows us and says no; the text is its own words."""


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """`client_secret` and `refresh_token` are called at each renewal; without the latter it is client credentials."""

    url: str
    client_id: str
    scope: str = ""
    client_secret: Callable[[], Awaitable[str]] | None = None
    refresh_token: Callable[[], Awaitable[str]] | None = None


@dataclass(slots=True)
class AccessTokens:
    """Call it for a token that is still good. Raises TokenRefused, or OSError where the endpoint is out of reach.

    A refresh token that the endpoint replaces is kept in memory: the one in the configuration stays valid with the
    providers that send none or the same.
    """

    endpoint: TokenEndpoint
    clock: Callable[[], float] = time.monotonic
    _token: str = field(default="", repr=False)
    _until: float = 0.0
    _refresh: str = field(default="", repr=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def __call__(self) -> str:
        async with self._turn:
            if not self._token or self.clock() >= self._until:
                await self._renew()
            return self._token

    def forget(self) -> None:
        """The server has refused this token: fetch another next time."""
        self._token = ""

    async def _renew(self) -> None:
        answer = await asyncio.to_thread(_post, self.endpoint.url, await self._form())
        token, seconds = answer.get("access_token"), answer.get("expires_in", 3600)
        if not isinstance(token, str) or not token:
            raise TokenRefused("the token endpoint answered without an access token")
        self._token = token
        lifetime = float(seconds) if isinstance(seconds, int | float | str) and str(seconds).isdecimal() else 3600.0
        self._until = self.clock() + max(0.0, lifetime - min(RENEW_BEFORE, lifetime / 2))
        replaced = answer.get("refresh_token")
        if isinstance(replaced, str):
            self._refresh = replaced

    async def _form(self) -> dict[str, str]:
        endpoint = self.endpoint
        form = {"client_id": endpoint.client_id}
        if endpoint.scope:
            form["scope"] = endpoint.scope
        if endpoint.client_secret is not None:
            form["client_secret"] = await endpoint.client_secret()
        if endpoint.refresh_token is None:
            return {**form, "grant_type": "client_credentials"}
        refresh = self._refresh or await endpoint.refresh_token()
        return {**form, "grant_type": "refresh_token", "refresh_token": refresh}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _post(url: str, form: dict[str, str]) -> dict[str, Any]:
    """Blocks for up to 15 s a read."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname or "")):
        raise TokenRefused("the token endpoint must be an https address")
    request = urllib.request.Request(url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json"})
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=_SECONDS) as response:
            return _read(response.read(_ANSWER_OCTETS))
    except urllib.error.HTTPError as error:
        with error:
            answer = _read(error.read(_ANSWER_OCTETS))
        words = " ".join(str(answer[key]) for key in ("error", "error_description") if key in answer)
        text = f"the token endpoint says {error.code} {words}".strip()[:300]
        raise (TokenRefused(text) if 400 <= error.code < 500 and error.code != 429 else OSError(text)) from None


def _read(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
