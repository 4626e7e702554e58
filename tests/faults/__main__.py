"""`make faults`: every fault, what became of a question under it, how long it took, how often it was asked."""

import sys

from tests.faults.table import GRACE, rows


def main() -> int:
    """Print the table; return 1 where a row is not as it must be."""
    wrong = 0
    sys.stdout.write(f"{'fault':20} {'group':10} {'state':18} {'seconds':>7} {'attempts':>8}\n")
    for row, expected in rows():
        good = row.state is expected and row.seconds <= row.budget + GRACE and not row.left
        wrong += not good
        note = (
            "" if good else f"  must be {expected}, within {row.budget:g} s; left: {', '.join(row.left) or 'nothing'}"
        )
        sys.stdout.write(f"{row.fault:20} {row.group:10} {row.state:18} {row.seconds:7.3f} {row.attempts:8}{note}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{wrong} of them not as they must be\n" if wrong else "all as they must be\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
