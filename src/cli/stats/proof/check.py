"""Computes the figures of expected.csv from values.csv, and compares them.

Needs Python 3.8 and nothing else. Exits with 1 if a figure or a hash differs.
"""

import csv
import hashlib
import math
import statistics
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
Z = statistics.NormalDist().inv_cdf(0.975)
SAME = 1.5e-8


def quantile(ordered, p):
    """R's type 7, SQL's PERCENTILE_CONT: linear between the two nearest values."""
    rank = p * (len(ordered) - 1)
    low, high = math.floor(rank), math.ceil(rank)
    return ordered[low] + (rank - low) * (ordered[high] - ordered[low])


def lower_rank(n, numerator, denominator):
    """The greatest r with at most 2.5 % for fewer than r values below the quantile, and that probability.

    The quantile is numerator / denominator; the sums are exact.
    """
    other, total, below, rank = denominator - numerator, denominator**n, 0, 0
    for k in range(n):
        term = math.comb(n, k) * numerator**k * other ** (n - k)
        if 40 * (below + term) > total:
            break
        below, rank = below + term, k + 1
    return rank, below / total


def at(ordered, rank):
    return ordered[rank - 1] if 1 <= rank <= len(ordered) else None


def order_statistics(values):
    n = len(values)
    minima, middles, maxima = (sorted(v[i] for v in values) for i in (1, 0, 2))
    rank, below = lower_rank(n, 1, 2)
    if rank == 0:
        rank, below = 1, 0.5**n
    p90_low, _ = lower_rank(n, 9, 10)
    p90_high, _ = lower_rank(n, 1, 10)
    return {
        "median": quantile(middles, 0.5),
        "low": at(minima, rank),
        "high": at(maxima, n + 1 - rank),
        "confidence": 1 - 2 * below,
        "p90_low": at(minima, p90_low),
        "p90_high": at(maxima, n + 1 - p90_high) if p90_high else None,
        "mean": math.fsum(middles) / n,
    }


def curve(values, column):
    """Kaplan and Meier's estimate: (time, share that lasts longer, log-log limits or None)."""
    ordered = sorted((v[column], v[3]) for v in values)
    share, variance, start, steps = 1.0, 0.0, 0, []
    while start < len(ordered):
        time, at_risk = ordered[start][0], len(ordered) - start
        same = [over for t, over in ordered[start:] if t == time]
        over = sum(same)
        if over:
            share *= (at_risk - over) / at_risk
            limits = None
            if at_risk > over:
                variance += over / (at_risk * (at_risk - over))
            if share > 0:
                log = math.log(share)
                margin = Z * math.sqrt(variance) / abs(log)
                limits = [math.exp(-math.exp(math.log(-log) + m)) for m in (margin, -margin)]
            steps.append((time, share, limits))
        start += len(same)
    return steps


def crossing(steps, left, last=None):
    reached = [(time, share) for time, share in steps if share <= left + SAME]
    if not reached:
        return None
    time, share = reached[0]
    if share < left - SAME:
        return time
    beyond = next((t for t, s in reached[1:] if s < left - SAME), last)
    return time if beyond is None else (time + beyond) / 2


def survival(values):
    figures = {"mean": None, "confidence": None}
    for left, names in ((0.5, ("median", "low", "high")), (1 - 0.9, (None, "p90_low", "p90_high"))):
        if names[0]:
            steps = [(t, s) for t, s, _ in curve(values, 0)]
            figures[names[0]] = crossing(steps, left, max(v[0] for v in values))
        for name, column, limit in ((names[1], 1, 0), (names[2], 2, 1)):
            steps = [(t, limits[limit]) for t, _, limits in curve(values, column) if limits]
            figures[name] = crossing(steps, left)
    return figures


def main():
    failed = 0
    for line in (HERE / "SHA256SUMS").read_text().splitlines():
        expected, name = line.split()
        if hashlib.sha256((HERE / name).read_bytes()).hexdigest() != expected:
            print(f"{name} is not the file that posthoc wrote")
            failed += 1
    groups = {}
    with open(HERE / "values.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            value = [float(row[c]) for c in ("seconds", "min_seconds", "max_seconds")]
            groups.setdefault((row["group"], row["metric"]), []).append(value + [int(row["over"])])
    count = 0
    with open(HERE / "expected.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = groups[row["group"], row["metric"]]
            is_over = all(value[3] for value in values)
            figures = order_statistics(values) if is_over else survival(values)
            for name, ours in figures.items():
                theirs = float(row[name]) if row[name] else None
                count += 1
                if ours is None or theirs is None:
                    same = ours is theirs
                else:
                    same = math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=1e-6)
                if not same:
                    print(f"{row['group']} {row['metric']} {name}: {ours} here, {theirs} by posthoc")
                    failed += 1
    if count == 0:
        print("nothing to compute: no group has five values, the fewest that posthoc summarizes")
    print(f"{count} figures computed, {failed} differ")
    sys.exit(failed > 0)


main()
