"""Home Assistant's REST and WebSocket APIs, as far as the demo needs them."""

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

import aiohttp

from .settings import DemoError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


# Seconds that integrations may take to be set up.
PATIENCE = 180


class Link:
    """One authenticated connection."""

    def __init__(self, url: str, token: str, session: aiohttp.ClientSession) -> None:
        """Keep what is needed to connect."""
        self._url, self._token, self._session = url, token, session
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.events: list[dict[str, Any]] = []
        self._number = 0

    async def post(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """Send data to a REST address and return the answer."""
        headers = {"Authorization": f"Bearer {self._token}"} if self._token else {}
        async with self._session.post(self._url + path, json=data or {}, headers=headers) as response:
            if not response.ok:
                raise DemoError(f"Home Assistant refused {path}: {response.status} {await response.text()}")
            return cast("dict[str, Any]", await response.json())

    async def delete(self, path: str) -> None:
        """Delete what is at a REST address."""
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._session.delete(self._url + path, headers=headers) as response:
            response.raise_for_status()

    async def open(self) -> None:
        """Open the WebSocket and log in."""
        self._socket = await self._session.ws_connect(f"{self._url}/api/websocket", max_msg_size=0)
        await self._socket.receive_json()
        await self._socket.send_json({"type": "auth", "access_token": self._token})
        if (await self._socket.receive_json())["type"] != "auth_ok":
            raise DemoError("Home Assistant no longer knows the demo: remove demo/config and start again.")

    async def close(self) -> None:
        """Close the WebSocket."""
        if self._socket is not None:
            await self._socket.close()

    async def ask(self, kind: str, **data: Any) -> Any:  # noqa: ANN401 (every command answers something else)
        """Send one command and return its result; events that come meanwhile are kept."""
        socket = self._open_socket()
        self._number += 1
        number = self._number
        await socket.send_json({"id": number, "type": kind, **data})
        while True:
            message = await socket.receive_json()
            if message["type"] == "event":
                self.events.append(message["event"])
            elif message["id"] == number and message["type"] == "pong":
                return None
            elif message["id"] == number:
                if not message["success"]:
                    raise DemoError(f"Home Assistant refused {kind}: {message['error']['message']}")
                return message["result"]

    async def run(self, kind: str, **data: Any) -> AsyncIterator[dict[str, Any]]:
        """Send a command and yield its own events as they come; others that come meanwhile are kept."""
        await self.ask(kind, **data)
        number = self._number
        early = [event for event in self.events if "event_type" not in event]
        self.events[:] = [event for event in self.events if "event_type" in event]
        for event in early:
            yield event
        while True:
            message = await self._open_socket().receive_json()
            if message["type"] == "event" and message["id"] == number:
                yield message["event"]
            elif message["type"] == "event":
                self.events.append(message["event"])

    async def send(self, data: bytes) -> None:
        """Send bytes; the first one says to whom."""
        await self._open_socket().send_bytes(data)

    async def get(self, path: str) -> AsyncIterator[bytes]:
        """Yield what is at an address as it comes. Raise DemoError."""
        async with self._session.get(self._url + path) as response:
            if not response.ok:
                raise DemoError(f"Home Assistant refused {path.rpartition('/')[0]}: {response.status}")
            async for part, _ in response.content.iter_chunks():
                yield part

    async def started(self) -> None:
        """Wait until every integration is set up: pages are served before that."""
        for _ in range(PATIENCE * 4):
            if (await self.ask("get_config"))["state"] == "RUNNING":
                return
            await asyncio.sleep(0.25)
        raise DemoError(f"Home Assistant is still starting after {PATIENCE} s: look into demo/config/*/output.log.")

    async def settle(self, seconds: float) -> None:
        """Collect events until none has come for so long."""
        seen = -1
        while seen != len(self.events):
            seen = len(self.events)
            await asyncio.sleep(seconds)
            await self.ask("ping")

    def _open_socket(self) -> aiohttp.ClientWebSocketResponse:
        if self._socket is None:
            raise DemoError("not connected")
        return self._socket


@asynccontextmanager
async def linked(url: str, token: str) -> AsyncIterator[Link]:
    """Connect, and disconnect at the end."""
    async with aiohttp.ClientSession() as session:
        link = Link(url, token, session)
        try:
            await link.open()
            yield link
        finally:
            await link.close()
