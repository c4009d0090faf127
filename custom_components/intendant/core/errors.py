"""Every error of the core.

IntendantError
├── NotationError      a reading in text form that the catalogue does not allow
└── BundleError
    ├── BundleMissing  a file of the bundle is not there
    ├── BundleCorrupt  a file is truncated or does not match its hash
    └── BundleMismatch made for another format or catalogue
"""

from __future__ import annotations


class IntendantError(Exception):
    """Base of all errors of the core."""


class NotationError(IntendantError, ValueError):
    """A reading in text form that the catalogue does not allow."""


class BundleError(IntendantError):
    """The bundle can not be used."""


class BundleMissing(BundleError):
    """A file of the bundle is not there."""


class BundleCorrupt(BundleError):
    """A file of the bundle is truncated or does not match its hash."""


class BundleMismatch(BundleError):
    """The bundle was made for another format or catalogue."""
