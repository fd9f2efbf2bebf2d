"""Texts from users in Markdown: what is read is what was written, and nothing of it is markup."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from core.visible import spelled
from dashboard.widgets.text import WORD_JOINER, plain

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMLESS = {"paragraph_open", "inline", "paragraph_close", "text", "text_special", "softbreak", "hardbreak"}
# What Streamlit's page looks for in the text that Markdown leaves.
AFTERWARDS = r":material/\w+:|:streamlit:|->|<-|--|>=|<=|~=|https?://|www\.|[\w.+-]@[\w-]"
HOSTILE = [
    "![x](http://127.0.0.1:9/y.png)",
    "![x][y]\n\n[y]: http://127.0.0.1:9/y.png",
    "[link](javascript:alert(1))",
    "http://127.0.0.1:9/ and www.example.com and HTTPS://example.com",
    "someone@example.com",
    "<http://127.0.0.1:9/>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<!-- comment -->",
    "&lt;b&gt; &amp; &#33;",
    "$x^2$ and $$x$$",
    ":red[text] :blue-background[text] :green-badge[text] :rainbow[text] :small[text]",
    ":smile: :+1: :man-woman:",
    ":material/home: :material/x: :streamlit:",
    "*a* **b** _c_ __d__ ~~e~~ `f` ``g``",
    "# heading",
    "heading\n===",
    "heading\n---",
    "> quote",
    "- item\n- item",
    "* item",
    "+ item",
    "1. item\n2) item",
    "---",
    "    code",
    "a\n\n    code",
    "```\ncode\n```",
    "a|b\n-|-\n1|2",
    "[^1]\n\n[^1]: note",
    "trailing\\",
    "trailing\\\nbackslash",
    "\\*escaped\\*",
    "-> <- -- >= <= ~= --> <->",
    "C:\\new\\table",
    "\ttab",
    "two  spaces",
    "line\nline\r\nline\rline",
    "\u202eright to left",
    "half \ud800 character",
    "",
]


def rendered(markdown: str) -> tuple[str, set[str]]:
    """The text that Markdown shows, and the kinds of what it is made of."""
    tokens = [item for token in RENDERER.parse(markdown) for item in (token, *(token.children or ()))]
    texts = ["\n" if token.type.endswith("break") else token.content for token in tokens if token.type != "inline"]
    return "".join(texts), {token.type for token in tokens}


def words(text: str) -> list[str]:
    """The text without what cannot be seen: how much space there is, and characters of no width."""
    return spelled(text.replace(WORD_JOINER, "")).encode("utf-8", "backslashreplace").decode().split()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_stands(text: str) -> None:
    shown, kinds = rendered(plain(text))
    assert kinds <= HARMLESS
    assert words(shown) == words(spelled(text))
    assert re.findall(AFTERWARDS, shown, re.IGNORECASE) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_no_sign_that_is_read_before_the_text_is_left_bare(text: str) -> None:
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", plain(text))
    assert re.findall(r"[\\`*_{}\[\]()#+\-.!|<>~$:&]", bare) == []


@pytest.mark.parametrize("text", ["plain words", "Zwölf Boxkämpfer", "数字", "a, b; c? 50% 'q'"])
def test_harmless_text_reads_the_same(text: str) -> None:
    assert rendered(plain(text))[0] == text
    assert WORD_JOINER not in plain(text)


TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
HIDDEN = "\0\x1b\x9b\xad\u180e\u200b\u2060\u2028\u3164\ufeff\ufff9\U000e0041"


@pytest.mark.parametrize("sign", [*TURNING, *HIDDEN])
def test_what_nobody_sees_is_spelled_out(sign: str) -> None:
    assert rendered(plain(f"report{sign}fdp.exe"))[0] == f"report⟨U+{ord(sign):04X}⟩fdp.exe"


def test_a_sign_of_no_width_that_a_user_wrote_is_told_from_one_that_was_put_there() -> None:
    assert rendered(plain(f"{WORD_JOINER}a@b"))[0] == f"⟨U+2060⟩a{WORD_JOINER}@b"


def test_lines_stay_lines() -> None:
    assert rendered(plain("one\ntwo\r\nthree"))[0] == "one\ntwo\nthree"
    assert plain("one\ntwo") == "one  \ntwo"


def test_what_comes_out_can_be_sent() -> None:
    assert plain("\ud800").encode("utf-8").decode() == "\\\\ud800"


SIGNS = st.text(alphabet="\\`*_{}[]()#+-.!|<>~$:&\"'=^@/ \n\tax1:w", max_size=30)
PIECES = st.lists(
    st.sampled_from(
        ["http", ":", "//", "www", ".", "@", "->", "-", "<", "=", "material/", "streamlit:", "\n", "a", " "]
    ),
    max_size=12,
).map("".join)


@given(SIGNS | PIECES | st.text(max_size=30))
@example("www.www.a")
@example("a\u2060@b")
def test_any_text_is_shown_as_it_stands(text: str) -> None:
    shown, kinds = rendered(plain(text))
    assert kinds <= HARMLESS
    assert "".join(words(shown)) == "".join(words(spelled(text)))
    assert re.findall(AFTERWARDS, shown, re.IGNORECASE) == []
