"""How the bot gets its updates: long polls and webhooks."""

import re
from typing import Any

from simulator.errors import WEBHOOK_ACTIVE, ApiError, bad_request
from simulator.methods.table import ARRAY, BOOLEAN, FILE, INTEGER, STRING, Call, method
from simulator.updates import MAX_BATCH
from simulator.webhooks import Webhook, checked_url
from simulator.wire import Json

MAX_TIMEOUT = 50
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@method("getUpdates", offset=INTEGER, limit=INTEGER, timeout=INTEGER, allowed_updates=ARRAY)
async def get_updates(call: Call) -> list[Any]:
    if call.bot.webhook is not None:
        raise ApiError(409, WEBHOOK_ACTIVE)
    queue = call.bot.updates
    queue.allow(call.get("allowed_updates"))
    limit = call.get("limit", MAX_BATCH)
    limit = limit if 1 <= limit <= MAX_BATCH else MAX_BATCH
    timeout = min(max(call.get("timeout", 0), 0), MAX_TIMEOUT)
    return await queue.poll(call.get("offset", 0), limit, timeout)


@method(
    "setWebhook",
    url=STRING,
    certificate=FILE,
    ip_address=STRING,
    max_connections=INTEGER,
    allowed_updates=ARRAY,
    drop_pending_updates=BOOLEAN,
    secret_token=STRING,
)
async def set_webhook(call: Call) -> bool:
    url = call.get("url", "")
    if not url:
        await _stop(call)
        return True
    secret = call.get("secret_token", "")
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = min(max(call.get("max_connections", 40), 1), 100)
    checked_url(url)
    await _stop(call)
    call.bot.updates.allow(call.get("allowed_updates"))
    call.bot.webhook = Webhook(call.world, call.bot, url, secret, connections)
    call.bot.webhook.start()
    return True


@method("deleteWebhook", drop_pending_updates=BOOLEAN)
async def delete_webhook(call: Call) -> bool:
    await _stop(call)
    return True


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    webhook, queue = call.bot.webhook, call.bot.updates
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue.pending)}
    if webhook is not None:
        info |= webhook.info()
    if queue.allowed is not None:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


async def _stop(call: Call) -> None:
    webhook, call.bot.webhook = call.bot.webhook, None
    if webhook is not None:
        await webhook.stop()
    if call.get("drop_pending_updates"):
        call.bot.updates.drop()
