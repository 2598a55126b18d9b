"""Python itself, set up for a process that makes much at its start, and then has two threads at work on each answer."""

import gc
import sys

_TURN = 0.001  # seconds


def spare() -> None:
    """What the start has made stays: Python's garbage collector need not look through it again and again.

    A tenth of an answer's time; collecting later costs a few hundred kilobytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def take_turns() -> None:
    """The database's thread, which lets go of Python for each statement, gets it back soon.

    With the usual five milliseconds every statement waits that long for a busy event loop.
    """
    sys.setswitchinterval(_TURN)
