"""What a login needs, asked for at each login: a password, or a fresh access token (XOAUTH2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from gateway.config.secrets import SecretError, SecretRef, resolve
from gateway.config.settings import Auth, OAuth2
from gateway.edge.oauth2 import AccessTokens, TokenEndpoint

Secret = Callable[[], Awaitable[str]]


def secret(
    of: str, auth: Auth, password: SecretRef | None, oauth2: OAuth2 | None, environ: Mapping[str, str]
) -> Secret:
    """Resolved anew each time: a changed password needs no restart. It raises OSError, whose text names `of`."""
    if auth == "password":
        return _plain(of, password, environ)
    if oauth2 is None:
        return _missing(f"{of} has auth xoauth2 and no oauth2 table")
    return AccessTokens(
        TokenEndpoint(
            url=oauth2.token_url,
            client_id=oauth2.client_id,
            scope=oauth2.scope,
            client_secret=_plain(of, oauth2.client_secret, environ) if oauth2.client_secret else None,
            refresh_token=_plain(of, oauth2.refresh_secret, environ) if oauth2.refresh_secret else None,
        )
    )


def _plain(of: str, reference: SecretRef | None, environ: Mapping[str, str]) -> Secret:
    async def resolved() -> str:
        if reference is None:
            raise OSError(f"{of} has no password_secret")
        try:
            return await asyncio.to_thread(resolve, reference, environ)
        except SecretError as error:
            raise OSError(f"{of}: {error}") from error

    return resolved


def _missing(what: str) -> Secret:
    async def refused() -> str:
        raise OSError(what)

    return refused
