"""The command `tasktable`: validate, run and draw a workflow file, list functions, show the cache, serve the dashboard.

Exit codes: 0 all went well; 1 the table or its inputs cannot run; 2 the command was misused; 3 a task failed;
130 Ctrl+C and 143 a SIGTERM ended it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from core.cli.interruption import exit_code
from core.cli.word import BAD_TABLE, BAD_USAGE, FAILED_TASK, OK, complain, load, say
from core.errors import InputError, SettingsError, TasktableError, WorkflowError

__all__ = ["BAD_TABLE", "BAD_USAGE", "FAILED_TASK", "OK", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with the given arguments (those of the process by default) and return its exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.command(options)
        sys.stdout.flush()
    except (WorkflowError, InputError) as error:
        return complain(str(error), BAD_TABLE)
    except SettingsError as error:
        return complain(str(error), BAD_USAGE)
    except TasktableError as error:
        return complain(str(error), BAD_TABLE)
    except BrokenPipeError:
        _write_nowhere()
        return OK
    except KeyboardInterrupt as interruption:
        return complain("stopped", exit_code(interruption))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tasktable", description="Analyses as tables of tasks.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    validate = commands.add_parser("validate", help="say everything that is wrong with a workflow file")
    validate.add_argument("file", help="a workflow: JSON, or a table as CSV")
    validate.set_defaults(command=_validate)

    run = commands.add_parser("run", help="run a workflow file and write its outputs")
    run.add_argument("file", help="a workflow: JSON, or a table as CSV")
    run.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", dest="settings", help="give an input another value"
    )
    run.add_argument("--out", metavar="DIR", help="write every output into this folder")
    run.add_argument("--inline", action="store_true", help="run in memory: no process of its own, nothing is kept")
    run.add_argument("--anew", action="store_true", help="call every task, also where a result is kept")
    run.add_argument("--executor", choices=("inline", "threads", "processes"), help="how the tasks of one order run")
    run.set_defaults(command=_run)

    graph = commands.add_parser("graph", help="print the graph of a workflow file")
    graph.add_argument("file", help="a workflow: JSON, or a table as CSV")
    graph.add_argument("--format", choices=("mermaid", "dot"), default="mermaid", help="default: mermaid")
    graph.set_defaults(command=_graph)

    functions = commands.add_parser("functions", help="list the functions that a workflow file may name")
    functions.add_argument("text", nargs="?", default="", help="only those whose path or title holds this text")
    functions.set_defaults(command=_functions)

    serve = commands.add_parser("serve", help="open the dashboard on http://127.0.0.1:8501")
    serve.add_argument("--port", type=int, default=8501, help="default: 8501")
    serve.add_argument("--address", default="127.0.0.1", help="default: 127.0.0.1; read docs/self-hosting.md before")
    serve.set_defaults(command=_serve)

    cache = commands.add_parser("cache", help="show the results that are kept, or clear them")
    cache.add_argument("action", nargs="?", choices=("show", "clear", "trim"), default="show", help="default: show")
    cache.add_argument("--all", action="store_true", help="spare not even the values of marked, saved and recent runs")
    cache.set_defaults(command=_cache)
    return parser


def _validate(options: argparse.Namespace) -> int:
    workflow = load(options.file)
    for problem in workflow.problems:
        stream = sys.stderr if problem.severity == "error" else sys.stdout
        stream.write(f"{problem.severity}: {problem}\n")
    if workflow.plan_or_none is None:
        return BAD_TABLE
    say(f"{options.file}: {len(workflow.tasks)} tasks, valid")
    return OK


def _run(options: argparse.Namespace) -> int:
    from core.cli.run import run

    return run(options)


def _serve(options: argparse.Namespace) -> int:
    from core.cli.serve import serve

    return serve(options)


def _cache(options: argparse.Namespace) -> int:
    from core.cli.cache import cache

    return cache(options)


def _graph(options: argparse.Namespace) -> int:
    workflow = load(options.file)
    say((workflow.to_dot() if options.format == "dot" else workflow.to_mermaid()).rstrip())
    return OK


def _functions(options: argparse.Namespace) -> int:
    from core.catalog import Catalog
    from core.function import shown

    text = options.text.lower()
    for path, function in sorted(Catalog.default().items()):
        if text in path.lower() or text in function.title.lower():
            say(f"{path}{shown(function.signature)}\n    {function.title}")
    return OK


def _write_nowhere() -> None:
    """After a reader such as `head` has gone: what is still to be written at the end must not raise again."""
    import os

    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
