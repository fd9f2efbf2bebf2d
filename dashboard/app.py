"""Page set-up and navigation. Started by `tasktable serve`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard.views.functions import functions
from dashboard.views.workbench import workbench

STYLE = Path(__file__).with_name("page.css")
ICON = Path(__file__).with_name("icon.png")


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(page_title="Tasktable", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    pages = [
        st.Page(workbench, title="Workbench", icon=":material/table_chart:", url_path="workbench", default=True),
        st.Page(functions, title="Functions", icon=":material/function:", url_path="functions"),
    ]
    st.navigation(pages, position="top").run()


if __name__ == "__main__":
    main()
