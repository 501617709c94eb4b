from importlib import import_module


def create(name, **options):
    """The model of a module in this package, by name."""
    module = import_module(f"{__name__}.{name}")
    return module.build(**options)
