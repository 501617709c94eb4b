import functools
import logging
import time

logger = logging.getLogger("trace")


def traced(function):
    """Log how long each call took, and a call that failed."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        try:
            return function(*args, **kwargs)
        except Exception:
            logger.error("%s failed", function.__qualname__)
            raise
        finally:
            wrapper.seconds += time.perf_counter() - start

    wrapper.seconds = 0.0
    return wrapper
