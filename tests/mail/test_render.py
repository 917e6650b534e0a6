"""Templates into texts."""

from __future__ import annotations

import pytest

from gateway.mail.filters import cited, hanging, paragraphs, rich, wrapped
from gateway.mail.render import LARGEST, TemplateProblem, Templates


def templates(**changed: str) -> Templates:
    sources = {
        "en/ack/subject.txt": "{{ subject }}",
        "en/ack/body.txt": "{% block words %}Hello {{ name }}{% endblock %}\n\n\n\n-- \nus",
        "en/ack/body.html": "<p>{{ name }}</p>",
        "de/ack/subject.txt": "{{ subject }}",
        "de/ack/body.txt": "Hallo",
        "de/ack/body.html": "<p>Hallo</p>",
        "en/reply/body.txt": "x",
    }
    own = {"default:" + name: text for name, text in sources.items()}
    return Templates(
        {**own, **sources, **{name.replace("__", "/").replace("_dot_", "."): t for name, t in changed.items()}}
    )


VALUES = {"subject": "Re: <b>\r\nBcc: x", "name": "<script>Maria</script>"}


def test_values_are_escaped_in_pages_and_only_there() -> None:
    made = templates().render("en", "ack", VALUES)
    assert made.html == "<p>&lt;script&gt;Maria&lt;/script&gt;</p>"
    assert made.text == "Hello <script>Maria</script>\n\n-- \nus\n"


def test_a_subject_is_one_line_whatever_stands_in_it() -> None:
    assert templates().render("en", "ack", VALUES).subject == "Re: <b> Bcc: x"


def test_a_name_without_a_value_is_a_problem_with_its_place() -> None:
    with pytest.raises(TemplateProblem) as problem:
        templates(en__ack__body_dot_txt="one\ntwo {{ nmae }}").render("en", "ack", VALUES)
    assert (problem.value.template, problem.value.line) == ("en/ack/body.txt", 2)
    assert "nmae" in problem.value.message


def test_a_file_of_the_operators_may_extend_the_one_it_replaces() -> None:
    own = '{% extends "default:en/ack/body.txt" %}{% block words %}{{ super() }}, welcome{% endblock %}'
    made = templates(en__ack__body_dot_txt=own).render("en", "ack", {**VALUES, "name": "Maria"})
    assert made.text.startswith("Hello Maria, welcome\n")


def test_the_built_in_templates_are_there_without_the_operators() -> None:
    made = templates(en__ack__body_dot_txt="{{ broken }").builtin().render("en", "ack", VALUES)
    assert made.text.startswith("Hello ")


def test_a_template_that_does_not_compile_is_named() -> None:
    (problem,) = templates(en__ack__body_dot_txt="one\n{% if %}").problems()
    assert (problem.template, problem.line) == ("en/ack/body.txt", 2)


@pytest.mark.parametrize(
    "source", ["{{ name.__class__ }}", "{{ [].append(1) }}", "{% for i in range(999999) %}{% endfor %}", "{{ 1 / 0 }}"]
)
def test_a_template_cannot_reach_out_of_its_box(source: str) -> None:
    with pytest.raises(TemplateProblem):
        templates(en__ack__body_dot_txt=source).render("en", "ack", VALUES)


def test_a_template_without_end_is_stopped() -> None:
    endless = "{% for a in range(99999) %}0123456789{% endfor %}"
    with pytest.raises(TemplateProblem, match=str(LARGEST)):
        templates(en__ack__body_dot_txt=endless).render("en", "ack", VALUES)


def test_mail_content_is_a_value_and_never_a_template() -> None:
    made = templates().render("en", "ack", {**VALUES, "name": "{{ 7 * 7 }}{% raw %}"})
    assert "{{ 7 * 7 }}{% raw %}" in made.text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(("de",), "de"), (("de-AT", "en"), "de"), (("fr", "de"), "de"), (("fr",), "en"), ((), "en")],
)
def test_a_letter_is_in_the_first_language_that_has_it(wanted: tuple[str, ...], found: str) -> None:
    assert templates().language_of("ack", *wanted) == found


def test_letters_and_languages_are_the_folders_there_are() -> None:
    assert set(templates().languages) == {"en", "de"}
    assert set(templates().letters("en")) == {"ack", "reply"}


def test_lines_are_wrapped_under_their_own_beginning_and_links_stay_whole() -> None:
    link = "https://acme.example/" + "a" * 80
    assert wrapped("> " + "word " * 20).split("\n")[1].startswith("> word")
    assert link in wrapped(f"see {link}").split("\n")
    assert all(len(line) <= 72 for line in wrapped("word " * 100).split("\n"))
    assert hanging("word " * 20, "  [x] ").split("\n")[1].startswith("      word")


def test_a_quote_marks_every_line() -> None:
    assert cited("one\n\ntwo") == "> one\n>\n> two"


def test_prose_that_a_client_broke_is_one_line_and_a_list_is_not() -> None:
    broken = "This line was broken by a mail client at its seventy second column,\nand this one follows it."
    assert paragraphs(broken) == [[broken.replace("\n", " ")]]
    assert paragraphs("- one\n- two") == [["- one", "- two"]]
    assert paragraphs("Hello,\nshort line") == [["Hello,", "short line"]]


def test_an_address_becomes_a_link_to_where_it_says() -> None:
    page = rich('see https://acme.example/a?b=1&c="2". <b>', ["<b>"])
    assert 'href="https://acme.example/a?b=1&amp;c="' in page
    assert "<strong>&lt;b&gt;</strong>" in page
    assert "javascript" not in rich("javascript:alert(1)") or "href" not in rich("javascript:alert(1)")
