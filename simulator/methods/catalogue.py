"""All methods of the simulated Bot API: importing the modules registers them."""

from simulator.methods import bots, chats, edits, groups, media, sending, updates
from simulator.methods.table import METHODS

MODULES = (bots, chats, edits, groups, media, sending, updates)

__all__ = ["METHODS", "MODULES"]
