"""Input helpers: Home Assistant's own entities, which can also be put back."""

from typing import TYPE_CHECKING, Any, override

from homeassistant.components.input_boolean import InputBoolean
from homeassistant.components.input_button import InputButton
from homeassistant.components.input_number import InputNumber
from homeassistant.components.input_select import InputSelect
from homeassistant.components.input_text import InputText

from .entity import Furnished, House

if TYPE_CHECKING:
    from .home import Keys, Piece


class FurnishedBoolean(Furnished, InputBoolean):
    """One toggle."""

    editable = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build it as Home Assistant builds it from YAML."""
        InputBoolean.__init__(self, _config(piece, initial=False))
        super().__init__(piece, house)

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_is_on = keys["state"] == "on"


class FurnishedInputButton(Furnished, InputButton):
    """One button helper."""

    editable = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build it as Home Assistant builds it from YAML."""
        InputButton.__init__(self, _config(piece))
        super().__init__(piece, house)


class FurnishedInputNumber(Furnished, InputNumber):
    """One number helper."""

    editable = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build it as Home Assistant builds it from YAML."""
        keys = piece.keys
        low, high, step = (float(keys.get(key, usual)) for key, usual in (("min", 0), ("max", 100), ("step", 1)))
        config = _config(piece, min=low, max=high, step=step, mode="slider", unit_of_measurement=keys.get("unit"))
        InputNumber.__init__(self, {**config, "initial": float(keys.get("state", low))})
        super().__init__(piece, house)

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_native_value = float(keys["state"])


class FurnishedInputSelect(Furnished, InputSelect):
    """One selection helper."""

    editable = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build it as Home Assistant builds it from YAML."""
        options = [str(option) for option in piece.keys["options"]]
        InputSelect.__init__(self, _config(piece, options=options, initial=options[0]))
        super().__init__(piece, house)

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_current_option = str(keys["state"])


class FurnishedText(Furnished, InputText):
    """One text helper."""

    editable = False

    def __init__(self, piece: Piece, house: House) -> None:
        """Build it as Home Assistant builds it from YAML."""
        InputText.__init__(self, _config(piece, min=0, max=255, mode="text", initial=""))
        super().__init__(piece, house)

    @override
    def put(self, keys: Keys) -> None:
        if "state" in keys:
            self._attr_native_value = str(keys["state"])


HELPERS = {
    "input_boolean": FurnishedBoolean,
    "input_button": FurnishedInputButton,
    "input_number": FurnishedInputNumber,
    "input_select": FurnishedInputSelect,
    "input_text": FurnishedText,
}


def _config(piece: Piece, **more: Any) -> dict[str, Any]:
    """Return the helper's configuration as the YAML loader would give it."""
    return {"id": piece.object_id, "name": piece.name, **more}
