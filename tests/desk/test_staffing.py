"""Who gets a ticket, who hears of it, who is reminded: assignment, tiers, absences, stale tickets, alarms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gateway.desk import commands
from gateway.desk.assignment import to_be_assigned
from gateway.desk.calendar import Calendar
from gateway.desk.causes import AgentActed, CustomerWrote, Offered, TimePassed
from gateway.desk.decide import Refused, decide, dues
from gateway.desk.digest import digests
from gateway.desk.events_time import Escalated, NobodyAvailable, StaleNoticed
from gateway.desk.policy import Agent, Assign, Policy, Priority, Stale, Team, Text, Tier
from gateway.desk.spans import parse_range, parse_span
from tests.desk.living import Life, born
from tests.desk.samples import MARIA, MONDAY, OFFICE, answer, article, days, policy

AWAY = ((date(2026, 4, 13), date(2026, 4, 17)),)
PEOPLE = {
    "ana": Agent("ana", "Ana Ruiz", "ana@acme.example", teams=("first",)),
    "bo": Agent("bo", "Bo Lindqvist", "bo@acme.example", teams=("first",)),
    "cy": Agent("cy", "Cy Young", "cy@acme.example", teams=("first", "second")),
    "vi": Agent("vi", "Vi Ewer", "vi@acme.example", teams=("first",), role="viewer"),
    "lea": Agent("lea", "Lea Lead", "lea@acme.example", teams=("second",), role="lead", notify="mine"),
}


def desk(assign: Assign = "round-robin", **changes: Any) -> Policy:
    teams = {"first": Team("first", Text("First"), assign=assign), "second": Team("second", Text("Second"))}
    return policy(**{"agents": PEOPLE, "teams": teams, **changes})


def offered(life: Life, turn: int = 0, **has: int) -> str | None:
    life.hears(Offered(turn, tuple(has.items())))
    return life.ticket.assignee


def test_tickets_go_round_and_skip_viewers():
    assert [offered(born(desk()), turn) for turn in range(4)] == ["ana", "bo", "cy", "ana"]


def test_whoever_has_the_fewest_open_ones_gets_the_next():
    assert offered(born(desk("least-open")), ana=3, bo=1, cy=2) == "bo"
    assert offered(born(desk("least-open")), ana=3, bo=1) == "cy"


def test_the_absent_are_skipped_and_who_is_at_work_goes_before_who_comes_later():
    away = {**PEOPLE, "ana": replace(PEOPLE["ana"], away=AWAY)}
    assert offered(born(desk(agents=away))) == "bo"
    night = {**PEOPLE, "ana": replace(PEOPLE["ana"], calendar="night")}
    closed = Calendar("night", "UTC")
    assert offered(born(desk(agents=night, calendars={"office": OFFICE, "night": closed}))) == "bo"


def test_by_hand_nobody_is_chosen():
    assert offered(born(desk("manual"))) is None
    assert to_be_assigned(born(desk("manual")).ticket, born(desk("manual")).events, desk("manual")) is None


def test_a_team_with_nobody_there_is_an_alarm():
    gone = {name: replace(agent, away=AWAY) for name, agent in PEOPLE.items()}
    life = born(desk(agents=gone, admins=("ops@acme.example",)))
    life.hears(Offered())
    assert isinstance(life.events[-1], NobodyAvailable)
    assert life.sent("admin_alert") == ["admin_alert 04-13"]
    assert life.sent("agent_warning", to="lea@acme.example") == ["agent_warning 04-13"]


def test_who_gets_it_is_told_and_so_is_the_customer():
    life = born(desk())
    offered(life)
    assert life.sent("agent_assigned", "assigned") == ["agent_assigned 04-13", "assigned 04-13"]
    life.commanded(commands.Take())
    assert life.sent("assigned", to=MARIA.email) == ["assigned 04-13"]


def test_the_customer_is_not_told_twice_where_words_tell_it():
    life = born(desk())
    life.hears(AgentActed("ana", (commands.Take(),), answer()))
    assert life.sent("assigned") == []


def test_while_the_assignee_is_away_the_team_hears():
    away = {**PEOPLE, "bo": replace(PEOPLE["bo"], away=((date(2026, 4, 15), date(2026, 4, 17)),))}
    life = born(desk("manual", agents=away))
    life.commanded(commands.Assign("bo"))
    life.until(MONDAY + days(3))
    offers = [notice for _, notice in life.letters if notice.reason == "away"]
    assert [notice.to.email for notice in offers] == ["ana@acme.example", "cy@acme.example"]
    life.hears(CustomerWrote(article(id="a3")))
    assert {n.to.email for _, n in life.letters if n.letter == "agent_reply"} >= {"ana@acme.example"}
    life.until(MONDAY + days(20))
    assert len([notice for _, notice in life.letters if notice.reason == "away"]) == 2


# -- stale -------------------------------------------------------------------------------------------------------------


def stale(**changes: Any) -> Life:
    rule = Stale(parse_span("2 business days"), parse_span("1 business day"))
    life = born(desk("manual", stale=rule, **changes))
    life.commanded(commands.Assign("bo"))
    return life


def test_a_ticket_that_nobody_touches_reminds_the_assignee_then_the_lead():
    life = stale()
    life.until(MONDAY + days(3.5))
    assert life.sent("agent_stale", to="bo@acme.example") == ["agent_stale 04-15", "agent_stale 04-16"]
    assert life.sent("agent_stale", to="lea@acme.example") == ["agent_stale 04-16"]


def test_whoever_does_anything_has_touched_it():
    life = stale()
    life.hears(AgentActed("bo", article=answer("bo", visibility="private")), MONDAY + days(1))
    life.until(MONDAY + days(2.5))
    assert life.sent("agent_stale") == []


def test_who_snoozes_is_left_alone_so_long():
    life = stale()
    life.commanded(commands.Snooze(MONDAY + days(8)), agent="bo")
    life.until(MONDAY + days(7.9))
    assert life.sent("agent_stale") == []
    life.until(MONDAY + days(8))
    assert life.sent("agent_stale") == ["agent_stale 04-21"]


def test_while_more_important_work_halts_it_the_reminder_waits():
    life = stale()
    at = MONDAY + days(2)
    assert [e for e in decide(life.ticket, TimePassed(2), life.policy, at) if isinstance(e, StaleNoticed)] == []
    assert [e for e in decide(life.ticket, TimePassed(3), life.policy, at) if isinstance(e, StaleNoticed)] != []


# -- tiers and alarms --------------------------------------------------------------------------------------------------


def tiered() -> Policy:
    patience = (("high", parse_span("15m")), ("default", parse_span("4 business hours")))
    return desk("manual", tiers=(Tier("tier1", "first", patience), Tier("tier2", "second", patience)))


def test_what_nobody_takes_goes_to_the_next_tier_once():
    life = born(tiered(), tier="tier1")
    assert ("escalation", MONDAY + timedelta(hours=4)) in dues(life.ticket, life.policy)
    life.until(MONDAY + days(10))
    assert (life.ticket.tier, life.ticket.team) == ("tier2", "second")
    assert len([event for event in life.events if isinstance(event, Escalated)]) == 1
    assert life.sent("agent_escalated", to="cy@acme.example") == ["agent_escalated 04-13"]


@pytest.mark.parametrize("cause", [AgentActed("ana", (commands.Take(),)), AgentActed("ana", article=answer())])
def test_taking_or_answering_it_stops_the_escalation(cause):
    life = born(tiered(), tier="tier1")
    life.hears(cause)
    life.until(MONDAY + days(10))
    assert life.ticket.tier == "tier1"


def test_an_agent_escalates_one_up_or_to_a_tier_and_who_is_not_there_loses_it():
    life = born(tiered(), tier="tier1")
    life.commanded(commands.Take(), commands.Escalate())
    assert (life.ticket.tier, life.ticket.team, life.ticket.assignee) == ("tier2", "second", None)
    with pytest.raises(Refused, match="no way up"):
        life.commanded(commands.Escalate())


def test_a_desk_without_tiers_says_so_to_who_escalates():
    with pytest.raises(Refused, match="this desk has no tiers"):
        born(policy()).commanded(commands.Escalate())


def test_an_urgent_ticket_escalates_sooner():
    life = born(tiered(), tier="tier1", priority="high")
    assert dict(dues(life.ticket, life.policy))["escalation"] == MONDAY + timedelta(minutes=15)


def test_the_letters_of_a_team_that_has_nobody_go_to_the_leads():
    empty = replace(tiered(), tiers=(Tier("tier1", "third"),), teams={"third": Team("third", Text("Third"))})
    life = born(empty, tier="tier1", team="third")
    assert life.sent("agent_new") == ["agent_new 04-13"]
    assert life.letters[0][1].to.email == "lea@acme.example"


def test_an_alarm_reaches_everybody_but_viewers_when_it_comes_and_when_it_becomes_one():
    alarm = Priority("high", Text("High"), order=1, alert="all")
    loud = desk("manual", priorities={"medium": Priority("medium", Text("Medium")), "high": alarm})
    everybody = {"ana@acme.example", "bo@acme.example", "cy@acme.example", "lea@acme.example"}
    came = born(loud, priority="high")
    assert {notice.to.email for _, notice in came.letters if notice.letter == "agent_new"} == everybody
    became = born(loud)
    became.letters.clear()
    became.commanded(commands.SetPriority("high"))
    told = {notice.to.email for _, notice in became.letters if notice.reason == "alert"}
    assert told == everybody - {"ana@acme.example"}


# -- the daily digest --------------------------------------------------------------------------------------------------


def test_the_digest_names_what_waits_for_each_the_most_urgent_first_and_what_is_late():
    high = Priority("high", Text("High"), order=1, resolution=parse_range("1h"))
    loud = desk("manual", priorities={"medium": Priority("medium", Text("Medium")), "high": high})
    mine, urgent, done, free = (
        born(loud, priority=p, number=n) for n, p in enumerate(("medium", "high", "high", "medium"))
    )
    mine.commanded(commands.Assign("bo"))
    urgent.commanded(commands.Assign("bo"))
    urgent.until(MONDAY + days(1))
    done.commanded(commands.Assign("bo"), commands.Solve())
    found = digests([each.ticket for each in (mine, urgent, done, free)], loud, MONDAY + days(1))
    by_agent = {digest.agent.id: ([ticket.number for ticket in digest.tickets], digest.late) for digest in found}
    assert by_agent == {"ana": ([3], 0), "bo": ([1, 0, 3], 1), "cy": ([3], 0)}


def test_who_is_away_gets_no_digest():
    away = {**PEOPLE, "ana": replace(PEOPLE["ana"], away=AWAY)}
    found = digests([born(desk("manual", agents=away)).ticket], desk("manual", agents=away), MONDAY)
    assert [digest.agent.id for digest in found] == ["bo", "cy"]
