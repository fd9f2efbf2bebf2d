"""Every widget key. A key is the contract between the app and its browser tests: its CSS class is `st-key-<key>`."""

TOOLBAR = "toolbar"
UPPER = "upper"
LOWER = "lower"
SAMPLE = "sample"
WORKFLOW_NAME = "workflow_name"
STATUS = "status"
RUN = "run"
STEP = "step"
BACK = "back"
RESTART = "restart"
UNDO = "undo"
REDO = "redo"
UPLOAD = "upload"
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
INSPECTOR = "inspector"
OUTPUTS = "outputs"
OUTPUT_KEY = "output_key"
FUNCTION_SEARCH = "function_search"


def input_field(name: str) -> str:
    """The key of the field for one input."""
    return f"input_{name}"


def problem(number: int) -> str:
    """The key of the button that goes to one problem's cell."""
    return f"problem_{number}"


def repair(number: int, offer: int) -> str:
    """The key of the button that mends one problem."""
    return f"repair_{number}_{offer}"


def value(place: str, name: str) -> str:
    """The key of the drawing of one value."""
    return f"value_{place}_{name}"
