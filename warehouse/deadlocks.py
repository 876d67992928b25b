"""PostgreSQL ends one of two transactions that wait for each other; ours are written to be simply begun again."""

from psycopg import errors
from sqlalchemy.exc import OperationalError
from tenacity import retry, retry_if_exception, stop_after_attempt, wait_random_exponential


def _was_chosen(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and isinstance(
        error.orig, errors.DeadlockDetected | errors.SerializationFailure
    )


retry_deadlocks = retry(
    retry=retry_if_exception(_was_chosen),
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(multiplier=0.05, max=2),
    reraise=True,
)
