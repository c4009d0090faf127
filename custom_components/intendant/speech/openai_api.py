"""Ask a server that speaks OpenAI's API; every way in which it can fail has a name."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.event import async_track_time_interval

from ..const import DOMAIN
from .errors import SpeechError
from .standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from aiohttp import ClientResponse
    from homeassistant.core import HomeAssistant

_TIMEOUT: Final = ClientTimeout(total=30, connect=5)
_LOOKING: Final = ClientTimeout(total=10)
_LOOK_EVERY: Final = timedelta(seconds=30)
_LONGEST_LIST: Final = 1 << 20
_AWAY: Final = frozenset({"server_down", "server_slow"})
_DENIES: Final = "server_denies"
_DENIED: Final = frozenset({401, 403})
_PART: Final = 64 * 1024


class SpeechServer:
    """One server, at an address that ends with its version ("http://.../v1").

    Whether it can be used is known from what it was asked last. While it can't be reached, it is looked at now and then.
    """

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address and key from the options."""
        self._hass = hass
        self._session = async_get_clientsession(hass)
        self._url = str(options[CONF_URL]).rstrip("/")
        self._key = options.get(CONF_API_KEY)
        self._looking: Callable[[], None] | None = None
        self.standing = Standing("The speech server")

    async def async_start(self) -> None:
        """Look at the server in the background."""
        self._hass.async_create_background_task(self._async_look(), f"{DOMAIN} speech server")

    async def async_stop(self) -> None:
        """Look no more; the session is Home Assistant's."""
        self.standing.listen(None)
        self._watch(look=False)

    async def async_post(self, path: str, most: int, **body: Any) -> bytes:
        """Return what the server answers, of at most so many bytes. Raise SpeechError."""
        try:
            answer = await self._async_ask("POST", path, most, _TIMEOUT, **body)
        except SpeechError as err:
            self._note(err.reason)
            raise
        self._note(None)
        return answer

    async def _async_ask(self, method: str, path: str, most: int, timeout: ClientTimeout, **body: Any) -> bytes:  # noqa: ASYNC109 - aiohttp's own
        url = f"{self._url}/{path}"
        try:
            async with self._session.request(method, url, headers=self._headers(), timeout=timeout, **body) as response:
                return await _read(response, most)
        except TimeoutError as err:
            raise SpeechError("server_slow") from err
        except (ClientError, ValueError) as err:
            raise SpeechError("server_down") from err

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _note(self, reason: str | None) -> None:
        """Note how asking went. A server that answers nonsense is there: the next sentence may go well."""
        if reason in _AWAY or reason == _DENIES:
            self.standing.fails(reason)
        else:
            self.standing.works()
        # A key that was refused gets no better by being shown again.
        self._watch(look=reason in _AWAY and self.standing.watched)

    def _watch(self, *, look: bool) -> None:
        if look and self._looking is None:
            self._looking = async_track_time_interval(self._hass, self._async_look, _LOOK_EVERY)
        elif not look and self._looking:
            self._looking()
            self._looking = None

    async def _async_look(self, _now: datetime | None = None) -> None:
        """See whether the server is there: its list of models is cheap, and any answer at all will do."""
        try:
            await self._async_ask("GET", "models", _LONGEST_LIST, _LOOKING)
        except SpeechError as err:
            self._note(err.reason)
        else:
            self._note(None)


async def _read(response: ClientResponse, most: int) -> bytes:
    if response.status in _DENIED:
        raise SpeechError(_DENIES)
    if not response.ok:
        raise SpeechError("server_refuses", status=str(response.status))
    data = bytearray()
    async for part in response.content.iter_chunked(_PART):
        data += part
        if len(data) > most:
            raise SpeechError("server_lies")
    return bytes(data)
