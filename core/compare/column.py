"""Which cells of two equally long columns differ, and by how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.compare.same import is_missing, is_same

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Flags = np.ndarray[Any, np.dtype[np.bool_]]

PLAIN_KINDS = "biuf"


def differs(old: pd.Series[Any], new: pd.Series[Any]) -> Flags:
    """Return for each position whether the cells differ. Missing cells equal each other; types do not count."""
    old, new = _uncategorised(old), _uncategorised(new)
    if old.dtype.kind in PLAIN_KINDS and new.dtype.kind in PLAIN_KINDS:
        found = _differing_numbers(old, new)
    else:
        found = None if "O" in (old.dtype.kind, new.dtype.kind) and _has_objects(old, new) else _by_pandas(old, new)
    return _one_by_one(old, new) if found is None else found


def largest_difference(old: pd.Series[Any], new: pd.Series[Any]) -> float | None:
    """Return the largest absolute difference of two columns of numbers; None if there is none."""
    import numpy as np

    if not {old.dtype.kind, new.dtype.kind} <= set(PLAIN_KINDS) or "b" in (old.dtype.kind, new.dtype.kind):
        return None
    with np.errstate(all="ignore"):
        gaps = np.abs(_floats(new) - _floats(old))
    gaps = gaps[np.isfinite(gaps)]
    return float(gaps.max()) if len(gaps) else None


def _floats(column: pd.Series[Any]) -> np.ndarray[Any, np.dtype[np.float64]]:
    numbers: np.ndarray[Any, np.dtype[np.float64]] = column.to_numpy(dtype="float64", na_value=float("nan"))
    return numbers


def _uncategorised(column: pd.Series[Any]) -> pd.Series[Any]:
    import pandas as pd

    if not isinstance(column.dtype, pd.CategoricalDtype):
        return column
    categories, codes = column.cat.categories, column.cat.codes.to_numpy()
    if not len(categories):
        return pd.Series([None] * len(column), dtype=object)
    result = pd.Series(categories.take(codes))
    return result.where(codes >= 0) if (codes < 0).any() else result


def is_slow(dtype: Any) -> bool:
    """True for columns that are compared cell by cell in Python."""
    inner = getattr(dtype, "categories", None)
    if inner is not None:
        return is_slow(getattr(inner, "dtype", None))
    return str(dtype) == "object" or getattr(dtype, "storage", "") == "python"


def _has_objects(old: pd.Series[Any], new: pd.Series[Any]) -> bool:
    """True if one of the columns holds Python objects; columns of texts are of kind O, too."""
    import pandas as pd

    return any(not isinstance(column.dtype, pd.api.extensions.ExtensionDtype) for column in (old, new))


def _differing_numbers(old: pd.Series[Any], new: pd.Series[Any]) -> Flags | None:
    import numpy as np

    if not (isinstance(old.dtype, np.dtype) and isinstance(new.dtype, np.dtype)):
        return _by_pandas(old, new)
    left, right = old.to_numpy(), new.to_numpy()
    found: Flags = left != right
    if left.dtype.kind == right.dtype.kind == "f":
        found &= ~(np.isnan(left) & np.isnan(right))
    return found


def _by_pandas(old: pd.Series[Any], new: pd.Series[Any]) -> Flags | None:
    """Compare whole columns; None if pandas cannot."""
    try:
        left, right = old.reset_index(drop=True), new.reset_index(drop=True)
        equal = (left == right).astype("boolean").to_numpy(dtype=bool, na_value=False)
        found: Flags = ~(equal | (left.isna() & right.isna()).to_numpy(dtype=bool))
    except Exception:  # columns of two types that have no common comparison
        return None
    return found


def _one_by_one(old: pd.Series[Any], new: pd.Series[Any]) -> Flags:
    import numpy as np

    pairs = zip(old.tolist(), new.tolist(), strict=True)
    return np.fromiter((not _is_same_cell(a, b) for a, b in pairs), dtype=bool, count=len(old))


def _is_same_cell(old: Any, new: Any) -> bool:
    if is_same(old, new) or (is_missing(old) and is_missing(new)):
        return True
    numbers = (int, float)
    if isinstance(old, numbers) and isinstance(new, numbers) and type(old) is not type(new):
        return old == new
    return False
