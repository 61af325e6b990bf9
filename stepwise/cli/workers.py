"""Many tasks, shared out: in this process, in several of this machine, or on a Dask cluster. Few are under way at once,
so that memory does not grow with their number; results come in the order in which they are done."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from typing import Any, TypeVar

from stepwise.errors import UnsupportedError

Result = TypeVar("Result")
_AHEAD = 2
"""Tasks that wait for each worker."""
_LIKE = "give the scheduler's address, such as tcp://10.0.0.1:8786"
_ADDRESS = re.compile(r"(?:[a-z]+://)?(?:\[[^\]\s]+\]|[^\s:/]+):[0-9]+")
_SECONDS = 5
"""How long a scheduler may take to answer."""


def shared_out(
    function: Callable[..., Result], tasks: Iterable[tuple[Any, ...]], jobs: int = 1, dask: str | None = None
) -> Iterator[Result]:
    """What `function` makes of each task (its arguments), with `jobs` processes or by the cluster at `dask`.

    Raises UnsupportedError where there is no cluster, or a worker dies.
    """
    if dask is None and jobs == 1:
        for task in tasks:
            yield function(*task)
        return
    with _cluster(dask) if dask is not None else _processes(jobs) as (executor, workers):
        try:
            yield from _in_flight(executor, function, iter(tasks), workers * (1 + _AHEAD))
        except BrokenExecutor:
            raise UnsupportedError("a process that wrote papers was ended from outside (run it again)") from None


def _in_flight(
    executor: Executor, function: Callable[..., Result], tasks: Iterator[tuple[Any, ...]], most: int
) -> Iterator[Result]:
    under_way: set[Future[Result]] = {executor.submit(function, *task) for task in islice(tasks, most)}
    try:
        while under_way:
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                under_way |= {executor.submit(function, *task) for task in islice(tasks, 1)}
                yield future.result()
    finally:
        for future in under_way:
            future.cancel()


# ---- processes of this machine


_SERVER, _ALONE = "forkserver", "spawn"
"""Processes are made by a fresh one, where the system can: forking this one would copy the locks of its threads."""
_NEEDED = ["stepwise.cli.sheet_tasks", "stepwise.document.papers", "stepwise.document.page"]


def make_ready() -> None:
    """Let the process that makes workers import what all of them need, while this one still reads and draws."""
    if _SERVER in multiprocessing.get_all_start_methods():
        from multiprocessing import forkserver

        multiprocessing.get_context(_SERVER).set_forkserver_preload(_NEEDED)
        forkserver.ensure_running()


@contextmanager
def _processes(jobs: int) -> Iterator[tuple[Executor, int]]:
    has_server = _SERVER in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context(_SERVER if has_server else _ALONE)
    make_ready()
    executor = ProcessPoolExecutor(jobs, context, initializer=_belong_to_parent)
    try:
        yield executor, jobs
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


def _belong_to_parent() -> None:
    """Ctrl-C is for the parent, which ends its workers; one whose parent was killed would wait for tasks for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


# ---- a cluster


@contextmanager
def _cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The cluster of this scheduler. Its workers need stepwise, too."""
    try:
        # without types
        distributed: Any = import_module("distributed")
        killed: type[Exception] = import_module("distributed.scheduler").KilledWorker
    except ImportError:
        raise UnsupportedError("--dask needs the package `distributed`: pip install 'stepwise[dask]'") from None
    if not _ADDRESS.fullmatch(address):
        raise UnsupportedError(f"{address[:80]!r} is no address of a Dask scheduler ({_LIKE})")
    try:
        client = distributed.Client(address, timeout=_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UnsupportedError(f"no Dask scheduler answers at {address}: {reason} ({_LIKE})") from None
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            hint = f"start some: dask worker {address}"
            raise UnsupportedError(f"the Dask scheduler at {address} has no workers ({hint})")
        yield client.get_executor(pure=False), threads
    except (ImportError, RuntimeError, killed, distributed.CancelledError) as error:
        reason = " ".join(str(error).split())[:200]
        hint = "its workers need the same version of stepwise"
        raise UnsupportedError(f"the Dask cluster at {address} gave up: {reason} ({hint})") from None
    finally:
        client.close()
