"""A process that saves without end, to be killed: `python -m tests.core.store.saver FOLDER ADDRESS WORKFLOW`.

Whoever starts it writes a line whenever a new saver is wanted, and reads "pid NUMBER"; then, for every save that was
acknowledged, "NUMBER TEXT". When the saver is dead, "dead". Savers are forked before anything is opened: they are
ready at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from uuid import uuid4

from core.settings import Settings
from core.store import SaveConflict, Store


def main(folder: str, address: str, workflow_id: str) -> None:
    """Fork one saver per line that is read."""
    settings = Settings(data=Path(folder), database_url=address)
    for _ in sys.stdin:
        if not (pid := os.fork()):
            save_without_end(settings, workflow_id)
        tell(f"pid {pid}")
        os.waitpid(pid, 0)
        tell("dead")


def save_without_end(settings: Settings, workflow_id: str) -> None:
    """Save, and tell what was acknowledged."""
    store = Store.open(settings)
    base = store.workflow(workflow_id).latest
    while True:
        text = uuid4().hex
        try:
            base = store.save(workflow_id, text, base).number
        except SaveConflict as conflict:
            base = conflict.latest.number
        else:
            tell(f"{base} {text}")


def tell(line: str) -> None:
    """Write a line at once."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
