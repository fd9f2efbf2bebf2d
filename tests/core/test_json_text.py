"""Strict JSON: every trick is refused with one sentence, and with bounded work."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from core.errors import FormatError
from core.json_text import MAX_BYTES, MAX_CONTAINERS, MAX_DEPTH, loads


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}),
        (' {"a": [1, 2.5, -0.0, true, false, null, "é\\n"]} ', {"a": [1, 2.5, -0.0, True, False, None, "é\n"]}),
        ("\ufeff[1]", [1]),
        (b"\xef\xbb\xbf[1]", [1]),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('["\\\\ud800", "[[[", "\\"]]"]', ["\\ud800", "[[[", '"]]']),
        (b'"\xf0\x9f\x98\x80"', "\U0001f600"),
        ('{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
    ],
)
def test_honest_json_is_read(text: str | bytes, value: Any) -> None:
    result = loads(text)
    assert value is None or result == value


REFUSED: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "not JSON: Expecting value (line 1, column 1)"),
    "blank": (" \n ", "not JSON"),
    "word": ("hello", "not JSON"),
    "two values": ("{} {}", "not JSON: Extra data (line 1, column 4)"),
    "trailing comma": ('{"a": 1,}', "not JSON"),
    "comment": ("{} // no", "not JSON"),
    "single quotes": ("{'a': 1}", "not JSON"),
    "place of a fault": ('{\n  "a": ?\n}', "line 2, column 8"),
    "unclosed": ('{"a": [1', "not JSON"),
    "unclosed string": ('{"a', "not JSON"),
    "closed too often": ("[]" + "]" * 1000, "not JSON"),
    "raw control character": ('"a\nb"', "not JSON"),
    "bad escape": (r'"\x41"', "not JSON"),
    "half an escape": (r'"\u12"', "not JSON"),
    "duplicate key": ('{"a": 1, "a": 2}', "the key 'a' stands twice in one object"),
    "escaped duplicate key": ('{"a": 1, "\\u0061": 2}', "stands twice"),
    "deep duplicate key": ('[[{"x": {"a": 1, "a": 1}}]]', "stands twice"),
    "NaN": ("NaN", 'NaN is not JSON; write {"$float": "nan"}'),
    "Infinity": ('{"a": Infinity}', '{"$float": "inf"}'),
    "minus Infinity": ("[-Infinity]", '{"$float": "-inf"}'),
    "float out of range": ("[1e999]", "the number 1e999 is out of range"),
    "long float out of range": ("-1" + "0" * 5000 + ".0", "is out of range"),
    "5,000-digit number": ("9" * 5000, "too many digits"),
    "5,000-digit number inside": ('{"a": [-' + "9" * 5000 + "]}", "too many digits"),
    "raw surrogate": ('"\ud800"', "half a character (at character 2)"),
    "escaped surrogate": (r'"\ud800"', "half a character"),
    "escaped surrogate in a list": (r'{"a": ["ok", "\udfff x"]}', "half a character (at character 15)"),
    "escaped surrogate as key": (r'{"\uDBFF": 1}', "half a character"),
    "two first halves": (r'["\ud83d\ud83d"]', "half a character"),
    "halves the wrong way round": (r'["\ude00\ud83d"]', "half a character"),
    "surrogate encoded in UTF-8": (b'"\xed\xa0\x80"', "not UTF-8 text (at byte 1)"),
    "Latin-1": ('"é"'.encode("latin-1"), "not UTF-8 text (at byte 1)"),
    "UTF-16": ("{}".encode("utf-16"), "not UTF-8"),
    "UTF-16 without mark": ("{}".encode("utf-16-le"), "NUL character (at character 2)"),
    "UTF-32": ("{}".encode("utf-32"), "not UTF-8"),
    "overlong encoding": (b'"\xc0\xaf"', "not UTF-8"),
    "gzip": (b"\x1f\x8b\x08\x00", "not UTF-8"),
    "NUL": ('{"a": "\0"}', "NUL character (at character 8)"),
    "100,000 brackets": ("[" * 100_000, f"nested deeper than {MAX_DEPTH} levels (at character {MAX_DEPTH + 1})"),
    "100,000 closed brackets": ("[" * 100_000 + "]" * 100_000, "nested deeper"),
    "100,000 objects in each other": ('{"a":' * 100_000 + "1" + "}" * 100_000, "nested deeper"),
    "millions of objects": ("[" + "{}," * 3_000_000 + "{}]", f"more than {MAX_CONTAINERS:,} lists and objects"),
    "millions of lists": ("[" + "[]," * 3_000_000 + "[]]", f"more than {MAX_CONTAINERS:,} lists and objects"),
    "millions of closing brackets": ("]" * 9_000_000, "not JSON"),
    "millions of quotes": ('"' * 9_000_001, "not JSON"),
    "millions of backslashes": ('"' + "\\" * 9_000_000, "not JSON"),
    "too large": (" " * (MAX_BYTES + 1), "larger than 10 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_one_sentence(name: str) -> None:
    content, reason = REFUSED[name]
    with pytest.raises(FormatError) as caught:
        loads(content, "a.json")
    message = str(caught.value)
    assert message.startswith("a.json")
    assert reason in message
    assert len(message) < 250
    assert "\n" not in message
    assert caught.value.__cause__ is None


BOMBS = {
    "distinct keys": "'{' + ','.join(f'\"{n:x}\":1' for n in range(900_000)) + '}'",
    "texts": "'[' + ','.join(f'\"{n:x}\"' for n in range(1_100_000)) + ']'",
    "numbers": "'[' + '999,' * 2_400_000 + '1]'",
    "floats": "'[' + '1.5,' * 2_400_000 + '1]'",
    "lists": "'[' + '[],' * 3_000_000 + '1]'",
    "escapes": "'[' + ','.join([r'\"\\u0100\"'] * 1_000_000) + ']'",
    "tasks": '\'{"format": "tasktable.workflow", "version": 1, "tasks": [\' + \'{},\' * 300_000 + \'{}]}\'',
}


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory a process had at most")
@pytest.mark.parametrize("name", BOMBS)
def test_largest_file_needs_less_than_300_megabytes(name: str) -> None:
    program = f"""
import re, sys
from core import Workflow, TasktableError, Catalog
text = {BOMBS[name]}
assert len(text) <= 10_000_000, len(text)
try:
    Workflow.from_json(text if "{{" in text else text.encode(), Catalog())
except TasktableError as error:
    assert len(str(error)) < 300
else:
    sys.exit("was read")
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) // 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 300
