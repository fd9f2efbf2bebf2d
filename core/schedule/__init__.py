"""The engine of a managed run: executes a plan so that nothing is computed twice and nothing finished is lost."""

from core.schedule.execution import execute
from core.schedule.forecast import forecast

__all__ = ["execute", "forecast"]
