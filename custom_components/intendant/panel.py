"""The page in the sidebar: what was heard and done, for administrators."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from homeassistant.components.frontend import async_panel_exists, async_remove_panel
from homeassistant.components.http import StaticPathConfig
from homeassistant.components.panel_custom import async_register_panel
from homeassistant.core import callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, NAME

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from .runtime import IntendantConfigEntry

ELEMENT: Final = "intendant-panel"
ICON: Final = "mdi:bow-tie"
FILES: Final = Path(__file__).parent / "frontend"
_ADDRESS: Final[HassKey[str]] = HassKey(f"{DOMAIN}_page")


async def async_add_panel(hass: HomeAssistant, entry: IntendantConfigEntry) -> None:
    """Show the page in the sidebar; do nothing where Home Assistant runs without its frontend.

    It stays while the entry is reloaded, or whoever changes an option on the page would be thrown off it.
    """
    if "frontend" not in hass.config.components:
        return

    @callback
    def leave() -> None:
        if entry.disabled_by:
            async_forget_panel(hass)

    entry.async_on_unload(leave)
    if not async_panel_exists(hass, DOMAIN):
        await async_register_panel(
            hass,
            frontend_url_path=DOMAIN,
            webcomponent_name=ELEMENT,
            sidebar_title=NAME,
            sidebar_icon=ICON,
            module_url=f"{await _async_serve(hass)}/panel.js",
            require_admin=True,
            config_panel_domain=DOMAIN,
            handle_safe_area=True,
        )


@callback
def async_forget_panel(hass: HomeAssistant) -> None:
    """Take the page out of the sidebar."""
    async_remove_panel(hass, DOMAIN, warn_if_unknown=False)


async def _async_serve(hass: HomeAssistant) -> str:
    """Return the address of the page's files, which browsers may keep for good: other files have another address."""
    if (address := hass.data.get(_ADDRESS)) is None:
        address = hass.data[_ADDRESS] = f"/{DOMAIN}_page/{await hass.async_add_executor_job(_digest, FILES)}"
        await hass.http.async_register_static_paths([StaticPathConfig(address, str(FILES))])
    return address


def _digest(folder: Path) -> str:
    """Return a short hash of all files of the folder."""
    digest = sha256()
    for path in sorted(folder.rglob("*.js")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
