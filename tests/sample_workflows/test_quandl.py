"""`get_quandl_data` against a server on this machine that speaks Quandl's protocol."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pandas as pd
import pytest
import quandl

from sample_workflows import prices

KEY = "s3cret-KEY"
DATASET = {
    "dataset_data": {
        "column_names": ["Date", "Open", "Close"],
        "start_date": "2007-01-03",
        "end_date": "2007-01-04",
        "frequency": "daily",
        "data": [["2007-01-03", 48.2, 48.07], ["2007-01-04", 48.1, 48.19]],
        "order": "asc",
    }
}


@dataclass
class Server:
    """What the server answers next, and what it was asked."""

    status: int = 200
    body: str = json.dumps(DATASET)
    headers: dict[str, str] = field(default_factory=dict)
    is_silent: bool = False
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def refuses(self, status: int, code: str, message: str = "No.") -> None:
        self.status, self.body = status, json.dumps({"quandl_error": {"code": code, "message": message}})


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append((self.path, self.headers.get("x-api-token")))
            if state.is_silent:
                state.closing.wait(30)
                return
            body = state.body.encode()
            self.send_response(state.status)
            for name, value in {"Content-Length": str(len(body)), **state.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that the base class has
            """Nothing: the test's own output matters."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        monkeypatch.setenv("TASKTABLE_QUANDL_ADDRESS", f"http://127.0.0.1:{http.server_port}/api/v3")
        monkeypatch.setenv("TASKTABLE_QUANDL_KEY", KEY)
        monkeypatch.setenv("TASKTABLE_QUANDL_TIMEOUT", "20")
        yield state
        state.closing.set()
        http.shutdown()
        thread.join()


