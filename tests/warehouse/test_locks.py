"""The advisory locks of PostgreSQL: each stands for one thing, and nobody waits for another's."""

import importlib
import pkgutil

import warehouse


def test_each_lock_has_a_key_of_its_own() -> None:
    rooms = (each.name for each in pkgutil.iter_modules(warehouse.__path__) if each.name != "migrations")
    said = (vars(importlib.import_module(f"warehouse.{room}")) for room in rooms)
    keys = {name: key for names in said for name, key in names.items() if name.endswith("_LOCK")}
    assert len(keys) >= 6
    assert len(set(keys.values())) == len(keys), keys
