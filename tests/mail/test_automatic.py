"""Which mails a machine wrote, and of which kind."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.automatic import Classified, classify, is_unattended
from gateway.mail.message import Address, Envelope, Message, Part

SENT = datetime(2026, 4, 20, 10, 0, tzinfo=UTC)


def _mail(
    text: str = "The printer is broken.", subject: str = "Re: printer", sender: str = "a@x.example", **fields: str
) -> Message:
    headers = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return Message(
        subject=subject,
        from_=(Address("", sender),),
        from_fields=1,
        date=SENT,
        text=text,
        headers=(("from", sender), *headers),
        parts=(Part("text/plain", text),),
    )


def _sort(found: Classified) -> str | None:
    return found.auto_reply.sort if found.auto_reply else None


def _with_part(part: Part, content_type: str = "multipart/mixed") -> Message:
    return Message(content_type=content_type, parts=(Part("text/plain", "hello"), part), text="hello")


def test_a_letter_is_a_persons() -> None:
    assert classify(_mail()).kind == "person"


def test_suppressing_answers_does_not_make_a_person_a_machine() -> None:
    assert classify(_mail(x_auto_response_suppress="All")).kind == "person"


@pytest.mark.parametrize(
    "field",
    [
        ("auto_submitted", "auto-replied"),
        ("auto_submitted", "auto-generated (cron); owner=x"),
        ("auto_submitted", "(why) Auto-Notified"),
        ("x_autoreply", "yes"),
        ("x_autorespond", "anything"),
        ("precedence", "bulk"),
        ("precedence", "auto_reply"),
        ("precedence", "junk"),
        ("return_path", "<>"),
    ],
    ids=" ".join,
)
def test_a_field_that_says_so_is_believed(field: tuple[str, str]) -> None:
    assert classify(_mail(**dict([field]))).kind == "auto_reply"


def test_auto_submitted_no_is_a_person() -> None:
    assert classify(_mail(auto_submitted="no", precedence="bulk")).kind == "person"


def test_any_of_several_precedence_fields_counts() -> None:
    mail = _mail()
    twice = Message(headers=(*mail.headers, ("precedence", "first-class"), ("precedence", "bulk")), text=mail.text)
    assert classify(twice).kind == "auto_reply"


def test_the_null_sender_counts_only_where_a_transport_gave_it() -> None:
    assert classify(_mail(), Envelope(mail_from="", source="smtp")).kind == "auto_reply"
    assert classify(_mail(), Envelope(mail_from="", source="imap")).kind == "person"
    assert classify(_mail(), Envelope(mail_from="a@x.example", source="smtp")).kind == "person"


def test_people_write_to_lists_whatever_the_list_calls_itself() -> None:
    assert classify(_mail(list_id="<talk.x.example>", precedence="bulk")).kind == "list"
    assert classify(_mail(precedence="list")).kind == "list"


def test_a_vacation_answer_through_a_list_is_still_automatic() -> None:
    assert classify(_mail(list_id="<talk.x.example>", auto_submitted="auto-replied")).kind == "auto_reply"


def test_an_absence_note_without_a_field_is_known_by_title_and_text_together() -> None:
    found = classify(_mail("Ich bin bis Montag nicht im Haus.", "Abwesenheitsnotiz: Re: Drucker"))
    assert found.auto_reply is not None
    assert (found.auto_reply.sort, found.auto_reply.until) == ("out_of_office", "2026-04-27")


def test_a_title_alone_or_a_sentence_alone_is_a_persons() -> None:
    assert classify(_mail("My printer prints blank pages.", "Out of Office: printer")).kind == "person"
    assert classify(_mail("I am out of the office until Monday, please call my mobile.", "printer")).kind == "person"
    assert classify(_mail("I am away until Monday.", "Re: Automatic reply: printer")).kind == "person"


def test_the_day_a_note_was_sent_is_its_writers_own() -> None:
    late = Message(
        subject="Automatic reply: x",
        date=datetime(2026, 4, 20, 3, 0, tzinfo=UTC),
        headers=(("auto-submitted", "auto-replied"), ("date", "Sun, 19 Apr 2026 20:00:00 -0700")),
        text="I am away until Monday.",
    )
    found = classify(late)
    assert found.auto_reply is not None
    assert found.auto_reply.until == "2026-04-20"


def test_another_desks_acknowledgement_is_one() -> None:
    text = "Your request (777) has been received and is being reviewed."
    assert _sort(classify(_mail(text, auto_submitted="auto-generated"))) == "acknowledgement"
    assert _sort(classify(_mail(text, "[HD-777] Re: printer", sender="noreply@desk.example"))) == "acknowledgement"
    assert classify(_mail(text)).kind == "person"


def test_an_automatic_answer_that_says_nothing_else_acknowledges() -> None:
    assert _sort(classify(_mail("ok", auto_submitted="auto-replied"))) == "acknowledgement"


def test_monitoring_is_what_no_person_wrote() -> None:
    assert _sort(classify(_mail("disk 91 % full", "ALERT db1", auto_submitted="auto-generated"))) == "other"


def test_a_gatekeeper_that_asks_for_a_proof_does_not_acknowledge() -> None:
    text = "Your message is being held until you confirm that you are human."
    assert _sort(classify(_mail(text, auto_submitted="auto-replied"))) == "other"


def test_a_phone_that_names_its_owners_last_day_off_in_a_field_is_read() -> None:
    found = classify(
        _mail("zzz", x_apple_action="VACATION", x_apple_criteria="{kind=VACATION,endDate=2026-05-04T10:00:00Z}")
    )
    assert found.auto_reply is not None
    assert (found.auto_reply.sort, found.auto_reply.until) == ("out_of_office", "2026-05-04")


def test_a_read_receipt_is_a_receipt_and_asking_for_one_is_not() -> None:
    assert classify(_with_part(Part("message/disposition-notification", "x"), "multipart/report")).kind == "receipt"
    assert classify(_mail(disposition_notification_to="a@x.example")).kind == "person"


def test_a_complaint_is_a_feedback_report() -> None:
    assert classify(_with_part(Part("message/feedback-report", "Feedback-Type: abuse"))).kind == "feedback_report"


def test_an_answer_to_an_invitation_is_a_calendar_reply_and_an_invitation_is_not() -> None:
    assert classify(_with_part(Part("text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"))).kind == "calendar_reply"
    assert classify(_with_part(Part("text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n"))).kind == "person"


def test_an_emoji_is_a_reaction_not_a_letter() -> None:
    assert classify(_with_part(Part("text/vnd.google.email-reaction+json", "{}"))).kind == "reaction"
    assert classify(_with_part(Part("text/plain", "x", disposition="reaction"))).kind == "reaction"
    assert classify(_mail("x", content_disposition="reaction")).kind == "reaction"


def test_a_report_of_a_kind_that_nobody_reads_is_still_no_persons() -> None:
    assert classify(Message(content_type="multipart/report", parts=(Part("text/plain", "tls"),))).kind == "auto_reply"


def test_a_mailer_daemon_that_reports_nothing_is_a_machine() -> None:
    assert _sort(classify(_mail("hello", "hello", sender="mailer-daemon@x.example"))) == "other"


def test_nobody_reads_these_mailboxes() -> None:
    unread = ("noreply@x.example", "no-reply+12@x.example", "do-not-reply@x.example", "MAILER-DAEMON@x.example")
    assert all(map(is_unattended, unread))
    assert not any(map(is_unattended, ("norbert@x.example", "support@x.example", "ann.bounce@x.example", "")))


WORDS = st.text(max_size=200)
FIELDS = st.sampled_from(
    [
        "auto-submitted",
        "precedence",
        "return-path",
        "from",
        "x-failed-recipients",
        "content-disposition",
        "date",
        "list-id",
    ]
)
PARTS = st.builds(
    Part,
    st.sampled_from(
        ["text/plain", "text/calendar", "message/delivery-status", "message/rfc822", "text/rfc822-headers"]
    ),
    WORDS,
    st.sampled_from(["", "delivery-status", "feedback-report"]),
)


@given(
    st.builds(
        Message,
        subject=WORDS,
        from_=st.lists(st.builds(Address, WORDS, WORDS), max_size=2).map(tuple),
        date=st.none() | st.datetimes(timezones=st.just(UTC)),
        text=WORDS,
        headers=st.lists(st.tuples(FIELDS, WORDS), max_size=4).map(tuple),
        content_type=st.sampled_from(["text/plain", "multipart/report", "multipart/mixed"]),
        parts=st.lists(PARTS, max_size=4).map(tuple),
    )
)
def test_any_message_is_of_some_kind(message: Message) -> None:
    found = classify(message)
    assert (found.bounce is not None) == (found.kind in ("bounce", "delay_report"))
    assert (found.auto_reply is not None) == (found.kind == "auto_reply")
    assert found.reason
