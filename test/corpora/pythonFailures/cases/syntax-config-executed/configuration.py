from pathlib import Path


def load(path):
    """The names a configuration, itself Python, defines."""
    names = {}
    exec(compile(Path(path).read_text(), path, "exec"), names)
    return {name: value for name, value in names.items() if not name.startswith("__")}
