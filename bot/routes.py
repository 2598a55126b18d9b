"""The handler table: everything the bot answers to. Every module of bot/handlers adds its ROUTES and DIALOGUES."""

from __future__ import annotations

import importlib
import pkgutil
from functools import partial
from types import ModuleType

from bot import buttons, handlers
from bot.dialogues import Dialogue, Dialogues
from bot.handlers import typing
from bot.routing import Route, Router
from bot.words import Words


def _modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(handlers.__path__)
    return [importlib.import_module(f"{handlers.__name__}.{module.name}") for module in found]


def all_routes() -> tuple[Route, ...]:
    """Every route, in the order of the modules' names."""
    return tuple(route for module in _modules() for route in getattr(module, "ROUTES", ()))


def all_dialogues() -> tuple[Dialogue, ...]:
    """Every dialogue the bot can hold."""
    return tuple(dialogue for module in _modules() for dialogue in getattr(module, "DIALOGUES", ()))


def make_router() -> Router:
    return Router(all_routes(), fallback=typing.FALLBACK, groups=typing.IN_GROUP)


def make_dialogues(words: Words) -> Dialogues:
    return Dialogues(all_dialogues(), partial(buttons.presses, words))
