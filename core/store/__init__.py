"""Workflows, versions, drafts and runs in a database: SQLite by default, PostgreSQL by one setting."""

from core.errors import StoreError
from core.store.failure import SaveConflict, UnknownRecordError
from core.store.record import DraftRecord, RunSummary, StoredRun, VersionRecord, VersionSummary, WorkflowRecord
from core.store.store import Store

__all__ = [
    "DraftRecord",
    "RunSummary",
    "SaveConflict",
    "Store",
    "StoreError",
    "StoredRun",
    "UnknownRecordError",
    "VersionRecord",
    "VersionSummary",
    "WorkflowRecord",
]
