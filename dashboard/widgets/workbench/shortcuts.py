"""What the keyboard does, listed under a question mark."""

from __future__ import annotations

import streamlit as st

from dashboard import keys

SHORTCUTS = """
| everywhere | |
|---|---|
| Ctrl+S | save: type what is new, Enter |
| Ctrl+Enter outside the table | run; in a note: take the text |
| Ctrl+Z, Ctrl+Shift+Z | undo and redo |
| ? | this list |

| in the table | |
|---|---|
| arrow keys, Tab | go to another cell |
| any character | replace the cell's text |
| Enter, F2, double-click | edit the cell's text |
| arrow keys, Enter, Escape while editing | choose an offer, accept, leave as it was |
| Delete | empty the cells |
| Ctrl+Enter | add a row below |
| Ctrl+D | duplicate the rows |
| Ctrl+Delete | delete the rows |
| Alt+Up, Alt+Down | move the rows |
| Ctrl+click, Shift+Space | pick a whole row, or let it go |
| Ctrl+A | pick all rows |
| click, Shift+click on the numbers | pick one row, or all between |
| Delete, Ctrl+C, Escape on picked rows | delete them, copy them, pick none |
| Ctrl+C, Ctrl+V | copy and paste, also from and to a spreadsheet |
"""


def shortcuts() -> None:
    """Draw the question mark."""
    with st.popover("Keyboard shortcuts", key=keys.HELP, icon=":material/help:", on_change="rerun") as listed:
        if listed.open:
            st.markdown(SHORTCUTS)
