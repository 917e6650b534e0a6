"""What is done with all tickets of a problem at once, and what an agent who joins one to it should know."""

from __future__ import annotations

from dataclasses import replace

from gateway.desk.commands import SetProblem
from gateway.desk.orders import Order, Orders
from gateway.desk.problems import key_of
from gateway.store import problems
from gateway.store.transaction import Transaction


def spelled(tx: Transaction, name: str) -> str:
    """As the tickets that are in it have it; of a new problem as it is given."""
    return problems.spelling(tx, key_of(name)) or name


def as_spelled(tx: Transaction, orders: Orders) -> Orders:
    return replace(orders, orders=tuple(_as_spelled(tx, order) for order in orders.orders))


def _as_spelled(tx: Transaction, order: Order) -> Order:
    match order.command:
        case SetProblem(problem=str(name)):
            return replace(order, command=SetProblem(spelled(tx, name)))
        case _:
            return order
