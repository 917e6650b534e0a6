"""Mails that people write, full of what machines say: every one is a person's or a list's."""

from __future__ import annotations

from typing import Final

import pytest

from gateway.mail.automatic import classify
from gateway.mail.parse import parse

BOUNCE = (
    "This is the mail system at host mx.acme.example.\n\nI'm sorry to have to inform you that your message "
    "could not\n"
    "be delivered to one or more recipients.\n\n<bob@customer.example>: host mx.customer.example said: 550 5.1.1\n"
    "    <bob@customer.example>: Recipient address rejected: User unknown"
)
QUOTED = "> " + BOUNCE.replace("\n", "\n> ")

# (From, Subject, text), as people write them.
LETTERS: Final = (
    ("Ana <ana@x.example>", "Re: Export", "I was out of the office last week, sorry for the late reply. It works now."),
    ("Ana <ana@x.example>", "Export fails", "I'm out of the office until Monday; please fix it by then."),
    ("Ana <ana@x.example>", "Out of office next week", "I will be out of the office next week, please call Bob."),
    ("Ana <ana@x.example>", "Out of office assistant: how?", "How do I set an out of office message in your product?"),
    ("Ana <ana@x.example>", "Automatic reply is sent twice", "Your system sends its automatic reply twice."),
    ("Ana <ana@x.example>", "Automatic replies", "Can I switch automatic replies off? We are on vacation in May."),
    ("Ana <ana@x.example>", "Auto insurance", "Please send me the papers. I am away until Friday."),
    ("Ana <ana@x.example>", "Automobile: Vertrag", "Ich bin bis Freitag im Urlaub, bitte danach anrufen."),
    ("Ana <ana@x.example>", "Vacation message not working", "I am on vacation next week and cannot switch it on."),
    ("Ana <ana@x.example>", "Re: Automatic reply: Export", "Thanks, I saw that you are out of the office."),
    (
        "Ana <ana@x.example>",
        "AW: Automatische Antwort: Export",
        "Danke, dann melde ich mich wieder, wenn Sie im Haus sind.",
    ),
    ("Ana <ana@x.example>", "Fwd: Automatic reply: Export", "What shall we do, he is out of the office?"),
    ("Ana <ana@x.example>", "Urlaub", "Ich bin vom 3. bis 9. Mai im Urlaub. Können wir den Termin verschieben?"),
    ("Ana <ana@x.example>", "Termin", "Ich bin heute nicht im Büro und ab morgen wieder erreichbar."),
    ("Ana <ana@x.example>", "Abwesenheitsassistent einrichten", "Wie richte ich die Abwesenheitsnotiz ein?"),
    ("Ana <ana@x.example>", "Congés", "Je suis en congés du 3 au 9 mai, merci de me rappeler à mon retour."),
    ("Ana <ana@x.example>", "Vacaciones", "Estaré de vacaciones hasta el lunes, ¿pueden llamarme el martes?"),
    ("Ana <ana@x.example>", "休暇のお知らせ", "来週は休暇をいただきますので、返信が遅れます。"),
    ("Ana <ana@x.example>", "Delivery failed", "The delivery of my order 4711 has failed. Where is my parcel?"),
    ("Ana <ana@x.example>", "Undelivered parcel", "My parcel could not be delivered. Please send it again."),
    ("Ana <ana@x.example>", "Mail delivery failed: returning message to sender", f"Why do I get this?\n\n{BOUNCE}"),
    ("Ana <ana@x.example>", "Returned mail: see transcript", f"We got this when we wrote to you:\n\n{QUOTED}"),
    ("Ana <ana@x.example>", "Re: Undelivered Mail Returned to Sender", f"Bob has a new address.\n\n{QUOTED}"),
    ("Ana <ana@x.example>", "Fwd: Delivery Status Notification (Failure)", f"Please look:\n\n{BOUNCE}"),
    ("Ana <ana@x.example>", "550 5.1.1 User unknown", "Our users see this: 550 5.1.1 User unknown. What is wrong?"),
    ("Ana <ana@x.example>", "Unzustellbar: Rechnung", "Ihre Rechnung war unzustellbar, die Post kam zurück."),
    ("Ana <ana@x.example>", "Failure notice", "The machine shows a failure notice. Photo attached."),
    ("Ana <ana@x.example>", "Warning: message", "There is a warning message: the disk is full."),
    (
        "Postmaster <postmaster@x.example>",
        "Your mails are rejected",
        "Hello, your server is on a list. Please call me.",
    ),
    ("Postmaster <postmaster@x.example>", "Re: 550", f"Hi,\n\nfixed, try again.\n\nJim\n\n{QUOTED}"),
    ("System Administrator <admin@x.example>", "New user", "Please make an account for bob@x.example."),
    ("sysadmin@x.example", "Mail queue", "Mails to bob@acme.example stay in the queue for hours. Can you look?"),
    (
        "NDR Kundenservice <kontakt@ndr.example>",
        "Frage zur Lizenz",
        "Guten Tag, wir haben eine Frage zu unserer Lizenz.",
    ),
    ("Postman, Ana <ana@x.example>", "Delivery", "When will you deliver?"),
    ("Mail Services Ltd <info@mailservices.example>", "Quote", "Could you send us a quote?"),
    ("Notifications <notifications@shop.example>", "New order 4711", "Order 4711 was placed. Ship to: Ana."),
    ("Shop <noreply@shop.example>", "Contact form", "Name: Ana\nE-mail: ana@x.example\n\nThe export fails."),
    (
        "Billing <billing@x.example>",
        "Invoice 4711",
        "Your invoice.\n\nThis mail was generated automatically; do not reply.",
    ),
    (
        "Desk <help@x.example>",
        "Re: [ACME-1] Export",
        "We have received your request and will get back to you within 2 days.",
    ),
    ("Ana <ana@x.example>", "Your message", "I have received your message and will get back to you soon. Ana"),
    ("Ana <ana@x.example>", "Confirm", "Please confirm that you sent the contract."),
    ("Ana <ana@x.example>", "Spam", "Your mail was held in our quarantine until I approved it."),
    ("Ana <ana@x.example>", "Read: receipts", "I want read receipts for every mail."),
    ("Ana <ana@x.example>", "Accepted: offer", "We accept your offer."),
    ("Ana <ana@x.example>", "退信", "我收到了退信，请帮忙看看。"),
    ("Ana <ana@x.example>", "メールエラー", "お客様にメールを送信できません。設定を教えてください。"),
    ("Ana <ana@x.example>", "Не доставлено", "Мой заказ не доставлен. Где он?"),
    ("Ana <ana@x.example>", "No se ha podido entregar", "No se ha podido entregar mi pedido. ¿Dónde está?"),
)

