"""A notice and a story become a letter: who it is from, where replies go, what it says and what it must not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.desk.answers import PLACES
from gateway.desk.notice import Notice
from gateway.desk.policy import Organisation
from gateway.desk.ticket import Article, AttachmentRef, Author, Person, Step
from gateway.letters import Story, threading
from gateway.letters_answer import places
from gateway.letters_sample import sample_notice, sample_story
from gateway.mail import thread
from gateway.mail.letter import Letter
from gateway.mail.render import Templates
from tests.letters_desk import KEYS, NOW, OFFICE, POLICY, TEMPLATES, letter, seen_text

STORY = sample_story(POLICY, NOW)
TICKET = STORY.ticket
assert TICKET is not None
NUMBER = TICKET.number
CANARY = "xq-canary-7"


def header(made: Letter, name: str) -> str:
    return dict(made.headers).get(name, "")


def story(**changed: object) -> Story:
    assert TICKET is not None
    return replace(STORY, ticket=replace(TICKET, **changed))  # type: ignore[arg-type]


# -- headers -----------------------------------------------------------------------------------------------------------


def test_the_name_says_who_wrote() -> None:
    assert letter("reply").from_name == "Ana from Acme Support"
    assert letter("ack").from_name == "Acme Support"
    assert letter("agent_reply").from_name == "Maria Lopez via Acme Support"
    assert {letter(name).from_ for name in ("reply", "ack", "agent_reply")} == {"support@acme.example"}


def test_a_reply_goes_to_an_address_that_is_signed_for_this_reader() -> None:
    maria, ana = letter("reply"), letter("agent_reply")
    assert maria.reply_to == thread.reply_address(KEYS, "support@acme.example", NUMBER, "maria@customer.example")
    assert ana.reply_to == thread.reply_address(KEYS, "support@acme.example", NUMBER, "ana@acme.example")
    assert maria.envelope_from == thread.bounce_address(KEYS, "support@acme.example", NUMBER, "maria@customer.example")


def test_a_reply_to_a_private_letter_stays_private() -> None:
    note = thread.note_address(KEYS, "support@acme.example", NUMBER, "ana@acme.example")
    private = replace(sample_notice("agent_reply", POLICY, NOW), private=True)
    assert letter("agent_reply", notice=private).reply_to == note
    assert note in letter("agent_reply").text.splitlines()[0]
    assert note not in letter("reply").text


def test_without_plus_addresses_replies_go_to_the_mailbox_and_machines_have_the_null_sender() -> None:
    plain = replace(POLICY, mailboxes={"support": replace(POLICY.mailboxes["support"], reply_address="none")})
    assert (letter("reply", plain).reply_to, letter("reply", plain).envelope_from) == ("support@acme.example",) * 2
    assert letter("ack", plain).envelope_from == ""
    assert "+n" not in letter("agent_reply", plain).text


@pytest.mark.parametrize(
    ("name", "automation", "suppress"),
    [
        ("ack", "auto-replied", "DR, RN, NRN, OOF, AutoReply"),
        ("agent_new", "auto-generated", "DR, RN, NRN, OOF, AutoReply"),
        ("reply", "no", "DR, RN, NRN, AutoReply"),
    ],
)
def test_machines_say_that_they_are_machines(name: str, automation: str, suppress: str) -> None:
    made = letter(name)
    assert made.auto_submitted == automation
    assert header(made, "X-Auto-Response-Suppress") == suppress
    assert header(made, "X-Ticket-Loop") == "acme@acme.example"
    assert (header(made, "X-Ticket"), header(made, "X-Ticket-Letter")) == (f"ACME-{NUMBER}", name)


def test_only_staff_see_the_inside_in_headers() -> None:
    assert header(letter("agent_reply"), "List-Id") == "Acme Support tickets <tickets.support.acme.example>"
    assert header(letter("agent_reply"), "X-Ticket-Status") == "open"
    assert not [name for name, _ in letter("reply").headers if name.startswith("List-") or name == "X-Ticket-Status"]


def test_an_agent_can_mute_a_ticket_from_their_mail_client_and_a_team_cannot() -> None:
    assert header(letter("agent_reply"), "List-Unsubscribe").endswith("&body=%2Fmute>")
    to_team = replace(sample_notice("agent_reply", POLICY, NOW), agent=None)
    assert header(letter("agent_reply", notice=to_team), "List-Unsubscribe") == ""
    assert header(letter("agent_digest"), "List-Unsubscribe") == ""


def test_a_filter_finds_in_one_word_why_an_agent_got_the_letter() -> None:
    assert header(letter("agent_warning"), "X-Ticket-Reason") == "first-response"
    assert header(letter("agent_digest"), "X-Ticket-Reason") == "digest"


def test_only_a_warning_is_important() -> None:
    assert header(letter("agent_warning"), "Importance") == "high"
    assert header(letter("agent_reply"), "Importance") == ""


@pytest.mark.parametrize("name", sorted(each for each in TEMPLATES.letters("en") if each.startswith("agent_")))
@pytest.mark.parametrize("language", ["en", "de"])
def test_every_letter_to_an_agent_says_first_where_a_reply_goes_and_names_the_note_address(
    name: str, language: str
) -> None:
    made = letter(name, language=language)
    first = made.text.split("\n", 1)[0]
    if made.ticket is None:
        assert made.reply_to in first
    else:
        assert f"support+n{NUMBER}." in first
        assert "Maria" in first or name == "agent_note"


def test_only_who_reads_along_is_offered_to_leave() -> None:
    notice = replace(
        sample_notice("reply", POLICY, NOW), to=Person("Jonas", "jonas@customer.example"), audience="participant"
    )
    made = letter("reply", notice=notice)
    assert header(made, "List-Unsubscribe").startswith("<mailto:support+")
    assert "LEAVE" in made.text
    assert "LEAVE" not in letter("reply").text


@pytest.mark.parametrize(
    ("mode", "subject"),
    [
        ("suffix", "Re: Invoice export stops with error 500 {token}"),
        ("prefix", "Re: {token} Invoice export stops with error 500"),
        ("none", "Re: Invoice export stops with error 500"),
    ],
)
def test_the_subject_is_frozen_for_the_life_of_the_ticket(mode: str, subject: str) -> None:
    token = thread.subject_token(KEYS, "ACME", NUMBER)
    policy = replace(POLICY, subject_token=mode)  # type: ignore[arg-type]
    subjects = {letter(name, policy).subject for name in TEMPLATES.letters("en") if name in _ON_TICKET}
    assert subjects == {subject.format(token=token)}


_ON_TICKET = frozenset({"ack", "reply", "agent_new", "agent_reply", "solved", "closed", "reopened", "agent_note"})


def test_a_subject_of_any_length_keeps_its_token() -> None:
    made = letter("reply", story=story(subject="long " * 200))
    assert made.subject.endswith(thread.subject_token(KEYS, "ACME", NUMBER))
    assert len(made.subject) <= 240


def test_a_letter_follows_what_its_reader_has_seen() -> None:
    seen = tuple(f"<{index}.{'x' * 60}@customer.example>" for index in range(40))
    in_reply_to, references = threading(seen)
    assert (in_reply_to, references[0], references[-1]) == (seen[-1], seen[0], seen[-1])
    assert 700 < len(" ".join(references)) <= 900
    assert threading(()) == (None, ())
    assert letter("reply", story=replace(STORY, seen=())).subject.startswith("Invoice")


# -- what customers must not see ---------------------------------------------------------------------------------------


def test_no_letter_to_a_customer_can_show_a_private_or_a_held_article() -> None:
    note = Article("n", NOW, "internal", "private", Author("agent", CANARY, "ana@acme.example", "ana"), "", CANARY,
                   attachments=(AttachmentRef(9, f"{CANARY}.pdf", "application/pdf", 9, "c" * 64),))  # fmt: skip
    held = replace(note, id="h", visibility="held", direction="in", author=Author("stranger", CANARY, "x@y.example"))
    full = replace(STORY, articles=(*STORY.articles, note, held))
    for name in TEMPLATES.letters("en"):
        if name.startswith("agent_") or name == "admin_alert":
            continue
        for about in ("question", "answer", "n", "h"):
            made = letter(name, story=full, notice=replace(sample_notice(name, POLICY, NOW), article=about))
            assert CANARY not in made.text + made.html + made.subject + made.from_name
            assert not [file for file in made.enclosures if CANARY in file.name]


def test_an_acknowledgement_to_a_stranger_repeats_nothing_of_theirs() -> None:
    mine = sample_story(POLICY, NOW)
    assert mine.ticket is not None
    canary = replace(
        mine,
        ticket=replace(
            mine.ticket, subject=CANARY, requester=Person(CANARY, "victim@customer.example"), participants=()
        ),
        articles=tuple(replace(one, text=CANARY, subject=CANARY) for one in mine.articles),
    )
    notice = replace(sample_notice("ack_stranger", POLICY, NOW), to=Person(CANARY, "victim@customer.example"))
    made = letter("ack_stranger", story=canary, notice=notice)
    assert CANARY not in made.text + made.html + made.subject + made.to_name + made.reply_to_name
    assert made.subject == f"We received your message {thread.subject_token(KEYS, 'ACME', NUMBER)}"
    assert f"ACME-{NUMBER}" in made.text
    assert "usually by" in made.text


def test_what_customers_wrote_is_never_markup() -> None:
    evil = "<img src=x onerror=alert(1)>\"'{{ 7*7 }}"
    hers = Author("requester", evil, "maria@customer.example")
    bad = replace(
        STORY,
        articles=tuple(
            replace(one, text=evil, author=hers) if one.direction == "in" else one for one in STORY.articles
        ),
    )
    assert TICKET is not None
    bad = replace(bad, ticket=replace(TICKET, subject=evil, requester=Person(evil, "maria@customer.example")))
    for name in TEMPLATES.letters("en"):
        made = letter(
            name, story=bad, notice=replace(sample_notice(name, POLICY, NOW), to=Person(evil, "maria@customer.example"))
        )
        assert "<img" not in made.html, name
        assert " 49" not in made.text.replace("+49", "")


# -- dates -------------------------------------------------------------------------------------------------------------


def test_a_guideline_reads_usually_and_names_both_ends() -> None:
    text = " ".join(letter("reply").text.split())
    assert "usually by Thursday 30 April 2026 (4 to 10 business days)" in text


def test_only_a_date_that_an_agent_gave_reads_as_a_promise() -> None:
    assert TICKET is not None
    due = datetime(2026, 5, 12, 16, 0, tzinfo=UTC)
    promised = story(steps=(*TICKET.steps[:-1], replace(TICKET.steps[-1], by=due, promised=True)))
    text = " ".join(letter("reply", story=promised).text.split())
    assert "by Tuesday 12 May 2026" in text
    assert "usually by" not in text


def test_a_date_that_has_passed_is_not_named_again() -> None:
    text = letter("reply", story=STORY, now=NOW + timedelta(days=60)).text
    assert "usually by Thursday 30 April" not in " ".join(text.split())


def test_the_steps_say_done_now_and_ahead_and_hide_what_is_not_reached() -> None:
    text = letter("reply").text
    assert "step 2 of 4: Under review" in text
    assert [line[2:5] for line in text.splitlines() if re.match(r"  \[.\] ", line)] == ["[x]", "[>]", "[ ]", "[ ]"]
    assert "Fixed" not in text


def test_a_hidden_phase_is_there_once_it_is_reached_and_has_no_number() -> None:
    text = letter("reply", phase="fixed").text
    assert "[x] Fixed" in text
    assert f"Ticket ACME-{NUMBER}: Fixed" in text


def test_a_skipped_step_and_a_way_back_are_said() -> None:
    first, third = Step("received", NOW), Step("identified", NOW)
    assert "step 3 of 4: Bug identified (step 2 skipped)" in letter("reply", story=story(steps=(first, third))).text
    back = story(steps=(first, third, Step("review", NOW)))
    assert "step 2 of 4: Under review (back from step 3)" in letter("reply", story=back).text


def test_out_of_hours_the_acknowledgement_says_until_when() -> None:
    saturday = datetime(2026, 4, 18, 10, 0, tzinfo=UTC)
    assert "Our office is closed until Monday 20 April, 9:00." in " ".join(letter("ack", now=saturday).text.split())
    assert "closed until" not in letter("ack").text


# -- what letters say --------------------------------------------------------------------------------------------------


def test_files_are_named_back_with_their_sizes() -> None:
    text = letter("ack").text
    assert "export-settings.xlsx (2.1 MB)" in text
    assert "screenshot.png (180 KB)" in text


def test_the_logo_of_a_signature_is_no_file() -> None:
    logo = AttachmentRef(3, "logo.png", "image/png", 4_000, "d" * 64, inline=True)
    articles = tuple(replace(one, attachments=(*one.attachments, logo)) for one in STORY.articles)
    assert "logo.png" not in letter("ack", story=replace(STORY, articles=articles)).text


def test_files_go_along_up_to_the_limit_and_are_named_above_it() -> None:
    small, large = (
        AttachmentRef(1, "a.pdf", "a/b", 10, "a" * 64),
        AttachmentRef(2, "b.iso", "a/b", 11_000_000, "b" * 64),
    )
    articles = tuple(replace(one, attachments=(large, small)) for one in STORY.articles)
    made = letter("reply", story=replace(STORY, articles=articles))
    assert [file.name for file in made.enclosures] == ["a.pdf"]
    assert "b.iso (11 MB): too large for a mail" in " ".join(made.text.split())
    assert letter("ack", story=replace(STORY, articles=articles)).enclosures == ()


def test_images_of_our_text_are_shown_in_it_and_logos_and_those_of_the_quote_are_left_out() -> None:
    def image(number: int, name: str, size: int, mark: str) -> AttachmentRef:
        return AttachmentRef(number, name, "image/png", size, mark * 64, inline=True, content_id=f"{name}@01DA")

    theirs, logo = image(1, "error.png", 90_000, "c"), image(2, "logo.png", 4_000, "d")
    pasted = image(5, "small.png", 4_000, "9")
    shot, button = image(3, "steps.png", 300_000, "e"), image(4, "button.png", 900, "f")
    question, answer = STORY.articles[0], STORY.articles[-1]
    answer = replace(
        answer,
        text="Like this: [cid:steps.png@01DA]\nPress [cid:button.png@01DA] then.[cid:face@01DA]",
        attachments=(theirs, logo, shot, button, pasted),
    )
    asked = replace(question, attachments=(theirs,))
    logos = frozenset({logo.sha256, button.sha256})
    made = letter("reply", story=replace(STORY, articles=(asked, answer), logos=logos))
    assert [file.name for file in made.enclosures] == ["steps.png", "button.png", "small.png"]
    assert all(f'src="cid:{file.content_id}"' in made.html for file in made.enclosures)
    assert "Like this: [steps.png]" in made.text
    assert "steps.png (300 KB)" in made.text
    assert "cid:" not in made.text
    assert "logo.png" not in made.text + made.html


def test_the_last_words_are_short_and_only_for_people_on_the_ticket() -> None:
    long = tuple(replace(one, text="line\n" * 20) if one.direction == "in" else one for one in STORY.articles)
    made = letter("reply", story=replace(STORY, articles=long))
    assert made.text.count("> line") == 5
    other = replace(
        sample_notice("reply", POLICY, NOW), to=Person("", "other@elsewhere.example"), audience="participant"
    )
    assert 'error 500"' not in letter("reply", notice=other).text


def test_categories_that_may_be_chosen_are_one_tap_away() -> None:
    made = letter("ack")
    assert "CATEGORY feature" in made.text
    assert "CATEGORY bug" not in made.text
    assert "body=CATEGORY%20feature" in made.html


def test_a_greeting_and_a_signature_of_their_own_are_not_said_twice() -> None:
    own = tuple(
        replace(one, text="Hello Maria,\n\nit works.\n\nAna") if one.id == "answer" else one for one in STORY.articles
    )
    text = letter("reply", story=replace(STORY, articles=own)).text
    assert text.count("Hello Maria") == 1
    assert "Ana Ruiz" not in text


def test_the_balance_stands_in_letters_of_an_organisation_with_an_allowance() -> None:
    policy = replace(POLICY, organisations={"big": Organisation("big", "BigCo", allowance=timedelta(hours=10))})
    spent = replace(story(organisation="big", minutes_spent=90), spent=timedelta(minutes=90))
    assert "8 h 30 min left of 10 h this month" in letter("reply", policy, spent).text
    unused = replace(story(organisation="big", minutes_spent=0), spent=timedelta())
    assert "this month" not in letter("reply", policy, unused).text


def test_a_broken_template_of_the_operators_does_not_keep_a_letter_back() -> None:
    sources = {f"en/reply/{file}": "{{ nothing_of_that_name }}" for file in ("body.txt", "body.html", "subject.txt")}
    made = letter("reply", templates=_with(sources))
    assert made.text == letter("reply").text


def _with(sources: dict[str, str]) -> Templates:
    from gateway.templates_files import packaged

    folder = packaged("templates")
    own = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.*")}
    return Templates({**{"default:" + name: text for name, text in own.items()}, **own, **sources})


def test_a_ticket_of_a_category_that_is_gone_still_gets_its_letters() -> None:
    assert letter("reply", story=story(category="gone", priority="gone")).text


def test_an_agent_reads_the_whole_of_what_was_written_first_where_a_reply_goes() -> None:
    lines = letter("agent_reply").text.splitlines()
    assert lines[0].startswith("Reply goes to Maria. Note: support+n")
    assert len(lines[0]) <= 72
    assert "this morning the export" in letter("agent_reply").text


def test_the_office_hours_stand_in_the_footer() -> None:
    assert "Monday to Friday, 9:00 to 18:00 (Berlin)" in letter("reply").text
    always = replace(POLICY, calendars={"office": replace(OFFICE, always=True)})
    assert "around the clock" in letter("reply", always).text


def test_a_notice_to_a_stranger_shows_no_conversation() -> None:
    notice = Notice("reply", Person("", "x@elsewhere.example"), "stranger", "no", "k", article=None)
    assert "error 500" not in seen_text(letter("reply", notice=notice).html)


@pytest.mark.parametrize("pasted", ["a long line " * 90_000, "> \n" * 20_000, "<&\n\n" * 5_000, "x" * 1_000_000])
@pytest.mark.parametrize("language", ["en", "de"])
def test_staff_see_the_beginning_of_what_is_too_long_for_a_letter_and_where_the_rest_is(
    pasted: str, language: str
) -> None:
    sample = sample_story(POLICY, NOW, "agent_reply")
    long = Story(
        sample.ticket, tuple(replace(one, text=f"first {pasted} last") for one in sample.articles), sample.seen
    )
    made = letter("agent_reply", story=long, language=language)
    assert "first" in made.text
    assert "last" not in made.text
    assert len(made.html) < 120_000
    assert made.text.count(f"gateway ticket show ACME-{NUMBER}") == 2, "in the footer too"
    assert f"gateway ticket show ACME-{NUMBER}" in made.html


@pytest.mark.parametrize(("language", "said"), [("en", "attached file ACME-"), ("de", "angehängten Datei ACME-")])
def test_customers_see_the_beginning_of_what_is_too_long_and_get_all_of_it_as_a_file(language: str, said: str) -> None:
    long = tuple(replace(one, text=f"first {'Zürich ' * 5_000}last") for one in STORY.articles)
    made = letter("reply", story=replace(STORY, articles=long), language=language)
    assert "last" not in made.text + made.html
    assert said in " ".join(made.text.split())
    assert said in seen_text(made.html)
    assert len(made.html) < 60_000
    assert [file.name for file in made.enclosures] == [f"ACME-{NUMBER}.txt"]


def test_every_place_of_a_saved_answer_has_a_value() -> None:
    assert TICKET is not None
    said = places(TICKET, POLICY.agents["ana"], POLICY, NOW)
    assert set(said) == set(PLACES)
    assert [said[name] for name in ("customer.first", "ticket.phase", "agent.first", "today")] == [
        "Maria", "Under review", "Ana", "Thursday 16 April 2026",
    ]  # fmt: skip


def test_what_fits_into_a_letter_is_shown_whole() -> None:
    assert "This is the beginning" not in letter("agent_reply").text
    assert "This is the beginning" not in letter("reply").text
