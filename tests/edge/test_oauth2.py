from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from gateway.edge.imap import MailSource
from gateway.edge.imap_client import LoginRefused
from gateway.edge.oauth2 import AccessTokens, TokenEndpoint, TokenRefused

from .test_imap_client import scripted, settings

pytestmark = pytest.mark.asyncio

Answer = tuple[int, dict[str, object]]


@contextmanager
def provider(*answers: Answer) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """A token endpoint that gives these answers, the last one again and again, and the forms it was sent."""
    forms: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = answers[min(len(forms), len(answers) - 1)]
            forms.append({name: values[0] for name, values in parse_qs(body).items()})
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/token", forms
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


async def the_secret() -> str:
    return "c1ient"


async def the_refresh() -> str:
    return "r-0"


async def test_a_token_is_fetched_once_and_renewed_before_it_ends() -> None:
    now = 1000.0
    with provider((200, {"access_token": "a1", "expires_in": 3600}), (200, {"access_token": "a2"})) as (url, forms):
        tokens = AccessTokens(TokenEndpoint(url, "id", "mail", the_secret), clock=lambda: now)
        assert [await tokens(), await tokens()] == ["a1", "a1"]
        now += 3479
        assert await tokens() == "a1"
        now += 2
        assert await tokens() == "a2"
    assert forms[0] == {
        "client_id": "id", "scope": "mail", "client_secret": "c1ient", "grant_type": "client_credentials",
    }  # fmt: skip
    assert len(forms) == 2


async def test_a_refresh_token_that_is_replaced_is_used_from_then_on() -> None:
    with provider((200, {"access_token": "a", "refresh_token": "r-1"})) as (url, forms):
        tokens = AccessTokens(TokenEndpoint(url, "id", refresh_token=the_refresh))
        await tokens()
        tokens.forget()
        await tokens()
    assert [form["refresh_token"] for form in forms] == ["r-0", "r-1"]
    assert forms[0]["grant_type"] == "refresh_token"


async def test_a_refusal_has_the_providers_words_and_trouble_is_told_from_it() -> None:
    with provider((400, {"error": "invalid_grant", "error_description": "Token has been revoked"})) as (url, _):
        with pytest.raises(TokenRefused, match="400 invalid_grant Token has been revoked") as refused:
            await AccessTokens(TokenEndpoint(url, "id", client_secret=the_secret))()
        assert "c1ient" not in str(refused.value)
    for status in (302, 429, 503):
        with provider((status, {})) as (url, forms):
            with pytest.raises(OSError, match=str(status)) as trouble:
                await AccessTokens(TokenEndpoint(url, "id"))()
            assert not isinstance(trouble.value, TokenRefused)
            assert len(forms) == 1


async def test_secrets_are_posted_over_https_alone() -> None:
    for url in ("http://idp.example.test/token", "ftp://127.0.0.1/token", "file:///etc/passwd"):
        with pytest.raises(TokenRefused, match="https"):
            await AccessTokens(TokenEndpoint(url, "id", client_secret=the_secret))()


async def test_a_mailbox_without_a_token_waits_like_one_with_a_wrong_password() -> None:
    with provider((401, {"error": "invalid_client"})) as (url, _):
        async with scripted() as script:
            tokens = AccessTokens(TokenEndpoint(url, "id"))
            with pytest.raises(LoginRefused, match="invalid_client"):
                await MailSource.open(settings(script.port, auth="xoauth2", secret=tokens))
