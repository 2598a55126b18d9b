"""The person's side over HTTP: what the page and the tests use, under /sim/."""

from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from simulator import persons_view, seeds
from simulator.chats import Chat
from simulator.errors import ApiError, PersonError
from simulator.events import event_stream
from simulator.people import Person
from simulator.persons_deeds import DEEDS, Deed
from simulator.wire import Json, decode, encode
from simulator.world import World

Endpoint = Callable[[Request], Awaitable[Response]]


def json_response(value: Any, status: int = 200) -> Response:
    return Response(encode(value), status, media_type="application/json")


class PersonsApi:
    """Handlers of /sim/; problems of the person come back as {ok: false, error}."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        return [
            self._route("/sim/state", self.state),
            self._route("/sim/chats", self.chats),
            self._route("/sim/messages", self.messages),
            self._route("/sim/events", self.events),
            self._route("/sim/log", self.log),
            self._route("/sim/file/{file_id}", self.file),
            self._route("/sim/act", self.act, "POST"),
            self._route("/sim/link", self.link, "POST"),
            self._route("/sim/clock", self.clock, "POST"),
            self._route("/sim/faults", self.add_fault, "POST"),
            self._route("/sim/faults", self.clear_faults, "DELETE"),
            self._route("/sim/people", self.add_person, "POST"),
            self._route("/sim/bots", self.add_bot, "POST"),
            self._route("/sim/groups", self.add_group, "POST"),
            self._route("/sim/jump", self.jump, "POST"),
        ]

    def _route(self, path: str, endpoint: Endpoint, verb: str = "GET") -> Route:
        return Route(path, _polite(endpoint), methods=[verb])

    async def state(self, _: Request) -> Response:
        return json_response(persons_view.state(self.world))

    async def chats(self, request: Request) -> Response:
        return json_response(persons_view.chat_list(self.world, self._viewer(request)))

    async def messages(self, request: Request) -> Response:
        query, viewer = request.query_params, self._viewer(request)
        chat = self.world.chat_of(viewer, int(query["chat"]))
        before = int(query["before"]) if query.get("before") else None
        limit = int(query.get("limit", 50))
        return json_response(persons_view.history(self.world, viewer, chat, before, limit))

    async def events(self, request: Request) -> Response:
        stream = event_stream(self.world, self._viewer(request).id)
        return StreamingResponse(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    async def log(self, request: Request) -> Response:
        limit, without = int(request.query_params.get("limit", 200)), request.query_params.get("without")
        newest = (entry for entry in reversed(self.world.log) if entry["method"] != without)
        return json_response(list(islice(newest, limit or None))[::-1])

    async def file(self, request: Request) -> Response:
        stored = self.world.files.find(request.path_params["file_id"])
        if stored is None:
            return json_response({"ok": False, "error": "no such file"}, 404)
        # Nothing a person uploads may run as a page of this origin.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(stored.data, media_type=stored.mime, headers=headers)

    async def act(self, request: Request) -> Response:
        body, upload = await _body(request)
        deed = DEEDS.get(str(body.get("do")))
        if deed is None:
            raise PersonError(f"unknown deed {body.get('do')!r}")
        viewer = self._person(body["as"])
        return json_response({"ok": True, **deed(Deed(self.world, viewer, self._chat(viewer, body), body, upload))})

    async def link(self, request: Request) -> Response:
        body, _ = await _body(request)
        person = self._person(body["as"])
        parts = urlsplit(str(body["url"]))
        username = parts.path.strip("/")
        bot = self.world.bot_named(username)
        if parts.hostname not in ("t.me", "telegram.me") or bot is None:
            raise PersonError("this link does not lead to a bot here")
        sent = person.open(bot, parse_qs(parts.query).get("start", [""])[0])
        return json_response({"ok": True, "chat": bot.id, "message_id": sent.id if sent else None})

    async def clock(self, request: Request) -> Response:
        body, _ = await _body(request)
        clock = self.world.clock
        if body.get("reset"):
            clock.reset()
        if "set" in body:
            clock.set(int(body["set"]))
        clock.forward(int(body.get("forward_ms", 0)))
        self.world.tell("state", {}, None)
        return json_response({"ok": True, "now": clock.now(), "offset": clock.offset})

    async def add_fault(self, request: Request) -> Response:
        body, _ = await _body(request)
        fault = self.world.faults.add(**body)
        self.world.tell("state", {}, None)
        return json_response({"ok": True, "fault": fault.wire()})

    async def clear_faults(self, _: Request) -> Response:
        self.world.faults.clear()
        self.world.tell("state", {}, None)
        return json_response({"ok": True})

    async def add_person(self, request: Request) -> Response:
        body, _ = await _body(request)
        return json_response({"ok": True, "id": seeds.add_person(self.world, body).id})

    async def add_bot(self, request: Request) -> Response:
        body, _ = await _body(request)
        return json_response({"ok": True, "id": seeds.add_bot(self.world, body).id})

    async def add_group(self, request: Request) -> Response:
        body, _ = await _body(request)
        return json_response({"ok": True, "id": seeds.add_group(self.world, body).id})

    async def jump(self, request: Request) -> Response:
        body, _ = await _body(request)
        self.world.jump_update_ids(int(body["to"]))
        return json_response({"ok": True})

    def _viewer(self, request: Request) -> Person:
        return self._person(request.query_params["as"])

    def _person(self, user_id: Any) -> Person:
        person = self.world.people.get(int(user_id))
        if person is None:
            raise PersonError(f"no person {user_id}")
        return person

    def _chat(self, person: Person, body: Json) -> Chat:
        if body.get("do") == "join":
            return self.world.groups[int(body["chat"])]
        return self.world.chat_of(person, int(body["chat"]))


def _polite(endpoint: Endpoint) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ApiError as refusal:
            return json_response({"ok": False, "error": refusal.description}, 400)
        except (PersonError, ValueError, TypeError) as refusal:
            return json_response({"ok": False, "error": str(refusal)}, 400)
        except KeyError as missing:
            return json_response({"ok": False, "error": f"missing or unknown: {missing}"}, 400)

    return answer


async def _body(request: Request) -> tuple[Json, tuple[str, str, bytes] | None]:
    """The JSON object or form of a request, and the uploaded file (name, type, bytes)."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await _form(request)
    body = decode(await request.body() or b"{}")
    if not isinstance(body, dict):
        raise PersonError("a JSON object is expected")
    return body, None


async def _form(request: Request) -> tuple[Json, tuple[str, str, bytes] | None]:
    async with request.form() as form:
        fields = {key: value for key, value in form.items() if isinstance(value, str)}
        file = form.get("file")
        if file is None or isinstance(file, str):
            return fields, None
        return fields, (file.filename or "file", file.content_type or "", await file.read())
