"""What somebody did is not dropped because he did the next thing a moment later: Streamlit is mended in two places."""

from __future__ import annotations

from functools import wraps
from typing import Any

from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.state.safe_session_state import SafeSessionState

from dashboard.told import listen

BEGIN, PAUSE = "on_script_will_rerun", "_yield_callback"
CLEAR, WAITING = "clear", "_queue"
ANSWER = "file_urls_response"


def keep_what_is_done_whole() -> None:
    """Let nothing that somebody does cut off or lose what he has done before it, in this process from now on."""
    keep_callbacks_whole()
    keep_answers()


def keep_callbacks_whole() -> None:
    """Let no later click interrupt what an earlier one has begun, in this process from now on.

    Streamlit begins a pass by calling the callbacks of what has changed. Whenever these look at the state, and once
    before the first of them, it asks whether the browser has sent more meanwhile; if so, it gives the pass up and
    begins with what came later. The callbacks of what came first are then cut off, or never called. Asked after the
    callbacks, as Streamlit also does, the question is harmless.
    """
    begin = getattr(SafeSessionState, BEGIN)
    if hasattr(begin, "__wrapped__"):
        return

    @wraps(begin)
    def undisturbed(state: SafeSessionState, *args: Any, **kwargs: Any) -> Any:
        pause = getattr(state, PAUSE)
        object.__setattr__(state, PAUSE, lambda: None)
        try:
            if args and args[0] is not None:
                listen(state, args[0].widgets)
            return begin(state, *args, **kwargs)
        finally:
            object.__setattr__(state, PAUSE, pause)

    setattr(SafeSessionState, BEGIN, undisturbed)


def keep_answers() -> None:
    """Let the answer "upload the file there" reach the browser although a pass begins, in this process from now on.

    Streamlit sends what it has to say every 10 ms; a pass that begins throws away what is not sent yet, as the pass
    will draw it anew. It does not draw this answer anew: the browser would wait for it in vain, without a word.
    """
    clear = getattr(ForwardMsgQueue, CLEAR)
    if hasattr(clear, "__wrapped__"):
        return

    @wraps(clear)
    def keeping(queue: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, *args: Any, **kwargs: Any) -> None:
        answers = [message for message in getattr(queue, WAITING) if message.WhichOneof("type") == ANSWER]
        clear(queue, retain_lifecycle_msgs, *args, **kwargs)
        if retain_lifecycle_msgs:
            getattr(queue, WAITING).extend(answer for answer in answers if answer not in getattr(queue, WAITING))

    setattr(ForwardMsgQueue, CLEAR, keeping)
