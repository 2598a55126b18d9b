"""A page works on its members each for itself: what fails for one of them holds up nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from db.database import Tx
from loyalty.jobs import LeftOut

T = TypeVar("T")
R = TypeVar("R")

# When so many fail before one goes well, it is not they who are at fault.
_MOST_IN_VAIN = 10


@dataclass(frozen=True, slots=True)
class Worked(Generic[R]):
    """What was answered for those it went well with, in order, and who was left out."""

    answers: list[R]
    left_out: tuple[LeftOut, ...] = ()


def each(tx: Tx, found: Sequence[T], work: Callable[[T], R], member_of: Callable[[T], int]) -> Worked[R]:
    """Do the work for each of those found; what it did for one for whom it fails is undone, and the others go on.

    work may be called twice for the same one, the first time undone. member_of: the member's id, for the log. Raises
    what the engine fails with, and the error of the tenth if it fails for ten before it goes well with one.
    """
    try:
        # Nearly always nobody fails, and a savepoint for each would cost as much as the work.
        with tx.savepoint():
            return Worked([work(one) for one in found])
    except Exception:
        if tx.trouble:
            raise
    return _apart(tx, found, work, member_of)


def _apart(tx: Tx, found: Sequence[T], work: Callable[[T], R], member_of: Callable[[T], int]) -> Worked[R]:
    answers: list[R] = []
    left_out: list[LeftOut] = []
    for one, answer in ((one, _try(tx, work, one)) for one in found):
        if not isinstance(answer, _Failed):
            answers.append(answer)
            continue
        left_out.append(LeftOut(member_of(one), answer.error))
        if not answers and len(left_out) >= _MOST_IN_VAIN:
            raise answer.error
    return Worked(answers, tuple(left_out))


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


def _try(tx: Tx, work: Callable[[T], R], one: T) -> R | _Failed:
    try:
        with tx.savepoint():
            return work(one)
    except Exception as error:
        if tx.trouble:
            raise
        return _Failed(error)