# Fields that people's mails carry too.
FIELDS: Final = (
    "Auto-Submitted: no",
    "X-Auto-Response-Suppress: All",
    "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
    "X-Autoreply: no",
    "Precedence: normal",
    "Precedence: first-class",
    "Importance: high",
    "X-Mailer: Microsoft Outlook 16.0",
    "Disposition-Notification-To: ana@x.example",
    "Return-Receipt-To: ana@x.example",
    "X-MS-Exchange-Inbox-Rules-Loop: ana@x.example",
    "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent",
    "Feedback-ID: 1:2:3:acme",
    "X-Failed-Logins: 0",
    "Thread-Topic: Out of Office",
    "In-Reply-To: <auto-reply-1@x.example>",
)


def _mail(sender: str, subject: str, text: str, field: str = "X-Note: none") -> bytes:
    head = f"From: {sender}\r\nTo: desk@acme.example\r\nSubject: {subject}\r\n{field}\r\nMessage-ID: <1@x.example>\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


@pytest.mark.parametrize("letter", LETTERS, ids=[subject for _, subject, _ in LETTERS])
def test_a_person_who_writes_of_machines_is_a_person(letter: tuple[str, str, str]) -> None:
    assert classify(parse(_mail(*letter))).kind == "person"


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_peoples_mails_carry_too_makes_no_machine(field: str) -> None:
    assert classify(parse(_mail("Ana <ana@x.example>", "Export", "It fails.", field))).kind == "person"


@pytest.mark.parametrize("field", ["List-Id: <users.x.example>", "Precedence: list", "List-Post: <mailto:a@x.example>"])
@pytest.mark.parametrize("letter", LETTERS[:6], ids=[subject for _, subject, _ in LETTERS[:6]])
def test_a_list_is_written_by_people(field: str, letter: tuple[str, str, str]) -> None:
    assert classify(parse(_mail(*letter, f"{field}\r\nPrecedence: bulk"))).kind == "list"
