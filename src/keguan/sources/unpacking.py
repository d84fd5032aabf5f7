"""What the readers of .gz and .zip files raise, as errors a user can act on.

A flipped byte in an archive sends its reader anywhere: negative places (ValueError, OSError), names that are no UTF-8
(UnicodeDecodeError), fields cut short (struct.error), a dictionary larger than memory (MemoryError), methods of
packing that do not exist (NotImplementedError, itself a RuntimeError) and the errors of each unpacker (zlib.error,
LZMAError, OSError of bzip2). So whatever is raised while one opens or reads is damage, unless the system says why.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from keguan.core.errors import InputError, KeguanError, Where
from keguan.core.text import Text
from keguan.sources import refusal

LOCKED = ("password", "encrypted", "encryption")


@contextmanager
def unpacking(place: str) -> Iterator[None]:
    """For the steps of a reader of containers alone: nothing else may run within."""
    try:
        yield
    except KeguanError:
        raise
    except FileNotFoundError as error:
        raise InputError(Text("没有找到文件", "no such file"), Where(file=place)) from error
    except PermissionError as error:
        raise refusal.no_permission(place) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise  # a disk that fails is no damaged file
        raise _meant(place, error) from error


def _meant(place: str, error: Exception) -> InputError:
    """By its kind; a method that is not implemented is told from a password by its words."""
    if not isinstance(error, RuntimeError):
        return refusal.cut(place)
    if any(word in str(error) for word in LOCKED):
        return refusal.locked(place)
    return refusal.packed_otherwise(place, str(error))
