"""Numbers from .csv, .npy and .npz files. They come from strangers: nothing is unpickled or read unmeasured."""

from __future__ import annotations

import io
import lzma
import math
import struct
import tokenize
import warnings
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from stepwise.problem.faults import did_you_mean
from stepwise.problem.tables import DataError, read_csv

LARGEST = 200_000_000
"""Bytes of a data file, and of an array in it."""
_MEGABYTES = LARGEST // 1_000_000


_BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    lzma.LZMAError,
    NotImplementedError,  # an unknown compression
    RuntimeError,  # a password
    EOFError,
)


class Data(Struct, frozen=True, eq=False):
    """The numbers of one data file, as they lie in it; `texts` as typed, where somebody may have typed them."""

    values: npt.NDArray[np.float64]
    texts: npt.NDArray[np.object_] | None = None


def read_data(path: Path, key: str | None) -> Data:
    """The numbers of one data file."""
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".npy", ".npz"}:
        raise DataError(f"{path.name!r} is no data file", "use .csv, .npy or .npz")
    if key is not None and suffix != ".npz":
        raise DataError(f"a {suffix} file has no keys", "leave `key` out")
    try:
        _check_file(path)
        with path.open("rb") as file:
            found, texts = _numbers(file, suffix, key)
    except DataError as error:
        raise DataError(f"{path.name}: {error}", error.hint) from None
    except (OSError, ValueError, OverflowError, MemoryError) as error:
        raise DataError(f"{path.name} cannot be read: {_reason(error)}") from None
    if found.size == 0:
        raise DataError(f"{path.name} holds no numbers")
    if not np.isfinite(found).all():
        place = ", ".join(str(int(axis[0]) + 1) for axis in np.nonzero(~np.isfinite(np.atleast_1d(found))))
        raise DataError(f"{path.name}: number [{place}] is NaN or infinite", "write finite numbers only")
    return Data(found + 0.0, texts)  # −0 is 0


def _numbers(
    file: IO[bytes], suffix: str, key: str | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_] | None]:
    if suffix == ".csv":
        return read_csv(file)
    return _npy(file) if suffix == ".npy" else _npz(file, key), None


def _reason(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0][:200]


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise DataError("is a directory", "name a file in it")
    if not path.exists():
        raise DataError("there is no such file", f"it was looked for at {path}")
    if not path.is_file():
        raise DataError("is not a plain file")
    if path.stat().st_size > LARGEST:
        raise DataError(f"is larger than {_MEGABYTES} MB", "keep the samples that are needed")


def _npy(file: IO[bytes]) -> npt.NDArray[np.float64]:
    start = file.tell()
    try:
        shape, dtype = _header(file)
    except (tokenize.TokenError, SyntaxError, TypeError, KeyError, RecursionError):
        raise DataError("has a broken header", "save it with numpy.save") from None
    if dtype.kind not in "buif":
        raise DataError(f"holds {dtype} where numbers belong", "save an array of numbers")
    # a header may claim any size: it is believed only up to the limit
    if math.prod(shape) * max(dtype.itemsize, 8) > 8 * LARGEST or math.prod(shape) * dtype.itemsize > LARGEST:
        raise DataError(f"holds an array larger than {_MEGABYTES} MB", "keep the samples that are needed")
    file.seek(start)
    with warnings.catch_warnings():
        # a file of Python 2 is read as well as any
        warnings.simplefilter("ignore")
        array: npt.NDArray[Any] = np.lib.format.read_array(file, allow_pickle=False)
    return array.astype(np.float64)


def _header(file: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    readers = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in readers:
        raise DataError("has an unknown version of the .npy format", "save it with numpy.save")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        shape, _, dtype = readers[version](file)
    return shape, dtype


def _npz(file: IO[bytes], key: str | None) -> npt.NDArray[np.float64]:
    try:
        with zipfile.ZipFile(file) as archive:
            keys = {info.filename.removesuffix(".npy"): info for info in archive.infolist()}
            if key is None and len(keys) > 1:
                raise DataError("holds several arrays", f"add `key`, one of: {', '.join(list(keys)[:20])}")
            info = next(iter(keys.values()), None) if key is None else keys.get(key)
            if info is None:
                raise DataError(
                    f"has no array {key!r}" if key else "is empty", did_you_mean(key or "", list(keys)[:20])
                )
            if info.file_size > LARGEST + 10_000:
                raise DataError(f"holds an array larger than {_MEGABYTES} MB", "keep the samples that are needed")
            # out of the archive first: arrays are read from a file that can go back
            return _npy(io.BytesIO(archive.read(info)))
    except _BROKEN_ARCHIVE as error:
        raise DataError(f"is not a .npz file: {_reason(error)}", "save it with numpy.savez") from None
