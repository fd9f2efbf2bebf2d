// Notes in the browser's tab by which token the server knows it. After the tab was loaded anew, or the server was, it
// asks once for the state that the tab had.

const NAME = "tasktable";

export default function ({ data, parentElement, setTriggerValue }) {
  const former = sessionStorage.getItem(NAME);
  if (!former || former === data.token || former === data.resumed) {
    sessionStorage.setItem(NAME, data.token);
  } else if (parentElement.askedOf !== data.token) {
    parentElement.askedOf = data.token;
    setTriggerValue("resume", former);
  }
}