def failure(ticker: str = "WIKI/JPM") -> Exception:
    """The error of asking, after a look that the key is nowhere in it."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each test looks at type and message
        prices.get_quandl_data(ticker)
    shown = [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value)]
    assert KEY not in "".join(shown)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value


def assert_message(error: Exception, pattern: str) -> None:
    assert re.search(pattern, str(error)), str(error)


def test_a_dataset_comes_with_its_dates_as_first_column(server: Server) -> None:
    data = prices.get_quandl_data("WIKI/JPM")
    assert list(data.columns) == ["Date", "Open", "Close"]
    assert data.index.equals(pd.RangeIndex(2))
    assert list(data["Date"]) == [pd.Timestamp("2007-01-03"), pd.Timestamp("2007-01-04")]
    assert list(data["Close"]) == [48.07, 48.19]
    assert server.asked == [("/api/v3/datasets/WIKI/JPM/data?order=asc", KEY)]


def test_the_dataset_replaces_the_embedded_prices(server: Server) -> None:
    data = prices.get_quandl_data("WIKI/JPM")
    dates = prices.to_datetime(data, "Date")
    later = prices.get_date_mask(dates, "2007-01-04")
    assert list(prices.apply_mask(prices.get_column(data, "Close"), later)) == [48.19]


def test_one_column_can_be_asked_for(server: Server) -> None:
    prices.get_quandl_data("WIKI/JPM.4")
    assert server.asked == [("/api/v3/datasets/WIKI/JPM/data?order=asc&column_index=4", KEY)]


def test_without_a_key_none_is_sent(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TASKTABLE_QUANDL_KEY")
    monkeypatch.setattr(quandl.ApiConfig, "api_key", "somebody else's")
    prices.get_quandl_data("WIKI/JPM")
    assert server.asked[0][1] is None


def test_the_package_is_left_as_it_was(server: Server) -> None:
    before = {name: value for name, value in vars(quandl.ApiConfig).items() if not name.startswith("__")}
    prices.get_quandl_data("WIKI/JPM")
    server.refuses(400, "QEAx01")
    failure()
    assert {name: value for name, value in vars(quandl.ApiConfig).items() if not name.startswith("__")} == before


REFUSALS: list[tuple[int, str, type[Exception], str]] = [
    (400, "QEAx01", PermissionError, "the key is wrong, or not subscribed.*check TASKTABLE_QUANDL_KEY"),
    (401, "QEAx01", PermissionError, "status 401.*check TASKTABLE_QUANDL_KEY"),
    (403, "QEPx04", PermissionError, "not subscribed"),
    (404, "QECx02", LookupError, "no dataset WIKI/JPM .*check the code"),
    (429, "QELx01", ConnectionError, "too many questions.*wait some minutes"),
    (429, "QELx04", ConnectionError, "too many questions"),
    (422, "QESx04", ValueError, "does not understand the request"),
    (500, "QEMx01", ConnectionError, "out of order.*run again later"),
    (503, "QEXx01", ConnectionError, "out of order"),
    (400, "nonsense", ValueError, "cannot be understood"),
    (400, "QEZx01", ValueError, "cannot be understood"),
]


@pytest.mark.parametrize(("status", "code", "error", "message"), REFUSALS)
def test_each_refusal_says_what_to_do(
    server: Server, status: int, code: str, error: type[Exception], message: str
) -> None:
    server.refuses(status, code, message=f"the key {KEY} is not welcome")
    caught = failure()
    assert type(caught) is error
    assert_message(caught, message)
    assert len(server.asked) == 1, "it asked again"


def test_a_refusal_without_a_key_says_that_none_is_set(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TASKTABLE_QUANDL_KEY")
    server.refuses(403, "QEPx04")
    assert_message(failure(), "no key is set")


PAGES: list[tuple[int, type[Exception], str]] = [
    (200, ValueError, "cannot be understood"),
    (401, PermissionError, "check TASKTABLE_QUANDL_KEY"),
    (404, ValueError, "check TASKTABLE_QUANDL_ADDRESS"),
    (429, ConnectionError, "wait some minutes"),
    (500, ConnectionError, "out of order"),
    (502, ConnectionError, "out of order"),
]


@pytest.mark.parametrize(("status", "error", "message"), PAGES)
def test_a_web_page_instead_of_an_answer(server: Server, status: int, error: type[Exception], message: str) -> None:
    server.status, server.body = status, f"<html>{KEY}</html>"
    caught = failure()
    assert type(caught) is error
    assert_message(caught, message)


MALFORMED = {
    "nothing": "",
    "half": json.dumps(DATASET)[:-20],
    "number": "5",
    "list": "[]",
    "null": "null",
    "other object": '{"datatable": {}}',
    "no data": '{"dataset_data": {"column_names": ["Date"]}}',
    "no names": '{"dataset_data": {"data": [["2007-01-03"]]}}',
    "no columns": '{"dataset_data": {"column_names": [], "data": []}}',
    "too few names": '{"dataset_data": {"column_names": ["Date"], "data": [["2007-01-03", 1.0]]}}',
    "ragged rows": '{"dataset_data": {"column_names": ["Date", "Close"], "data": [["2007-01-03", 1.0], [1, 2, 3]]}}',
    "rows of nothing": '{"dataset_data": {"column_names": ["Date"], "data": [null]}}',
    "no dates": '{"dataset_data": {"column_names": ["Date", "Close"], "data": [["soon", 1.0]]}}',
    "missing date": '{"dataset_data": {"column_names": ["Date", "Close"], "data": [[null, 1.0]]}}',
    "number for a date": '{"dataset_data": {"column_names": ["Date", "Close"], "data": [[20070103, 1.0]]}}',
    "impossible date": '{"dataset_data": {"column_names": ["Date", "Close"], "data": [["2007-13-45", 1.0]]}}',
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_an_answer_of_another_shape(server: Server, body: str) -> None:
    server.body = body
    caught = failure()
    assert type(caught) is ValueError
    assert_message(caught, "cannot be understood")


@pytest.mark.parametrize("body", ['{"quandl_error": {}}', '{"quandl_error": 5}', "5", '"quandl_error"'])
def test_a_refusal_of_another_shape(server: Server, body: str) -> None:
    server.status, server.body = 400, body
    assert_message(failure(), "cannot be understood")


def test_an_empty_dataset(server: Server) -> None:
    server.body = '{"dataset_data": {"column_names": ["Date", "Close"], "data": []}}'
    caught = failure()
    assert type(caught) is LookupError
    assert_message(caught, "WIKI/JPM is empty")


def test_no_answer_in_time(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TASKTABLE_QUANDL_TIMEOUT", "0.1")
    server.is_silent = True
    started = time.monotonic()
    caught = failure()
    assert time.monotonic() - started < 2, "it waited longer than the setting says"
    assert type(caught) is TimeoutError
    assert_message(caught, "no answer within 0.1 seconds")
    assert len(server.asked) == 1, "it asked again"


def test_an_answer_that_breaks_off(server: Server) -> None:
    server.headers = {"Content-Length": "100000"}
    caught = failure()
    assert type(caught) is ConnectionError
    assert_message(caught, "cannot be reached")


def test_nobody_answers(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, but nobody listens
        monkeypatch.setenv("TASKTABLE_QUANDL_ADDRESS", f"http://127.0.0.1:{unused.getsockname()[1]}/api/v3")
        caught = failure()
    assert type(caught) is ConnectionError
    assert_message(caught, "cannot be reached; check the network and TASKTABLE_QUANDL_ADDRESS")


def test_the_key_does_not_follow_a_redirect(server: Server) -> None:
    server.status, server.headers = 302, {"Location": "/elsewhere"}
    assert_message(failure(), "cannot be understood; check TASKTABLE_QUANDL_ADDRESS")
    assert len(server.asked) == 1


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}\r\nx-evil: 1", f"{KEY} ", f"{KEY}é"])
def test_a_key_that_is_no_key_is_not_sent(server: Server, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("TASKTABLE_QUANDL_KEY", key)
    assert_message(failure(), "TASKTABLE_QUANDL_KEY has characters")
    assert server.asked == []


@pytest.mark.parametrize(
    "ticker",
    [
        "",
        "JPM",
        "wiki/jpm",
        "WIKI/JPM\n",
        "WIKI/..",
        "../WIKI/JPM",
        "WIKI/JPM/data",
        "WIKI/JPM?x=1",
        "WIKI/JPM.",
        "WIKI/JPM.x",
        "WIKI/JPM.\u0664",
        "\uff37IKI/JPM",
        "http://127.0.0.1/x",
        "W" * 1_000_000,
    ],
)
def test_what_is_no_code_is_not_asked_for(server: Server, ticker: str) -> None:
    caught = failure(ticker)
    assert type(caught) is ValueError
    assert_message(caught, 'write DATABASE/DATASET in capitals, such as "WIKI/JPM"')
    assert len(str(caught)) < 200
    assert server.asked == []


@pytest.mark.parametrize("ticker", [None, 5, ["WIKI/JPM"]])
def test_a_ticker_that_is_no_text_is_refused(server: Server, ticker: Any) -> None:
    assert type(failure(ticker)) is TypeError
    assert server.asked == []


def test_threads_that_ask_at_once_each_get_their_answer(server: Server) -> None:
    answers: list[pd.DataFrame] = []
    threads = [threading.Thread(target=lambda: answers.append(prices.get_quandl_data("WIKI/JPM"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(answer) for answer in answers] == [2] * 8
    assert {key for _, key in server.asked} == {KEY}
