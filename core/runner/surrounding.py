"""What a supervisor, and so every task, finds in its environment and on its path: nothing that it need not know."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from core.runner.mark import MARK
from core.settings import PREFIX, Settings

KEPT = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
}
KEPT |= {"SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "LD_LIBRARY_PATH", "MPLBACKEND"}
KEPT |= {"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy"}
KEPT |= {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "PYTHONHASHSEED"}
KEPT_BEGINNINGS = ("LC_", "XDG_", f"{PREFIX}QUANDL_")
ROOT = Path(__file__).resolve().parents[2]


def environment(settings: Settings, token: str, variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables for a supervisor, from those of this process: no password, no key but the one it needs."""
    given = os.environ if variables is None else variables
    kept = {name: text for name, text in given.items() if name in KEPT or name.startswith(KEPT_BEGINNINGS)}
    if settings.quandl_key:
        kept[f"{PREFIX}QUANDL_KEY"] = settings.quandl_key
    kept[f"{PREFIX}QUANDL_ADDRESS"] = settings.quandl_address
    kept[f"{PREFIX}FUNCTIONS"] = ",".join(settings.function_modules)
    kept[MARK] = token
    if ROOT.name not in ("site-packages", "dist-packages"):
        paths = [str(ROOT), *kept.get("PYTHONPATH", "").split(os.pathsep)]
        kept["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, paths)))
    return kept


def module_path() -> tuple[str, ...]:
    """Return where this process finds modules, but for the dashboard's own folder, whose names are common ones."""
    own = str(ROOT / "dashboard")
    return tuple(dict.fromkeys(path or str(Path.cwd()) for path in sys.path if path != own))
