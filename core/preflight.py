"""What to know of a workflow from elsewhere before it runs here; nothing is executed to find out."""

from __future__ import annotations

from core.literal import REQUIRED
from core.workflow import Workflow

MAX_NAMES = 12


def preflight(workflow: Workflow) -> list[str]:
    """Return one sentence each: what it would call, what is missing, what code differs, which inputs lack a value."""
    here = workflow.digests()
    paths = [path for path in dict.fromkeys(task.function_path for task in workflow.tasks) if path]
    missing = [path for path in paths if path not in here]
    differing = [path for path in paths if path in here and workflow.functions.get(path, here[path]) != here[path]]
    empty = [name for name, value in workflow.inputs.items() if value is REQUIRED]
    found = [
        ("It would call", [path for path in paths if path in here]),
        ("These functions are not in the catalog here:", missing),
        ("The code of these functions differs from where the file was written:", differing),
        ("These inputs have no value yet:", empty),
    ]
    return [f"{what} {_list(names)}" for what, names in found if names]


def _list(names: list[str]) -> str:
    more = f", and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else ""
    return ", ".join(name if len(name) <= 120 else f"{name[:117]}..." for name in names[:MAX_NAMES]) + more
