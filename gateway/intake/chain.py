"""The order of the rules, and the judge who asks them: the first that answers decides.

A rule is a file, named after the question it asks. To add one: write `name(case) -> Verdict | None`, put it into
CHAIN where it belongs, and say in its docstring what it answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from gateway.desk.policy import Policy
from gateway.intake.brake import brake
from gateway.intake.case import Case
from gateway.intake.configured import blocked, configured, junk
from gateway.intake.control import control
from gateway.intake.crossed import crossed
from gateway.intake.direct import direct
from gateway.intake.duplicate import duplicate
from gateway.intake.enquiry import enquiry
from gateway.intake.forward import forward
from gateway.intake.loop import loop
from gateway.intake.machine import machine
from gateway.intake.match import match
from gateway.intake.new_ticket import new_ticket
from gateway.intake.order import order
from gateway.intake.reading import Reading
from gateway.intake.reply import reply
from gateway.intake.sender import nobody, pretender
from gateway.intake.stranger import stranger
from gateway.intake.verdict import Facts, Verdict
from gateway.mail.thread import Keys

Rule = Callable[[Case], Verdict | None]

CHAIN: tuple[Rule, ...] = (
    duplicate,
    loop,
    configured,
    machine,
    blocked,
    junk,
    nobody,
    pretender,
    brake,
    crossed,
    control,
    order,
    enquiry,
    forward,
    direct,
    reply,
    stranger,
    new_ticket,
)


def judge(reading: Reading, facts: Facts, policy: Policy, keys: Keys, now: datetime) -> Verdict:
    """What becomes of this mail. Pure: the same inputs give the same verdict, before and after the fact."""
    case = Case(reading, facts, match(reading, facts, policy, keys, now), policy, now)
    for rule in CHAIN:
        verdict = rule(case)
        if verdict is not None:
            return verdict
    raise AssertionError("new_ticket answers every mail")
