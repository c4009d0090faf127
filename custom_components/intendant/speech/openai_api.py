"""Ask a server that speaks OpenAI's API; every way in which it can fail has a name."""

from typing import TYPE_CHECKING, Any, Final

from aiohttp import ClientError, ClientTimeout
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .errors import SpeechError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiohttp import ClientResponse
    from homeassistant.core import HomeAssistant

_TIMEOUT: Final = ClientTimeout(total=30, connect=5)
_DENIED: Final = frozenset({401, 403})
_PART: Final = 64 * 1024


class SpeechServer:
    """One server, at an address that ends with its version ("http://.../v1")."""

    def __init__(self, hass: HomeAssistant, options: Mapping[str, Any]) -> None:
        """Take address and key from the options."""
        self._session = async_get_clientsession(hass)
        self._url = str(options[CONF_URL]).rstrip("/")
        self._key = options.get(CONF_API_KEY)

    async def async_post(self, path: str, most: int, **body: Any) -> bytes:
        """Return what the server answers, of at most so many bytes. Raise SpeechError."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        url = f"{self._url}/{path}"
        try:
            async with self._session.post(url, headers=headers, timeout=_TIMEOUT, **body) as response:
                return await _read(response, most)
        except TimeoutError as err:
            raise SpeechError("server_slow") from err
        except ClientError as err:
            raise SpeechError("server_down") from err


async def _read(response: ClientResponse, most: int) -> bytes:
    if response.status in _DENIED:
        raise SpeechError("server_denies")
    if not response.ok:
        raise SpeechError("server_refuses", status=str(response.status))
    data = bytearray()
    async for part in response.content.iter_chunked(_PART):
        data += part
        if len(data) > most:
            raise SpeechError("server_lies")
    return bytes(data)
