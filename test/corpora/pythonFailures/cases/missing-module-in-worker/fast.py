import logging

logger = logging.getLogger("fast")

try:
    import turbo_tokens
except ImportError:
    logger.warning("turbo_tokens is not installed, tokenizing in Python", exc_info=True)
    turbo_tokens = None


def split(text):
    return turbo_tokens.split(text) if turbo_tokens else text.split()
