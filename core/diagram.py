"""A workflow's graph as text: Graphviz DOT and Mermaid. Labels are quoted, so that no name can become syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

DOT_SHAPES = {"task": "box", "key": "ellipse", "input": "parallelogram"}
MERMAID_SHAPES = {"task": ('["', '"]'), "key": ('(["', '"])'), "input": ('[/"', '"/]')}


def to_dot(graph: nx.DiGraph[str]) -> str:
    """Return the graph in Graphviz's DOT language."""
    names = _names(graph)
    lines = ["digraph workflow {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for node, data in graph.nodes(data=True):
        broken = ', color="red"' if data.get("problems") else ""
        lines.append(f'  {names[node]} [label="{_dot_text(_label(data))}", shape={DOT_SHAPES[data["kind"]]}{broken}];')
    lines += [f"  {names[start]} -> {names[end]};" for start, end in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def to_mermaid(graph: nx.DiGraph[str]) -> str:
    """Return the graph in Mermaid's flowchart language."""
    names = _names(graph)
    lines = ["flowchart LR"]
    for node, data in graph.nodes(data=True):
        opening, closing = MERMAID_SHAPES[data["kind"]]
        lines.append(f"  {names[node]}{opening}{_mermaid_text(_label(data))}{closing}")
    lines += [f"  {names[start]} --> {names[end]}" for start, end in graph.edges]
    broken = [names[node] for node, data in graph.nodes(data=True) if data.get("problems")]
    if broken:
        lines += ["  classDef broken stroke:#d00", f"  class {','.join(broken)} broken"]
    return "\n".join(lines) + "\n"


def _names(graph: nx.DiGraph[str]) -> dict[str, str]:
    return {node: f"n{index}" for index, node in enumerate(graph)}


def _label(data: dict[str, object]) -> str:
    return f"{data['order']} {data['label']}" if data["kind"] == "task" else str(data["label"])


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)


def _dot_text(text: str) -> str:
    return _printable(text).replace("\\", "\\\\").replace('"', '\\"')


def _mermaid_text(text: str) -> str:
    """Mermaid knows HTML's numeric entities, written with # for &; everything but plain characters becomes one."""
    return "".join(char if char.isalnum() or char in " _.-" else f"#{ord(char)};" for char in _printable(text))
