"""Modules that a library imports and seldom uses, put off until something of them is asked for."""

import sys
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec


def import_when_used(name: str) -> None:
    """Have ``import name`` give a module that is executed at its first attribute.

    Nothing happens where it is imported already. Its package is imported now.

    Raises:
        ModuleNotFoundError: there is no such module.
    """
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    loader = LazyLoader(spec.loader)
    spec.loader = loader
    module = module_from_spec(spec)
    sys.modules[name] = module
    loader.exec_module(module)
    package, _, child = name.rpartition(".")
    if package:
        # Found there, it is not asked for its spec, which would be its first attribute.
        setattr(import_module(package), child, module)
