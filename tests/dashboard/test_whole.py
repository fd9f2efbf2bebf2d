"""What somebody does is carried out even if he does the next thing while it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1.element_tree import ElementTree

from core import REQUIRED
from dashboard import keys, services, state
from dashboard.state import Session
from dashboard.whole import keep_answers, keep_callbacks_whole, keep_what_is_done_whole
from tests.dashboard.workbench import Workbench


class LaterClickError(Exception):
    """The browser has sent more."""


class State(dict[str, Any]):
    """A state with one callback, which reads what a widget holds."""

    def on_script_will_rerun(self, *_args: Any, **_options: Any) -> None:
        self["found"] = self.asked["typed"]

    asked: SafeSessionState


def interrupt() -> None:
    raise LaterClickError


def test_a_callback_reads_what_it_needs_although_the_browser_has_sent_more() -> None:
    keep_callbacks_whole()
    inner = State(typed="60")
    inner.asked = SafeSessionState(cast(Any, inner), interrupt)
    inner.asked.on_script_will_rerun(None)
    assert inner["found"] == "60"
    with pytest.raises(LaterClickError):
        _ = inner.asked["typed"]


def test_doing_so_twice_is_doing_it_once() -> None:
    keep_what_is_done_whole()
    first = (SafeSessionState.on_script_will_rerun, ForwardMsgQueue.clear)
    keep_what_is_done_whole()
    assert (SafeSessionState.on_script_will_rerun, ForwardMsgQueue.clear) == first


def test_a_browser_is_told_where_to_upload_although_a_pass_begins() -> None:
    keep_answers()
    queue = ForwardMsgQueue()
    answer, drawn = ForwardMsg(), ForwardMsg()
    answer.file_urls_response.response_id = "asked"
    drawn.delta.new_element.text.body = "drawn anew by the pass"
    queue.enqueue(answer)
    queue.enqueue(drawn)
    queue.clear(retain_lifecycle_msgs=True)
    assert queue.flush() == [answer]
    assert queue.is_empty()


def test_a_second_undo_is_no_edit_by_a_field_that_the_browser_has_not_set_back_yet() -> None:
    workbench = Workbench()
    workbench.edit(1, "note", "first")
    workbench.set_number("longWindow", 60)
    workbench.press("undo")
    workbench.page.number_input(key="input_longWindow").set_value(60)
    workbench.press("undo")
    assert workbench.session.past == []
    assert workbench.session.draft.inputs["longWindow"] == 50
    assert len(workbench.session.future) == 2


def test_the_name_field_does_not_undo_an_undo_either() -> None:
    workbench = Workbench()
    before = workbench.session.draft.name
    workbench.edit(1, "note", "first")
    workbench.rename("another")
    workbench.press("undo")
    workbench.page.text_input(key="workflow_name").set_value("another")
    workbench.press("undo")
    assert workbench.session.draft.name == before
    assert workbench.session.past == []


def test_a_sample_that_the_browser_still_has_chosen_is_not_opened_twice() -> None:
    workbench = Workbench()
    before = workbench.session.draft
    workbench.open_sample("analysis_1")
    workbench.page.selectbox(key="sample").set_value("analysis_1")
    workbench.press("undo")
    assert (workbench.session.draft, workbench.session.past) == (before, [])
    workbench.draw()
    workbench.open_sample("analysis_1")
    assert workbench.session.past == [before]


def test_what_is_typed_again_after_an_undo_is_an_edit() -> None:
    workbench = Workbench()
    workbench.set_number("longWindow", 60)
    workbench.press("undo")
    workbench.set_number("longWindow", 60)
    assert workbench.session.draft.inputs["longWindow"] == 60


def test_a_name_that_is_no_input_gets_no_value(session: Session) -> None:
    before = session.draft
    services.set_input(session, "elsewhere", 1)
    assert session.draft is before


def test_a_field_is_set_until_the_browser_tells_what_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    workbench = Workbench()
    assert _is_set(workbench)
    with monkeypatch.context() as unheard:
        unheard.setattr(ElementTree, "get_widget_states", lambda _tree: WidgetStates())
        workbench.page.run()
        assert _is_set(workbench)
    workbench.page.run()
    assert not _is_set(workbench)


def test_a_field_that_has_become_one_of_text_is_set_until_the_browser_tells_of_the_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workbench = Workbench()
    workbench.page.run()
    of_the_number = workbench.page._tree.get_widget_states()
    services.set_input(workbench.session, "longWindow", "fifty")
    workbench.page.run()
    with monkeypatch.context() as late:
        late.setattr(ElementTree, "get_widget_states", lambda _tree: of_the_number)
        workbench.page.run()
    assert workbench.page.text_input(key="input_longWindow").proto.set_value
    workbench.page.run()
    assert not workbench.page.text_input(key="input_longWindow").proto.set_value
    assert workbench.session.draft.inputs["longWindow"] == "fifty"


def test_a_field_that_the_browser_has_not_filled_yet_is_not_emptied_by_a_click() -> None:
    workbench = Workbench()
    workbench.page.number_input(key="input_longWindow").set_value(None)
    workbench.press("step")
    assert workbench.session.draft.inputs["longWindow"] == 50
    assert _is_set(workbench)
    workbench.page.run()
    workbench.page.number_input(key="input_longWindow").set_value(None)
    workbench.press("step")
    assert workbench.session.draft.inputs["longWindow"] is REQUIRED


def _is_set(workbench: Workbench) -> bool:
    return bool(workbench.page.number_input(key="input_longWindow").proto.set_value)


@pytest.mark.parametrize("press", ["run", "step"])
def test_what_was_edited_just_before_a_press_is_applied_before_it(monkeypatch: pytest.MonkeyPatch, press: str) -> None:
    workbench = Workbench()
    operation = {"op": "set", "id": "t10", "column": "kwargs", "text": '{"lag": 2}', "number": 1}
    with monkeypatch.context() as together:
        held = state.widget
        grid = SimpleNamespace(edit={"operations": [operation]})
        together.setattr(state, "widget", lambda key: grid if key == keys.GRID else held(key))
        workbench.press(press)
    attempt = workbench.session.run
    assert attempt is not None
    assert attempt.draft is workbench.session.draft
    assert attempt.draft.tasks[9].kwargs == {"lag": 2}
    assert len(workbench.session.past) == 1


def test_a_field_that_the_browser_has_not_filled_yet_is_no_edit_beside_another_field() -> None:
    workbench = Workbench()
    before = workbench.session.draft.name
    workbench.rename("another")
    workbench.press("undo")
    workbench.page.text_input(key="workflow_name").set_value("another")
    workbench.set_number("longWindow", 60)
    assert workbench.session.draft.name == before
    assert workbench.session.draft.inputs["longWindow"] == 60


def test_a_field_that_was_set_twice_before_the_browser_heard_of_it_is_no_edit() -> None:
    workbench = Workbench()
    for value in (60, 70):
        workbench.set_number("longWindow", value)
    workbench.press("undo")
    for late, press in ((70, "undo"), (60, "step")):
        workbench.page.number_input(key="input_longWindow").set_value(late)
        workbench.press(press)
    assert workbench.session.draft.inputs["longWindow"] == 50
    assert workbench.session.past == []
    assert len(workbench.session.future) == 2
