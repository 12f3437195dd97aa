"""The sample project of the journey in VS Code: a small shop, with a mistake and an order that has two changes."""

import subprocess
from pathlib import Path

from droid.demo.task import FILES

_ORDERS = '''\
"""Orders, and what they come to."""

from pricing import price_cents

SHIPPING_CENTS = 490
FREE_SHIPPING_FROM_CENTS = 5000


def total_cents(lines: list[tuple[int, int]]) -> int:
    """What an order costs; each line is a price in cents and a number of pieces."""
    total = 0
    for unit_cents, pieces in lines:
        total = total + price_cents(unit_cents, pieces)
    return total


def invoice_cents(lines: list[tuple[int, int]]) -> int:
    """What is on the invoice."""
    total = total_cents(lines)
    return total + shipping_cents(total)


def shipping_cents(total: int) -> int:
    """What shipping costs; nothing for large orders."""
    if total > FREE_SHIPPING_FROM_CENTS:
        return 0
    return SHIPPING_CENTS
'''


def write_shop(folder: Path) -> Path:
    """The project in a folder, in git."""
    shop = folder / "shop"
    shop.mkdir()
    for name, text in {**FILES, "orders.py": _ORDERS}.items():
        (shop / name).write_text(text, encoding="utf-8")
    git = ["git", "-c", "user.name=person", "-c", "user.email=person@example.org"]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a shop"]):
        subprocess.run([*git, *arguments], cwd=shop, check=True)
    return shop
