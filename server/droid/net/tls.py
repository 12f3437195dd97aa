"""The certificates that are trusted: the system's, and those that the environment adds.

`SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS` *add* to the system's store. OpenSSL itself lets the first
replace it, which cuts off public hosts as soon as a company adds its own CA; so the system's own
files are loaded besides. Where the system has no store at all, certifi's stands in.
"""

import logging
import ssl
from collections.abc import Mapping
from pathlib import Path

logger = logging.getLogger(__name__)

EXTRA_CA_VARIABLES = ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")


def create_tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """A verifying client context. Takes about 30 ms, so call it off the event loop."""
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if "SSL_CERT_FILE" in environ or "SSL_CERT_DIR" in environ:
        _load(context, cafile=paths.openssl_cafile)
        _load(context, capath=paths.openssl_capath)
    if not context.cert_store_stats()["x509_ca"] and not _has_certificates(paths.openssl_capath):
        import certifi

        context.load_verify_locations(cafile=certifi.where())
    for variable in EXTRA_CA_VARIABLES:
        file = environ.get(variable)
        if not file:
            continue
        try:
            context.load_verify_locations(cafile=file)
        except (OSError, ssl.SSLError) as error:
            # Fewer authorities are trusted than was meant, never more; the connection that needs
            # this file fails with a message that names the variable.
            reason = error.strerror or type(error).__name__
            logger.warning("%s names %s, which cannot be used: %s", variable, file, reason)
    return context


def create_empty_context() -> ssl.SSLContext:
    """A context that trusts nobody: for clients of plain HTTP, which must be given one, in 2 ms."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _load(context: ssl.SSLContext, *, cafile: str | None = None, capath: str | None = None) -> None:
    if Path(cafile or capath or "").exists():
        try:
            context.load_verify_locations(cafile=cafile, capath=capath)
        except (OSError, ssl.SSLError) as error:
            logger.warning("the system's certificates cannot be read: %s", type(error).__name__)


def _has_certificates(folder: str) -> bool:
    """Whether a folder holds certificates, which OpenSSL reads on demand and does not count."""
    path = Path(folder)
    return path.is_dir() and any(path.glob("*.[0-9]"))
