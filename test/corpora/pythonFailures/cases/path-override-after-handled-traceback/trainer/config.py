import json


def load(path, overrides):
    """The configuration of a file, with `a.b=value` laid over it."""
    with open(path) as handle:
        config = json.load(handle)
    for override in overrides:
        dotted, _, value = override.partition("=")
        *parents, last = dotted.split(".")
        node = config
        for name in parents:
            node = node.setdefault(name, {})
        node[last] = parse(value)
    return config


def parse(text):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text
