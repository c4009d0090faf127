"""To-do and shopping lists."""

from typing import TYPE_CHECKING, override
from uuid import uuid4

from homeassistant.components.todo import TodoItem, TodoItemStatus, TodoListEntity, TodoListEntityFeature

from .entity import Furnished

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant
    from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

    from . import FurnishedConfigEntry
    from .home import Keys


async def async_setup_entry(
    _hass: HomeAssistant, entry: FurnishedConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Put the lists in."""
    async_add_entities(entry.runtime_data.build("todo", FurnishedTodo))


class FurnishedTodo(Furnished, TodoListEntity):
    """One list."""

    _attr_supported_features = (
        TodoListEntityFeature.CREATE_TODO_ITEM
        | TodoListEntityFeature.DELETE_TODO_ITEM
        | TodoListEntityFeature.UPDATE_TODO_ITEM
        | TodoListEntityFeature.MOVE_TODO_ITEM
        | TodoListEntityFeature.SET_DUE_DATE_ON_ITEM
        | TodoListEntityFeature.SET_DUE_DATETIME_ON_ITEM
        | TodoListEntityFeature.SET_DESCRIPTION_ON_ITEM
    )

    @override
    def restore(self) -> None:
        self._items: list[TodoItem] = []
        super().restore()
        self._attr_todo_items = self._items

    @override
    def put(self, keys: Keys) -> None:
        if "items" in keys:
            self._keep([_item(entry) for entry in keys["items"] or ()])

    @override
    async def async_create_todo_item(self, item: TodoItem) -> None:
        item.uid = uuid4().hex
        item.status = item.status or TodoItemStatus.NEEDS_ACTION
        self._keep([*self._items, item])
        self.changed()

    @override
    async def async_update_todo_item(self, item: TodoItem) -> None:
        self._keep([item if old.uid == item.uid else old for old in self._items])
        self.changed()

    @override
    async def async_delete_todo_items(self, uids: list[str]) -> None:
        self._keep([item for item in self._items if item.uid not in uids])
        self.changed()

    @override
    async def async_move_todo_item(self, uid: str, previous_uid: str | None = None) -> None:
        moved = next(item for item in self._items if item.uid == uid)
        others = [item for item in self._items if item.uid != uid]
        index = next((number + 1 for number, item in enumerate(others) if item.uid == previous_uid), 0)
        self._keep([*others[:index], moved, *others[index:]])
        self.changed()

    def _keep(self, items: list[TodoItem]) -> None:
        """Replace the list; Home Assistant compares lists, so never change one in place."""
        self._items = self._attr_todo_items = items


def _item(entry: str | Keys) -> TodoItem:
    """Return the item that an entry of the file describes."""
    if isinstance(entry, str):
        entry = {"summary": entry}
    status = TodoItemStatus.COMPLETED if entry.get("done") else TodoItemStatus.NEEDS_ACTION
    return TodoItem(summary=str(entry["summary"]), uid=uuid4().hex, status=status)
