"""What the search begins with: our own mails, one of each sort."""

from __future__ import annotations

from pathlib import Path

from tests.mail.test_parse import cms, tnef

MAILS = Path(__file__).parents[1] / "mails"
REPORT = (
    b"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; maria@customer.example\r\nAction: failed\r\n"
    b"Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n--b\r\n"
    b"Content-Type: text/rfc822-headers\r\n\r\n"
    b"Message-ID: <t1042.aaaaaaaaaaaa.aaaaaaaaaaaaaaaa@acme.example>\r\n--b--\r\n"
)
TEXT = (
    b"Hello Ana,\n\nit works now.\n\n-- \nMaria\n\n"
    b"On Mon, 13 Apr 2026 at 09:00, Acme Support <support@acme.example> wrote:\n> Have you tried this?\n> It helps.\n\n"
    b"-----Original Message-----\nFrom: Ana\nSent: Monday\nTo: Maria\nSubject: x\n"
)
SERVICE = (
    b'{"bouncedRecipients":[{"emailAddress":"maria@customer.example","status":"5.1.1","diagnosticCode":'
    b'"smtp; 550 5.1.1 \\ud800 \\u0000 no such user"}]},'
    b'"mail":{"headers":[{"name":"Message-ID","value":"<a\\ud801@b>"}]}}'
)
CARRIERS = (
    b"Re: Broken [ACME-1042-k7qm]\0support+1042.aaaaaaaaaaaaaaaa@acme.example\0"
    b"<t1042.aaaaaaaaaaaa.aaaaaaaaaaaaaaaa@acme.example>"
)
HTML = (
    b'<p>Hello <a href="https://acme.example/a">there</a></p><blockquote>old</blockquote><ul><li>one</ul>'
    b'<table><tr><td>a<td>b</table><img src="cid:x" alt="logo"><style>p{}</style><script>x</script>&amp;&#0;'
)
ORDERS = """/phase review
/category bug
/priority high
/take
/assign bo
/ask
/hold ENG-331
/solve
/eta friday
/eta 3 business days
/time 1h 15m
/quote 4h 30m 480 EUR
/snooze 2 business days
/tag vip
/cc carl@customer.example
/merge ACME-1043
/escalate tier2
/problem ENG-331
/progress We found it.
/answer how-to"""
WORDS = """SOLVED
LATER 2 weeks
RATING 5 good
CATEGORY bug
APPROVE 2
keep open
Bewertung 4"""
PARTS = (
    tnef(b"offer.pdf", b"%PDF-"),
    cms(b"Content-Type: text/plain\r\n\r\nHello\r\n"),
    b'METHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Call\\, at\n ten\nDTSTART;TZID="Europe/Berlin":20260413T090000\n'
    b'ORGANIZER;CN="Maria":mailto:maria@customer.example\nEND:VEVENT\n',
    b"One line \nand its end.\n> quoted \n> on\n-- \nMaria\n",
    MAILS.joinpath("replies/german-iphone.eml").read_bytes(),
    b"+ADw-p+AD4-Hello+ADw-/p+AD4-",
)
SEEDS: dict[str, list[bytes]] = {
    "mail": [path.read_bytes()[:8000] for path in sorted(MAILS.rglob("*.eml"))],
    "part": [bytes([n]) + seed for n, seed in enumerate(PARTS)],
    "text": [TEXT],
    "report": [REPORT],
    "service": [SERVICE],
    "carrier": [CARRIERS],
    "html": [HTML],
    "orders": [f"Hello\n\n{line}".encode() for line in ORDERS.splitlines()],
    "word": [line.encode() for line in WORDS.splitlines()],
}
