// Notes in the browser's tab by which token the server knows it. After the tab was loaded anew, or the server was, it
// asks once for the state that the tab had.

const NAME = "tasktable";
const ASKED_AT_EACH_CONNECTION = "/_stcore/host-config";
const WAITS = [300, 2000];

// A server that has begun anew draws nothing before somebody does something, which it would then take for the first
// thing that this tab has ever done. So it is asked to draw as soon as there is a connection again.
function heedConnections() {
  if (window.tasktableTab) return window.tasktableTab;
  const tab = (window.tasktableTab = { drawn: 0 });
  const ask = (drawn) => drawn === tab.drawn && tab.draw();
  new PerformanceObserver((list) => {
    if (!list.getEntries().some(({ name }) => name.endsWith(ASKED_AT_EACH_CONNECTION))) return;
    for (const wait of WAITS) setTimeout(ask, wait, tab.drawn);
  }).observe({ type: "resource" });
  return tab;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const tab = heedConnections();
  tab.drawn += 1;
  tab.draw = () => setTriggerValue("draw", true);
  const former = sessionStorage.getItem(NAME);
  if (!former || former === data.token || former === data.resumed) {
    sessionStorage.setItem(NAME, data.token);
  } else if (parentElement.askedOf !== data.token) {
    parentElement.askedOf = data.token;
    setTriggerValue("resume", former);
  }
}
