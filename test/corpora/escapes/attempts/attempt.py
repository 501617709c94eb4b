"""What every attempt says: that it began, one line for a success, one for each way that was closed."""

import re
import sys

print("BEGUN", flush=True)
SECRET = re.compile(rb"mlr-secret-[0-9a-f]{16}")


def escaped(token: str, what: str) -> None:
    print(f"ESCAPED {token} {what}", flush=True)


def reveal(token: str, where: str, content) -> None:
    """Say the arena's secrets that content holds, and nothing else of it: a real key never reaches a log."""
    for secret in set(SECRET.findall(content or b"")):
        escaped(token, f"{secret.decode()} from {where}")


def tried(what: str, action, *args):
    """The action's result, or None where the machine refused it."""
    try:
        return action(*args)
    except Exception as refusal:  # any refusal counts as stopped; what matters is what the arena sees afterwards
        print(f"stopped: {what}: {type(refusal).__name__}: {refusal}", file=sys.stderr, flush=True)
        return None
