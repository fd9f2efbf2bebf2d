"""A run as one HTML page that needs nothing else: no server, no network, no Tasktable."""

from core.report.page import report
from core.report.result import Source

__all__ = ["Source", "report"]
