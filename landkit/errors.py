"""What can go wrong, each with the exit code of the contract.

An error carries a key of `landkit.words` and the values that fill it; ``<key>.hint`` names the next step. Only the
command line turns it into text in the user's language.
"""

from __future__ import annotations

from landkit import words


class LandkitError(Exception):
    """The root of landkit's errors: a defect of landkit itself unless a subclass says otherwise."""

    exit_code = 1

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.key, self.values)

    def __str__(self) -> str:
        return self.message("en")

    def message(self, lang: str) -> str:
        """Return what happened and where."""
        return words.text(f"error.{self.key}", lang, **self.values)

    def hint(self, lang: str) -> str:
        """Return the next step."""
        return words.text(f"error.{self.key}.hint", lang, **self.values)


def _rebuild(kind: type[LandkitError], key: str, values: dict[str, object]) -> LandkitError:
    return kind(key, **values)


class UsageError(LandkitError, ValueError):
    """The question is not one that landkit can answer as put."""

    exit_code = 2


class GateError(LandkitError):
    """A figure is withheld, or a due target is missed under ``--strict``."""

    exit_code = 3


class CrsError(LandkitError, ValueError):
    """No coordinate reference system, or more than one that fits."""

    exit_code = 4


class InputError(LandkitError, ValueError):
    """A file that cannot be read, or that is read and rejected."""

    exit_code = 5


class DatumError(InputError):
    """A datum without a published transformation to CGCS2000."""


class LockedError(LandkitError, OSError):
    """The workspace is locked by another process, or changed meanwhile."""

    exit_code = 6


class ClosureError(LandkitError, ArithmeticError):
    """An identity of the closing ledger does not hold."""
