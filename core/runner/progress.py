"""What the worker of a run has told so far: checks its events, knows what is running and what is settled."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.artifact import Artifact
from core.capture import MAX_TEXT
from core.record import Event
from core.request import RunRequest
from core.result import State
from core.retry import NONE, Former
from core.runner.limit import memory_words, size_words
from core.runner.told import is_event, is_number

MAX_SENTENCE = 10_000
MAX_TRACEBACK = 100_000
TEXTS = {"reason": MAX_SENTENCE, "error": MAX_SENTENCE, "traceback": MAX_TRACEBACK, "result": 200}
OUT_OF_MEMORY = r"[\w.]*MemoryError\b"


@dataclass(frozen=True, slots=True)
class Running:
    """An attempt at a task: since when (by the monotonic clock), for how many seconds it may be, and its number."""

    began: float
    limit: float
    attempt: int


class Progress:
    """One request of a run, over all its workers.

    Attributes:
        functions: task id -> name of its function, once the worker has read the table.
        running: task id -> since when it is running.
        finished: task id -> result, of those that have finished.
        blamed: task id -> reason, of those that cost a worker its life and are not called again.
        former: task id -> the attempts that cost a worker its life, of those that are called again after them.
        failed: task id -> error, of those that failed, the blamed ones included.
        stored: bytes of the values that were stored.
    """

    def __init__(self, request: RunRequest) -> None:
        self.request = request
        self.functions: dict[str, str] = {}
        self.running: dict[str, Running] = {}
        self.finished: dict[str, str] = {}
        self.blamed: dict[str, str] = {}
        self.former: dict[str, Former] = {}
        self.failed: dict[str, str] = {}
        self.stored = 0
        self._printed: dict[str, int] = {}
        self._said: dict[str, str] = {}
        self._retries: dict[str, int] = {}

    def take(self, message: Any) -> Event | None:
        """Return the event as it shall be known, or None for what is none, or is known already."""
        try:
            if message["kind"] == "plan":
                self._plan(message["functions"], message.get("retries", {}))
                return None
            if message["kind"] not in ("task", "log") or message["task"] not in self.functions:
                return None
            event = self._task(message) if message["kind"] == "task" else self._log(message)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            return None
        if not is_event(event):
            return None
        if event and event["kind"] == "task" and not self._note(event, message):
            return None
        return event

    def blame(self, task_id: str, words: str) -> Event:
        """Take a task for the one that ended the worker; return the event that says so: it failed, or waits again."""
        running = self.running.pop(task_id, None)
        seconds = time.monotonic() - running.began if running else 0.0
        event = {"kind": "task", "at": time.time(), "task": task_id, "seconds": seconds}
        if running and (again := self._again(task_id, running.attempt, words)):
            self.former[task_id] = again
            return {**event, "state": str(State.WAITING), "reason": again.reason, "log": again.log}
        error = f"{words} while running `{self.functions[task_id]}`"
        self.blamed[task_id] = self.failed[task_id] = error
        return {**event, "state": str(State.FAILED), "error": error}

    def unsettled(self, task_ids: Collection[str]) -> tuple[str, ...]:
        """Return those of the tasks that are known and of which no end was told."""
        settled = {*self.finished, *self.failed}
        return tuple(task_id for task_id in self.functions if task_id in task_ids and task_id not in settled)

    def rest(self) -> RunRequest:
        """Return what is left of the request for another worker: what was called anew is not called once more."""
        anew = self.functions if self.request.everything_anew else self.request.anew
        left = tuple(task for task in anew if task not in self.finished and task not in self.blamed)
        return replace(self.request, anew=left, everything_anew=self.request.everything_anew and not self.functions)

    def over_time(self) -> dict[str, float]:
        """Return the running tasks that have taken longer than they may: id -> limit in seconds."""
        now = time.monotonic()
        return {
            task_id: task.limit
            for task_id, task in self.running.items()
            if task.limit and now - task.began > task.limit
        }

    def next_limit(self) -> float | None:
        """Return when the first running task will be over time, by the monotonic clock."""
        ends = [task.began + task.limit for task in self.running.values() if task.limit]
        return min(ends, default=None)

    @property
    def has_stored_too_much(self) -> bool:
        """True if the values that were stored are larger than the run may store."""
        return 0 < self.request.limits.output_size < self.stored

    def output_words(self) -> str:
        """Say that the limit of stored values was reached."""
        return f"stored more than {size_words(self.request.limits.output_size)} of values"

    def failure_words(self) -> str:
        """Say which tasks failed."""
        names = [f"`{self.functions[task_id]}`" for task_id in self.failed]
        if len(names) > 1:
            return f"{len(names)} tasks failed: {', '.join(names[:5])}{' ...' if len(names) > 5 else ''}"
        error = next(iter(self.failed.values()), "")
        return error if not names or names[0] in error else f"{names[0]} failed: {error}"

    def _again(self, task_id: str, attempt: int, words: str) -> Former | None:
        former, said = self.former.get(task_id, NONE), self._said.get(task_id, "")
        return former.after(attempt, 1 + self._retries.get(task_id, 0), words, said)

    def _plan(self, functions: Mapping[str, str], retries: Mapping[str, int]) -> None:
        if not self.functions:
            self._retries = {str(task_id)[:200]: int(number) for task_id, number in retries.items()}
            self.functions = {str(task_id)[:200]: str(name)[:200] for task_id, name in functions.items()}

    def _task(self, message: Mapping[str, Any]) -> dict[str, Any]:
        event: dict[str, Any] = {"kind": "task", "at": _moment(message), "task": message["task"]}
        event["state"] = str(State(message["state"]))
        event |= {name: str(message[name])[:most] for name, most in TEXTS.items() if message.get(name)}
        if "log" in message:
            event["log"] = str(message["log"])[: self.request.limits.text or None]
        if "seconds" in message:
            event["seconds"] = float(message["seconds"])
        if message.get("outputs"):
            outputs = {str(key): Artifact.from_json(data) for key, data in message["outputs"].items()}
            event["outputs"] = {key: artifact.to_json() for key, artifact in outputs.items()}
        if re.match(OUT_OF_MEMORY, event.get("error", "")) and self.request.limits.memory:
            name, words = self.functions[event["task"]], memory_words(self.request.limits)
            event["error"] = f"{words} while running `{name}`: {event['error']}"
        return event

    def _log(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        printed = self._printed.get(message["task"], 0)
        most = self.request.limits.text
        text = str(message["text"])[: max(0, most - printed) if most else None]
        self._printed[message["task"]] = printed + len(text)
        if not text:
            return None
        self._said[message["task"]] = (self._said.get(message["task"], "") + text)[:MAX_TEXT]
        return {"kind": "log", "at": _moment(message), "task": message["task"], "text": text}

    def _note(self, event: Event, message: Mapping[str, Any]) -> bool:
        """Return False for what a second worker tells of what the first one has told."""
        task_id, state = event["task"], State(event["state"])
        if task_id in self.blamed:
            return False
        if state is State.RUNNING:
            if task_id not in self.running:
                self._said.pop(task_id, None)
            limit, attempt = _number(message, "limit"), _number(message, "attempt")
            self.running[task_id] = Running(time.monotonic(), limit, int(attempt))
            self._printed.pop(task_id, None)
            return True
        self.running.pop(task_id, None)
        self._said.pop(task_id, None)
        if state is State.FAILED:
            self.failed[task_id] = event.get("error", "")
        if state in (State.DONE, State.REUSED):
            result = event.get("result", "")
            if state is State.REUSED and result and self.finished.get(task_id) == result:
                return False
            self.finished[task_id] = result
            self.stored += sum(data["size"] for data in event.get("outputs", {}).values() if state is State.DONE)
        return True


def _number(message: Mapping[str, Any], name: str) -> float:
    """What the worker says, if it is a number; else 0."""
    found: Any = message.get(name)
    return float(found) if is_number(found) else 0.0


def _moment(message: Mapping[str, Any]) -> float:
    """When it happened, as the worker says, if that can be."""
    now, at = time.time(), message.get("at")
    return at if isinstance(at, float) and now - 3600 < at < now else now
