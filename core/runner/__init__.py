"""Managed runs: every run in processes of its own, kept by a supervisor, told to its client event by event."""

from core.runner.client import Runner

__all__ = ["Runner"]
