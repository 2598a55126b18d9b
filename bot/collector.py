"""Python's garbage collector, set up for a process that makes much at its start and little that lasts later."""

import gc


def spare() -> None:
    """What the start has made stays: Python's garbage collector need not look through it again and again.

    A tenth of an answer's time; collecting later costs a few hundred kilobytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
