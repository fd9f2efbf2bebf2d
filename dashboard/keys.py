"""Every widget key. A key is the contract between the app and its browser tests: its CSS class is `st-key-<key>`."""

from __future__ import annotations

from hashlib import sha256

TOOLBAR = "toolbar"
UPPER = "upper"
SAMPLE = "sample"
WORKFLOW_NAME = "workflow_name"
STATUS = "status"
RUN = "run"
RUN_MORE = "run_more"
RUN_ANEW = "run_anew"
RUN_HERE = "run_here"
RUN_ONLY = "run_only"
LIVE = "live"
EXECUTOR = "executor"
PIPELINED = "pipelined"
STEP = "step"
STOP = "stop"
BACK = "back"
RESTART = "restart"
UNDO = "undo"
REDO = "redo"
UPLOAD = "upload"
SHARE = "share"
SHARE_RUN = "share_run"
SHARE_AGAIN = "share_again"
DOWNLOAD_PYTHON = "download_python"
DOWNLOAD_NOTEBOOK = "download_notebook"
DOWNLOAD_MERMAID = "download_mermaid"
NEW = "new"
HELP = "help"
PREFLIGHT = "preflight"
CLOSE_PREFLIGHT = "close_preflight"
DOWNLOAD_JSON = "download_json"
DOWNLOAD_CSV = "download_csv"
ADD_TASK = "add_task"
DELETE_TASK = "delete_task"
DUPLICATE_TASK = "duplicate_task"
GRID = "grid"
GRAPH = "graph"
INPUTS = "inputs"
PROBLEMS = "problems"
STEPPER = "stepper"
STOP_AT = "stop_at"
STOP_IN_LIST = "stop_in_list"
INSPECTOR = "inspector"
INSPECTOR_TAB = "inspector_tab"
BESIDE = "beside"
OUTPUTS = "outputs"
OUTPUT_KEY = "output_key"
GALLERY = "gallery"
OUTPUTS_OLD = "outputs_old"
NUMBERS = "numbers"
FUNCTION_SEARCH = "function_search"
FUNCTIONS = "functions"
STAND = "stand"
SAVE = "save"
SAVE_OPEN = "save_open"
SAVE_FORM = "save_form"
SAVE_MESSAGE = "save_message"
SAVE_AUTHOR = "save_author"
SAVE_NOW = "save_now"
CONFLICT = "conflict"
CONFLICT_TABLES = "conflict_tables"
CONFLICT_MERGE = "conflict_merge"
CONFLICT_NEXT = "conflict_next"
CONFLICT_COPY = "conflict_copy"
CONFLICT_LEAVE = "conflict_leave"
TAB = "tab"
LIBRARY = "library"
LIBRARY_SEARCH = "library_search"
LIBRARY_TAGS = "library_tags"
LIBRARY_WHOSE = "library_whose"
LIBRARY_ARCHIVED = "library_archived"
LIBRARY_UPLOAD = "library_upload"
LIBRARY_EXPORT = "library_export"
SAMPLES = "samples"
HISTORY = "history"
HISTORY_SEARCH = "history_search"
HISTORY_STATES = "history_states"
HISTORY_STARRED = "history_starred"
HISTORY_EVERYTHING = "history_everything"
COMPARE = "compare"
UNTICK = "untick"
SWEEP = "sweep"
SWEEP_FORM = "sweep_form"
SWEEP_RUN = "sweep_run"
SWEEP_EXAMPLE = "sweep_example"
SWEEP_SHOWN = "sweep_shown"
SWEEP_STOP = "sweep_stop"
SWEEP_CONTINUE = "sweep_continue"
SWEEP_PROGRESS = "sweep_progress"
SWEEP_NUMBER = "sweep_number"
SWEEP_BEST = "sweep_best"
SWEEP_MAP = "sweep_map"
SWEEP_TABLE = "sweep_table"
SWEEP_OPEN = "sweep_open"
SWEEP_OPEN_BEST = "sweep_open_best"
SWEEP_AGAIN = "sweep_again"
SWEEP_COMPARE = "sweep_compare"
COMPARE_OLD = "compare_old"
COMPARE_NEW = "compare_new"
COMPARE_MORE = "compare_more"
COMPARE_SWAP = "compare_swap"
COMPARE_PAIR = "compare_pair"
COMPARE_SUMMARY = "compare_summary"
COMPARE_SIDES = "compare_sides"
COMPARE_CAUSES = "compare_causes"
COMPARE_OUTPUTS = "compare_outputs"
COMPARE_EQUAL = "compare_equal"
COMPARE_PROGRESS = "compare_progress"
TOGETHER = "together"
TOGETHER_TABLE = "together_table"
TOGETHER_PLOT = "together_plot"
TOGETHER_KIND = "together_kind"
TOGETHER_ACROSS = "together_across"
TOGETHER_UP = "together_up"
TOGETHER_AXES = "together_axes"
TOGETHER_SERIES = "together_series"
TOGETHER_LINES = "together_lines"
AGAIN = "again"
AGAIN_NOW = "again_now"
CONFIRM = "confirm"
CONFIRM_RUNS = "confirm_runs"


def input_field(name: str) -> str:
    """The key of the field for one input."""
    return f"input_{name}"


def problem(number: int) -> str:
    """The key of the button that goes to one problem's cell."""
    return f"problem_{number}"


def form(name: str) -> str:
    """The key of a field of the selected task's form."""
    return f"form_{name}"


def repair(task_id: str | None, subject: str, label: str, twin: int = 0) -> str:
    """The key of the button that mends one problem: the same for as long as the offer stands, wherever it is listed.

    `twin` counts offers that read the same.
    """
    text = "\n".join([task_id or "", subject, label, str(twin)])
    return f"repair_{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def value(place: str, name: str) -> str:
    """The key of the drawing of one value."""
    return f"value_{place}_{name}"


def part(value_key: str, name: str) -> str:
    """The key of one part of the drawing of a value; no value's own name holds a hyphen."""
    return f"{value_key}-{name}"


def beside(task_id: str, number: int) -> str:
    """The key of the button that leads from a task to another one of its order."""
    return f"beside_{task_id}_{number}"


def inspect(name: str) -> str:
    """The key of the button that selects the task which wrote a value."""
    return f"inspect_{name}"


def collision(number: int) -> str:
    """The key of the choice between mine and theirs."""
    return f"collision_{number}"


def entry(verb: str, name: str) -> str:
    """The key of what is done to one saved thing: its id, without the sign between its parts."""
    return f"{verb}_{name.replace('/', '_').replace(':', '_')}"


def sweep(name: str, place: int) -> str:
    """The key of what is asked of the first (0) or second (1) target of a sweep."""
    return f"sweep_{name}_{place}"


def pager(name: str, way: str) -> str:
    """The key of the button to another page of a long list."""
    return f"{name}_{way}"
