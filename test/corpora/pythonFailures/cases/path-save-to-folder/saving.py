import json


def atomic(function):
    """Mark a saver, and say what it saved."""

    def wrapper(state, target):
        function(state, target)
        print("saved", target)

    return wrapper


@atomic
def save(state, target):
    text = json.dumps(state)
    with open(target, "w") as handle:
        handle.write(text)
