"""What can happen to a ticket, for properties: any causes, in any order, with any time between them."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st

from gateway.desk import commands
from gateway.desk.causes import AgentActed, Cause, CustomerSaid, CustomerWrote, LetterFailed, MachineWrote, TimePassed
from gateway.desk.refused import Refused
from gateway.desk.words import SaysKeepOpen, SaysLater, SaysSolved
from tests.desk.living import Life, born
from tests.desk.samples import MARIA, answer, article

Story = list[tuple[Cause, float]]

ORDERS = st.sampled_from(
    [
        commands.Take(),
        commands.Assign("bo"),
        commands.Assign(None),
        commands.Ask(),
        commands.Hold(),
        commands.Solve(),
        commands.Close(),
        commands.Reopen(),
        commands.EnterPhase("review"),
        commands.EnterPhase("fixed"),
        commands.SetPriority("high"),
        commands.SetCategory("question"),
        commands.Tag("vip"),
        commands.Untag("vip"),
        commands.SetProblem("ENG-331"),
        commands.SetProblem(None),
        commands.HandOver("ENG-400"),
    ]
)
CAUSES = st.one_of(
    ORDERS.map(lambda order: AgentActed("ana", (order,))),
    st.just(AgentActed("ana", article=answer())),
    st.just(AgentActed("ana", (commands.Ask(),), answer())),
    st.just(AgentActed("bo", article=answer(visibility="private"))),
    st.just(CustomerWrote(article(id="x"))),
    st.just(CustomerWrote(article(id="y"), thanks=True)),
    st.sampled_from([SaysKeepOpen(), SaysSolved(), SaysLater()]).map(lambda word: CustomerSaid(article(id="w"), word)),
    st.just(MachineWrote(article(id="z"), "auto_reply out_of_office", "2026-05-04")),
    st.just(LetterFailed("l", MARIA.email, "5.1.1", "")),
    st.just(TimePassed()),
)
STORIES = st.lists(st.tuples(CAUSES, st.floats(0, 400)), max_size=12)  # hours since the one before


def live(policy: object, story: Story) -> Life:
    """Whom the desk refuses something is refused, and the story goes on."""
    life = born(policy)  # type: ignore[arg-type]
    for cause, hours in story:
        with suppress(Refused):
            life.hears(cause, life.now + timedelta(hours=hours))
    return life
