"""What handlers may reach beyond their own update."""

from __future__ import annotations

from dataclasses import dataclass

from bot.api import Api
from bot.courier import Courier
from bot.dialogues import Dialogues
from bot.routing import Router
from bot.scanning import Scanner
from bot.words import Words
from db.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    db: Database
    words: Words
    courier: Courier
    scanner: Scanner
    router: Router
    dialogues: Dialogues
    bot_username: str
    api: Api
