"""Authentication-Results of the trusted server: what counts, what was forged, what it amounts to."""

from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.authentication import parse_results, read, verdict
from gateway.mail.message import Address, Authentication, Message

OURS = "mx.example.net"


def _mail(*results: str, below: str = "", sender: str = "carol@customer.example") -> Message:
    fields = [("authentication-results", value) for value in results]
    fields += [("from", sender), ("subject", "hello")]
    if below:
        fields.append(("authentication-results", below))
    return Message(from_=(Address("", sender),), from_fields=1, raw_headers=tuple(fields))


def _verdict(*results: str, below: str = "", sender: str = "carol@customer.example") -> str:
    return verdict(read(_mail(*results, below=below, sender=sender), OURS))


def test_a_dmarc_pass_of_our_server_passes_the_sender() -> None:
    assert _verdict(f"{OURS}; dmarc=pass (p=none) header.from=customer.example") == "pass"


def test_nobody_is_trusted_until_a_server_is_named() -> None:
    assert read(_mail(f"{OURS}; dmarc=pass; dkim=pass; spf=pass"), "") == Authentication()


def test_another_servers_word_counts_for_nothing() -> None:
    assert _verdict("mx.elsewhere.example; dmarc=pass header.from=customer.example") == "unknown"


def test_the_name_of_our_server_is_compared_without_case_comments_and_folds() -> None:
    assert _verdict("\n\t(c (nested)) MX.Example.NET (v) 1 ;\n dmarc = pass header . from = customer.example") == "pass"


def test_a_field_below_what_the_author_wrote_came_with_the_mail() -> None:
    assert _verdict(below=f"{OURS}; dmarc=pass header.from=customer.example") == "unknown"


def test_of_two_results_the_worse_holds_in_either_order() -> None:
    passed, failed = f"{OURS}; dmarc=pass", f"{OURS}; dmarc=fail"
    assert _verdict(passed, failed) == _verdict(failed, passed) == "fail"
    assert _verdict(f"{OURS}; dmarc=fail; dmarc=pass") == "fail"


def test_a_pass_written_into_a_comment_is_no_result() -> None:
    sender = '"a) dmarc=pass (b"@evil.example'
    echoed = f"{OURS}; spf=pass (domain of {sender} is fine) smtp.mailfrom={sender}"
    auth = read(_mail(echoed), OURS)
    assert (auth.spf, auth.dmarc) == ("pass", "unknown")


def test_a_pass_written_into_a_quoted_string_is_no_result() -> None:
    assert _verdict(f'{OURS}; dmarc=fail reason="x; dmarc=pass"') == "fail"


def test_a_pass_for_another_domain_proves_nothing_of_this_sender() -> None:
    assert _verdict(f"{OURS}; dmarc=pass header.from=elsewhere.example") == "none"


def test_two_authors_are_never_proven() -> None:
    two = Message(
        from_=(Address("", "a@x.example"), Address("", "b@y.example")),
        from_fields=1,
        raw_headers=(("authentication-results", f"{OURS}; dmarc=pass; dkim=pass header.d=x.example"),),
    )
    assert verdict(read(two, OURS)) == "none"


def test_none_temperror_and_fail_are_three_states() -> None:
    seen = [read(_mail(f"{OURS}; dmarc={word}"), OURS).dmarc for word in ("none", "temperror", "permerror", "fail")]
    assert seen == ["none", "unknown", "unknown", "fail"]


def test_where_no_policy_answers_a_signature_of_the_from_domain_passes() -> None:
    assert _verdict(f"{OURS}; dmarc=none; dkim=pass header.d=customer.example") == "pass"
    assert _verdict(f"{OURS}; dkim=pass header.i=@customer.example", sender="a@mail.customer.example") == "pass"


def test_somebody_elses_signature_proves_no_sender() -> None:
    assert _verdict(f"{OURS}; dkim=pass header.d=bulk.example") == "none"
    assert _verdict(f"{OURS}; dkim=pass header.d=ustomer.example") == "none"
    assert _verdict(f"{OURS}; dkim=pass header.d=sub.customer.example") == "none"
    assert _verdict(f"{OURS}; dkim=pass header.d=example") == "none"


def test_a_broken_signature_alone_is_as_good_as_none() -> None:
    assert _verdict(f"{OURS}; dkim=fail header.d=customer.example") == "none"


def test_a_signing_domain_in_unicode_is_compared_as_an_a_label() -> None:
    assert _verdict(f"{OURS}; dkim=pass header.d=bücher.example", sender="a@xn--bcher-kva.example") == "pass"


def test_a_field_of_an_unknown_version_is_ignored() -> None:
    assert _verdict(f"{OURS} 2; dmarc=pass") == "unknown"


def test_no_result_is_an_answer_without_methods() -> None:
    results = parse_results(f"{OURS}; none")
    assert results is not None
    assert results.clauses == ()


def test_unquoted_base64_and_words_without_a_type_do_not_end_the_field() -> None:
    field = f"{OURS}; dkim=pass header.b=ab+c/d== header.d=customer.example; dmarc=pass action=none"
    assert _verdict(field) == "pass"


@given(st.lists(st.text(alphabet=st.sampled_from('ab;="()\\ \n\t./=@1dmarcpass'), max_size=80), max_size=4), st.text())
def test_any_field_gives_a_verdict(values: list[str], trusted: str) -> None:
    message = _mail(*(f"{OURS};{value}" for value in values), *values)
    assert verdict(read(message, OURS)) in ("pass", "fail", "none", "unknown")
    assert verdict(read(message, trusted)) in ("pass", "fail", "none", "unknown")
