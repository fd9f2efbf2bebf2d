"""One supervisor process, as its client sees it: started, asked, listened to, ended."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Lock, Thread, current_thread
from typing import Any

from core.catalog import Catalog
from core.errors import CatalogError, RunnerError
from core.process import is_frozen
from core.record import Event
from core.runner.channel import Message
from core.runner.mark import folder_mark
from core.runner.setup import Setup
from core.runner.surrounding import environment, module_path
from core.settings import Settings

log = logging.getLogger(__name__)
MAX_LOG = 1024**2
PATIENCE = 30.0
PATIENCE_WITH_ORDER = 10.0
ORDERS = {"submit", "stop", "check"}  # are answered at once, whatever else is under way
PATIENCE_WITH_IMPORTS = 300.0
PATIENCE_WITH_END = 20.0
INTERVAL = 0.5


class GoneError(Exception):
    """The supervisor ended before it answered."""


class Connection:
    """A supervisor and the socket to it. A thread of its own reads what it tells."""

    def __init__(
        self,
        settings: Settings,
        on_event: Callable[[Connection, str, Event], None],
        on_end: Callable[[Connection], None],
    ) -> None:
        """Start the process; it is not ready yet. Both functions are called from the reading thread."""
        self.token = f"{folder_mark(settings.data)}-{uuid.uuid4().hex}"
        self._on_event, self._on_end = on_event, on_end
        self._ready: Future[list[dict[str, Any]]] = Future()
        self._answers: dict[int, Future[Message]] = {}
        self._number = 0
        self._is_over = False
        self._turn = Lock()
        self._ours, theirs = socket.socketpair()
        limit = struct.pack("ll", int(PATIENCE_WITH_ORDER), 0)
        self._ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, limit)  # the thread reads without one
        try:
            self._process = _start(settings, self.token, theirs)
        except BaseException:
            self._ours.close()
            raise
        finally:
            theirs.close()
        setup = Setup.of(settings, self.token, module_path())
        self._send(setup.to_json())
        self._thread = Thread(target=self._listen, name="runner", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """True as long as the supervisor is."""
        return self._thread.is_alive() and self._process.poll() is None

    def catalog(self, former: Catalog | None) -> Catalog:
        """Return the catalog that it has imported. Raises CatalogError, with its sentence, if it could not."""
        from core.described import from_description

        try:
            return from_description(self._ready.result(PATIENCE_WITH_IMPORTS), former)
        except TimeoutError:
            self.kill()
            raise CatalogError(
                f"the catalog's modules were not imported within {PATIENCE_WITH_IMPORTS:.0f} s; "
                "move what takes long at import into the functions"
            ) from None
        except GoneError:
            raise CatalogError("the process that imports the catalog's modules ended; see runner.log") from None

    def call(self, do: str, patience: float = PATIENCE, **content: Any) -> Message:
        """Ask for something and wait for the answer. Raises RunnerError with the refusal; GoneError.

        A supervisor that does not answer an order in time is killed, and gone; sooner if it is frozen.
        """
        if current_thread() is self._thread:
            raise RunnerError("the runner cannot be asked from within on_event; do it in another thread")
        with self._turn:
            if self._is_over:
                raise GoneError
            self._number += 1
            number = self._number
            answer = self._answers[number] = Future()
        is_order = do in ORDERS
        try:
            self._send({"do": do, "number": number, **content})
            found = self._order(answer) if is_order else answer.result(patience)
        except TimeoutError:
            if not is_order:
                self.call("check")  # which kills it if it does not answer that either
                raise RunnerError(f"the runner has not answered for {patience:.0f} s") from None
            self._give_up_on()
            raise GoneError from None
        finally:
            self._answers.pop(number, None)
        if "refused" in found:
            raise RunnerError(found["refused"])
        return found

    def _order(self, answer: Future[Message]) -> Message:
        try:
            return answer.result(PATIENCE_WITH_ORDER)
        except TimeoutError:
            if is_frozen(self.pid):
                raise
            return answer.result(PATIENCE - PATIENCE_WITH_ORDER)  # it may be busy with what resists its end

    def retire(self) -> None:
        """Let it finish its runs and end."""
        self._tell({"do": "retire"})

    def count_elder(self, users: list[str], waiting: int) -> None:
        """Tell it whose runs are left to supervisors that were retired: they count as under way.

        So many of them are `waiting`, which is before all that it has in its own queue.
        """
        self._tell({"do": "elder", "users": users, "waiting": waiting})

    def close(self) -> None:
        """End the supervisor and with it everything that it started; returns when they are gone."""
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_WR)
        deadline = time.monotonic() + PATIENCE_WITH_END
        if current_thread() is not self._thread:
            while self._thread.is_alive() and not is_frozen(self.pid) and time.monotonic() < deadline:
                self._thread.join(INTERVAL)
        self._give_up_on()

    def kill(self) -> None:
        """End the supervisor at once, if it is still there, even a frozen one; its children notice."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
        self._process.wait()

    def _give_up_on(self) -> None:
        """Kill it, and return when its runs were brought to an end."""
        self.kill()
        if current_thread() is not self._thread:
            self._thread.join(PATIENCE_WITH_END)

    def _tell(self, message: Message) -> None:
        with contextlib.suppress(GoneError):
            self._send(message)

    def _send(self, message: Message) -> None:
        try:
            with self._turn:
                self._ours.sendall((json.dumps(message) + "\n").encode())
        except BlockingIOError:  # it takes nothing any more, and half a message is of no use
            self._give_up_on()
            raise GoneError from None
        except OSError:
            raise GoneError from None

    def _listen(self) -> None:
        try:
            with self._ours, self._ours.makefile("rb") as lines:
                for line in lines:
                    message = json.loads(line)
                    if "size" in message:
                        message["content"] = lines.read(message["size"])
                    self._take(message)
        except (OSError, ValueError):
            self._process.kill()  # a socket that garbles is of no use
        finally:
            self._process.wait()
            self._give_up()

    def _take(self, message: Message) -> None:
        if "event" in message:
            self._on_event(self, message["run"], message["event"])
        elif "answer" in message:
            if waiting := self._answers.get(message["answer"]):
                waiting.set_result(message)
        elif "ready" in message:
            self._ready.set_result(message["ready"])
        elif "failed" in message:
            self._ready.set_exception(CatalogError(message["failed"]))

    def _give_up(self) -> None:
        """First whoever owns the connection puts its runs in order; then those who wait for an answer hear of it."""
        self._on_end(self)
        with self._turn:
            self._is_over = True
        if not self._ready.done():
            self._ready.set_exception(GoneError())
        for waiting in list(self._answers.values()):
            if not waiting.done():
                waiting.set_exception(GoneError())


def _start(settings: Settings, token: str, theirs: socket.socket) -> subprocess.Popen[bytes]:
    output = _log(settings.data)
    try:
        return subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-m", "core.runner", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[theirs.fileno()],
            env=environment(settings, token),
            start_new_session=True,
        )
    except OSError as error:
        raise RunnerError(f"the runner's process cannot be started: {error.strerror or error}") from error
    finally:
        os.close(output)


def _log(data: Path) -> int:
    """Open the log of what goes wrong in the runner itself; an old long one is put aside first.

    Where it cannot be written, there is none: what was stored can be looked at all the same.
    """
    path = data / "runner.log"
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > MAX_LOG:
            path.replace(path.with_suffix(".log.1"))
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as error:
        log.warning("the data folder %s cannot be written: %s", data, error.strerror or error)
        return os.open(os.devnull, os.O_WRONLY)
