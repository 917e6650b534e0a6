"""Delivery reports by RFC 3464 and RFC 6533."""

from gateway.mail.dsn import read
from gateway.mail.message import Address, BouncedRecipient, Message, Part

RETURNED = "Message-ID: <letter@desk.example>\nX-Ticket-Loop: acme\nTo: alice@customer.example\n"


def _report(
    *status_parts: str, returned: str = RETURNED, words: str = "report", kind: str = "delivery-status"
) -> Message:
    return Message(
        subject="Delivery Status Notification",
        from_=(Address("", "mailer-daemon@mx.customer.example"),),
        from_fields=1,
        headers=(("from", "MAILER-DAEMON@mx.customer.example"),),
        content_type="multipart/report",
        parts=(
            Part("text/plain", words),
            *(Part(f"message/{kind}", text) for text in status_parts),
            Part("text/rfc822-headers", returned),
        ),
    )


def _fields(
    recipient: str = "alice@customer.example", action: str = "failed", status: str = "5.1.1", more: str = ""
) -> str:
    return f"Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\n{more}"


def test_a_failure_names_its_recipient_its_reason_and_its_letter() -> None:
    bounce = read(_report(_fields(more="Diagnostic-Code: smtp; 550 5.1.1 User\n unknown\n")))
    assert bounce is not None
    assert bounce.action == "failed"
    assert bounce.recipients == (BouncedRecipient("alice@customer.example", "5.1.1", "550 5.1.1 User unknown"),)
    assert bounce.original_message_id == "<letter@desk.example>"
    assert ("x-ticket-loop", "acme") in bounce.original_headers


def test_the_envelope_id_of_the_letter_is_kept() -> None:
    bounce = read(_report("Reporting-MTA: dns; mx\nOriginal-Envelope-Id: e42\n\n" + _fields().split("\n\n")[1]))
    assert bounce is not None
    assert bounce.original_envelope_id == "e42"


def test_two_status_parts_about_one_recipient_count_once() -> None:
    bounce = read(_report(_fields(), _fields(action="delayed", status="4.0.0")))
    assert bounce is not None
    assert [(who.email, who.status) for who in bounce.recipients] == [("alice@customer.example", "5.1.1")]
    assert bounce.action == "failed"


def test_the_action_is_read_whatever_its_case_and_comments() -> None:
    written = ("Failed (permanent)", "DELAYED", "(c) relayed", "expanded", "deliverable")
    seen = [bounce.action for word in written if (bounce := read(_report(_fields(action=word, status="4.0.0"))))]
    assert seen == ["failed", "delayed", "relayed", "expanded", "delivered"]


def test_a_blank_status_yields_to_a_diagnostic_that_knows_more() -> None:
    bounce = read(_report(_fields(status="5.0.0 (permanent)", more="Diagnostic-Code: smtp; 552 5.2.2 over quota\n")))
    assert bounce is not None
    assert bounce.recipients[0].status == "5.2.2"


def test_groups_without_a_blank_line_between_them_are_told_apart() -> None:
    joined = _fields("a@x.example") + "Final-Recipient: rfc822; b@x.example\nAction: delayed\nStatus: 4.4.1\n"
    bounce = read(_report(joined))
    assert bounce is not None
    assert [(who.email, who.status) for who in bounce.recipients] == [
        ("a@x.example", "5.1.1"),
        ("b@x.example", "4.4.1"),
    ]


def test_the_address_we_wrote_to_goes_before_the_one_it_was_forwarded_to() -> None:
    bounce = read(_report(_fields("deep@inside.example", more="Original-Recipient: rfc822;alice@customer.example\n")))
    assert bounce is not None
    assert bounce.recipients[0].email == "alice@customer.example"


def test_a_recipient_in_unicode_is_read_from_a_global_report() -> None:
    recipient = "Final-Recipient: utf-8; \\x{E4}lice@customer.example\nAction: failed\nStatus: 5.6.7\n"
    bounce = read(_report(f"Reporting-MTA: dns; mx\n\n{recipient}", kind="global-delivery-status"))
    assert bounce is not None
    assert bounce.recipients == (BouncedRecipient("älice@customer.example", "5.6.7", ""),)


def test_a_report_without_a_copy_names_its_letter_by_what_it_answers() -> None:
    message = _report(_fields(), returned="")
    answering = Message(
        content_type=message.content_type,
        parts=message.parts,
        headers=message.headers,
        in_reply_to=("<x@desk.example>",),
    )
    bounce = read(answering)
    assert bounce is not None
    assert bounce.original_message_id == "<x@desk.example>"


def test_a_persons_mail_that_carries_a_report_is_none() -> None:
    message = Message(
        subject="look what I got",
        from_=(Address("", "ann@customer.example"),),
        from_fields=1,
        headers=(("from", "ann@customer.example"),),
        content_type="multipart/mixed",
        parts=(Part("text/plain", "What does this mean?"), Part("message/delivery-status", _fields())),
        text="What does this mean?",
    )
    assert read(message) is None


def test_a_service_that_tells_in_json_is_understood() -> None:
    told = (
        '{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"alice@customer.example",'
        '"status":"5.1.1","diagnosticCode":"smtp; 550 5.1.1 unknown"}]},"mail":{"headers":'
        '[{"name":"Message-ID","value":"<letter@desk.example>"}]}}'
    )
    message = Message(
        from_=(Address("", "no-reply@notify.example"),),
        headers=(("from", "no-reply@notify.example"),),
        text=told,
        parts=(Part("text/plain", told),),
    )
    bounce = read(message)
    assert bounce is not None
    assert (bounce.action, bounce.original_message_id) == ("failed", "<letter@desk.example>")
    assert [who.email for who in bounce.recipients] == ["alice@customer.example"]


def test_json_that_nests_for_ever_is_no_report() -> None:
    told = '{"notificationType":' + "[" * 100_000
    message = Message(headers=(("from", "no-reply@notify.example"),), text=told, parts=(Part("text/plain", told),))
    assert read(message) is None
