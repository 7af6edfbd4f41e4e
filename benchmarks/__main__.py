"""Print each measurement next to its peer's from the same run: ``python -m benchmarks``.

Names on the command line choose some of them: those of ``_BENCHMARKS`` below, such as engine, advice, drift or page.
``--sessions``, ``--people``, ``--pages``, ``--minutes`` and ``--seed`` are for those that keep a server busy for long.
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

from benchmarks import (
    advice,
    audit,
    blocked,
    crowd,
    drift,
    engine,
    engine_families,
    engine_peers,
    evening,
    growth,
    hostile,
    large,
    ledger,
    lloyd_step,
    load,
    memory,
    monkey,
    mutated,
    page,
    page_bytes,
    planted,
    purchases,
    reading,
    run,
    scaling,
    second_opinion,
    selecting,
    soak,
    stability,
)

TABLE = Path(__file__).resolve().parents[1] / "data" / "wholesale_customers.csv"
_LINE = "{:<64} {:>12} {:>12} {:>7}"


def main() -> None:
    """Run the chosen benchmarks, by default all but those that take long."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("chosen", nargs="*", choices=[[], *_BENCHMARKS, *_LONG], metavar="name")
    for name, (kind, default) in _OPTIONS.items():
        parser.add_argument(f"--{name}", type=kind, default=default)
    asked = parser.parse_args()
    print(_LINE.format("", "custseg", "peer", "ratio"))
    for name, measure in _BENCHMARKS.items():
        if not asked.chosen or name in asked.chosen:
            measure()
    for name, measure_long in _LONG.items():
        if name in asked.chosen:
            measure_long(asked)


def _engine() -> None:
    """Print K-Means on the bundled table and on a million customers."""
    ours, peer, poor, poor_peer = engine.bundled(TABLE)
    _row("segment 440 x 6, k = 4 (KMeans, n_init=10)", ours, peer)
    print(_LINE.format("  seeds over 0.1% above the best inertia", f"{poor:.0%}", f"{poor_peer:.0%}", ""))
    for k in (4, 8):
        large = engine.large(k)
        _row(f"K-Means on 1,000,000 x 6, k = {k} (KMeans, n_init=10)", large.ours, large.peer)
        print(_LINE.format("  worst of five tables: speed-up", f"{large.worst_speed:.1f}", "1", ""))
        print(_LINE.format("  worst of five tables: inertia", f"{large.worst_inertia:.5f}", "1", ""), flush=True)

    for k in (4, 8):
        _peers(k)


def _peers(k: int) -> None:
    """Print each K-Means of Python on the same customers."""
    print(_LINE.format(f"K-Means on 1,000,000 x 6, k = {k}", "ms", "of processor", "inertia"))
    ours = None
    for name, found in engine_peers.compare(k):
        if found is None:
            print(_LINE.format(f"  {name}: not installed", "", "", ""), flush=True)
            continue
        ours = ours or found
        faster = f", {found.milliseconds / ours.milliseconds:.1f} times as long" if found is not ours else ""
        figures = f"{found.milliseconds:,.0f}", f"{found.processor:,.0f}", f"{found.inertia:.4f}"
        print(_LINE.format(f"  {name}{faster}", *figures), flush=True)


def _growth() -> None:
    """Print what a run takes of more and more customers."""
    print(_LINE.format("a run, k = 4", "ms", "of processor", "GB"))
    for found in growth.measure():
        figures = f"{1000 * found.seconds:,.0f}", f"{1000 * found.processor:,.0f}", f"{found.peak / 1e9:.2f}"
        print(_LINE.format(f"  {found.customers:,} customers {found.where}", *figures), flush=True)


def _families() -> None:
    """Print how the engine compares with scikit-learn on each family of tables, the worst of each."""
    print(_LINE.format("K-Means on families of tables (KMeans, n_init=10)", "over 1.002", "inertia", "faster"))
    for found in engine_families.compare():
        what, worse = f"  {found.family}, {found.rows:,} rows", f"{found.worse} of {found.tables}"
        print(_LINE.format(what, worse, f"{found.worst:.4f}", f"{found.faster:.1f}"), flush=True)


def _stability() -> None:
    """Print how certainty compares with R's fpc, how often its intervals hold the truth, and what it takes."""
    correlation, largest = stability.beside_clusterboot()
    print(_LINE.format("stability beside fpc::clusterboot, ten tables: correlation", f"{correlation:.3f}", "1", ""))
    print(_LINE.format("  largest difference of a mean Jaccard similarity", f"{largest:.3f}", "0", ""), flush=True)
    for what, share in stability.coverage().items():
        print(_LINE.format(f"  95% intervals that hold the true {what}", f"{share:.0%}", "95%", ""), flush=True)
    solid, apart, empty = stability.without_groups()
    print(_LINE.format(f"  of {empty} tables without groups: all segments solid", str(solid), "", ""))
    print(_LINE.format("    of these not said to run into each other", str(apart), "", ""), flush=True)
    for rows, seconds in stability.seconds().items():
        what = f"  processor seconds of 100 resamples, {rows:,} customers"
        print(_LINE.format(what, f"{seconds:.1f}", "", ""), flush=True)


def _run() -> None:
    """Print a whole run on a million customers, and the memory of ten runs on ten million."""
    runs = run.measure(1_000_000, 4)
    _row("run_clustering() on 1,000,000 x 6, k = 4 (the engine alone)", runs.later, runs.engine)
    _row("run_clustering() on 1,000,000 x 6, k = 4 (KMeans, groupby)", runs.later, runs.peer)
    _row("  of the processor", runs.processor, runs.peer_processor)
    print(_LINE.format("  the first run of a process", f"{runs.first:,.0f} ms", "", ""), flush=True)
    runs = run.measure(10_000_000, 10)
    _row("run_clustering() on 10,000,000 x 6, k = 4 to 6 (the engine alone)", runs.later, runs.engine)
    gigabytes = [f"{size / 1e9:.2f}" for size in (runs.peak, runs.memory[1], runs.memory[-1])]
    print(_LINE.format("  memory: peak, after run 2, after run 10 (GB)", *gigabytes), flush=True)


def _advice() -> None:
    """Print how long advice takes, on the bundled table and on a million customers."""
    _row("advise on 440 x 6, k = 2..10 (KMeans, n_init=10, each k)", *advice.bundled(TABLE))
    ours, peer, peak = advice.large()
    _row("advise on 1,000,000 x 6, k = 2..10 (one KMeans(8, n_init=10))", ours, peer)
    print(_LINE.format("  peak memory over the size of the float32 matrix", f"{peak:.2f}", "", ""), flush=True)


def _planted() -> None:
    """Print the share of tables in which each method finds the planted groups."""
    print(_LINE.format("planted groups", "found: all", "clear half", "false"))
    for method, (everywhere, clear, false) in planted.measure().items():
        print(_LINE.format(f"  {method}", f"{everywhere:.1%}", f"{clear:.1%}", f"{false:.1%}"), flush=True)


def _audit() -> None:
    """Print by family how often groups are found where none are, and the planted number where K-Means can find them."""
    wrong, right = audit.measure()
    for title, shares in (("groups found where there are none", wrong), ("planted number of groups found", right)):
        print(f"\n{title}\n{shares.to_string(float_format='{:.2f}'.format)}", flush=True)


def _evening() -> None:
    """Print what evening out recovers of planted groups, by transform, by skewness, and by how it is chosen."""
    print(_LINE.format("evened out: transforms", "recovered", "", ""))
    for name, found in evening.by_transform().mean().items():
        print(_LINE.format(f"  {name}", f"{found:.3f}", "", ""), flush=True)
    print(_LINE.format("evened out: by skewness", "gain", "better", "worse"))
    for skewness, row in evening.by_skewness().iterrows():
        figures = f"{row['gain']:.2f}", f"{row['better']:.0%}", f"{row['worse']:.0%}"
        print(_LINE.format(f"  {skewness}", *figures), flush=True)
    print(_LINE.format("evened out: chosen by", "recovered", "worse", ""))
    for name, row in evening.by_rule().iterrows():
        print(_LINE.format(f"  {name}", f"{row['recovered']:.3f}", f"{row['worse chosen']:.0%}", ""), flush=True)


def _reading() -> None:
    """Print how long files take to read."""
    _row("read and check 1,000,000 x 8 CSV (pandas.read_csv)", *reading.read_file())
    _row("read 541,909 x 8 Excel (pandas.read_excel, calamine)", *reading.workbook())


def _second_opinion() -> None:
    """Print how well groups of another shape are found, and how often they are where there are none."""
    print(_LINE.format("adjusted Rand index with planted groups", "K-Means", "mixture", "mclust"))
    peer = second_opinion.peer()
    for family in second_opinion.FAMILIES:
        found = second_opinion.on_planted(family)
        figures = (found["K-Means"], found["mixture"], peer[family])
        print(_LINE.format(f"  {family}", *(f"{figure:.2f}" for figure in figures)))
        print(_LINE.format("    offered, right number", f"{found['offered']:.0%}", f"{found['right number']:.0%}", ""))
    print(_LINE.format("tables without groups: another shape", "seen", "offered", "none"), flush=True)
    for family in second_opinion.NOTHING:
        shares = second_opinion.on_empty(family).values()
        print(_LINE.format(f"  {family}", *(f"{share:.0%}" for share in shares)), flush=True)


def _drift() -> None:
    """Print how often each kind of change is noticed, and how long that takes."""
    print(_LINE.format("a change of the customers in a later table", "noticed", "of", "renew"))
    for kind, found in drift.measure().items():
        print(_LINE.format(f"  {kind}", found.warned, found.pairs, found.renewed), flush=True)
    ours, clustering = drift.seconds()
    _row("follow 50,000 x 6 to a later table (segment them)", 1000 * ours, 1000 * clustering)


def _purchases() -> None:
    """Print time and peak memory of customers made of ten million order lines."""
    for way, (ours, peer) in purchases.measure().items():
        _row(f"10,000,000 lines to customers, {way} (pandas)", ours.time, peer.time)
        peaks = (f"{ours.peak:,.0f} MB", f"{peer.peak:,.0f} MB", f"{ours.peak / peer.peak:.2f}")
        print(_LINE.format("  peak memory", *peaks), flush=True)


def _selecting() -> None:
    """Print what it takes to select customers."""
    ours, sent, peer, peer_sent = selecting.measure()
    _row("select 1,000 of 100,000 customers (HoloViews link_selections)", ours, peer)
    print(_LINE.format("  sent to the browser", f"{sent:,.0f} kB", f"{peer_sent:,.0f} kB", f"{sent / peer_sent:.2f}"))


def _crowd() -> None:
    """Print what a million customers take on the page."""
    ours, sent, peer, peer_sent = crowd.zoom()
    _row("zoom in 1,000,000 customers, on the server (hvPlot rasterize)", ours, peer)
    print(_LINE.format("  sent to the browser", f"{sent:,.0f} kB", f"{peer_sent:,.0f} kB", f"{sent / peer_sent:.2f}"))
    for what, milliseconds in crowd.on_screen().items():
        print(_LINE.format(f"  1,000,000 x 6, k = 4 and 5: {what}", f"{milliseconds:,.0f} ms", "", ""), flush=True)


def _large() -> None:
    """Print what very many customers take on the page, in memory and where they stay in a Parquet file."""
    print(_LINE.format("on the page, six features, k = 4 and 5", "ms", "of processor", "GB"))
    for rows, lazily in ((100_000, False), (1_000_000, False), (10_000_000, False), (10_000_000, True)):
        print(_LINE.format(f"  {rows:,} customers {'from Parquet' if lazily else 'in memory'}", "", "", ""))
        for found in large.measure(rows, lazily=lazily):
            figures = f"{found.waited:,.0f}", f"{found.worked:,.0f}", f"{found.peak / 1e9:.2f}"
            print(_LINE.format(f"    {found.what}", *figures), flush=True)


def _lloyd_step() -> None:
    """Print a step over 2,000,000 customers in each engine beside one in memory."""
    for name in lloyd_step.ENGINES:
        _row(f"Lloyd step, 2,000,000 x 6, k = 8: {name} (in memory)", *lloyd_step.measure((name,))[name])


def _scaling() -> None:
    """Print a fit in a Parquet file as it grows, and what a click takes beside one."""
    print(_LINE.format("fit in one Parquet file, k = 6", "seconds", "steps", "GB"))
    for rows in scaling.ROWS:
        fit = scaling.measure(rows)
        figures = f"{fit.fit:.1f}", str(fit.steps), f"{fit.peak / 1e9:.2f}"
        print(_LINE.format(f"  {rows:,} customers (open in {fit.opening:.1f} s)", *figures), flush=True)
    _row("a run of 440 beside a fit of 10,000,000 (quiet)", *scaling.beside(TABLE))


def _page() -> None:
    """Print the times of the page."""
    times = page.measure()
    for what, ours in times["custseg"].items():
        _row(f"{what} (plain Panel prototype)", ours, times["prototype"][what])
    sent = page_bytes.measure()
    ratio = f"{sent['custseg'] / sent['prototype']:.2f}"
    print(
        _LINE.format("sent to a cold browser", *(f"{size / 1e6:.2f} MB" for size in sent.values()), ratio), flush=True
    )
    found = page.measure_views()
    print(_LINE.format("models in a new session", f"{found.pop('models'):,.0f}", "", ""))
    for what, milliseconds in found.items():
        print(_LINE.format(f"  {what}", f"{milliseconds:,.0f} ms", "", ""), flush=True)


def _memory() -> None:
    """Print what one more open session takes."""
    for what, megabytes in memory.measure().items():
        print(_LINE.format(f"memory of one more session, {what}", f"{megabytes:.1f} MB", "", ""), flush=True)


def _mutated() -> None:
    """Print what becomes of broken files of each format: read, refused, or their reading process ended."""
    line = "{:<10} {:>7} {:>7} {:>8} {:>7} {:>8} {:>10}"
    print(line.format("broken", "tried", "read", "refused", "ended", "escaped", "slowest"))
    for kind, found in mutated.measure():
        escaped, slowest = found.escaped.total(), f"{found.slowest:.1f} s"
        print(line.format(kind, found.tried, found.read, found.refused, found.ended, escaped, slowest), flush=True)
        for why, times in (found.unforeseen + found.escaped).items():
            print(f"    {times} times: {why}", flush=True)


def _ledger(_: argparse.Namespace) -> None:
    """Print what a ledger takes of a million customers, period by period."""
    print(_LINE.format(f"a period of {ledger.CUSTOMERS:,} customers", "to add", "to read", "MB"))
    for kept in ledger.measure():
        times = f"{kept.seconds:.1f} s", f"{1000 * kept.reading:,.0f} ms", f"{kept.megabytes:,.0f}"
        what = f"  {kept.period}: {kept.processor:.1f} s of the processor, {kept.peak:,.0f} MB of memory at the peak"
        print(_LINE.format(what, *times), flush=True)


def _hostile() -> None:
    """Print how long clicks of one session take while another uploads files that are made to harm."""
    found = hostile.measure()
    for what, times in found.clicks.items():
        low, high = (f"{1000 * value:,.0f} ms" for value in (statistics.median(times), max(times)))
        print(_LINE.format(f"clicks, {what} ({len(times)}): median, slowest", low, high, ""), flush=True)
        late = sum(seconds > hostile.PROMPT for seconds in times)
        print(_LINE.format(f"  of them over {hostile.PROMPT} s", late, "", ""), flush=True)
    for name, seconds in found.files.items():
        print(_LINE.format(f"  {name} refused after", f"{seconds:.1f} s", "", ""), flush=True)


def _blocked(_: argparse.Namespace) -> None:
    """Print how long everybody else on a server waits while files are made of many customers."""
    print(_LINE.format(f"made of {blocked.CUSTOMERS:,} customers", "loop blocked", "in all", ""))
    for what, longest, seconds in blocked.measure():
        print(_LINE.format(f"  {what}", f"{1000 * longest:,.0f} ms", f"{1000 * seconds:,.0f} ms", ""), flush=True)


def _soak(asked: argparse.Namespace) -> None:
    """Print what a server has left of many sessions that were opened, run and closed."""
    first = None
    for left in soak.soak(asked.sessions):
        first = first or left
        alive = ", ".join(f"{number} {name}" for name, number in left.alive.items())
        figures = f"{left.megabytes:,.0f} MB", f"{left.seconds:,.0f} s", f"{left.megabytes / first.megabytes:.3f}"
        print(_LINE.format(f"after {left.sessions:,} closed sessions: {alive}", *figures), flush=True)


def _load(asked: argparse.Namespace, *, anew: bool = False) -> None:
    """Print how long many people wait who press again and again."""
    found = load.measure(asked.people, asked.minutes, anew=anew)
    kind = "presses for new runs" if anew else "presses"
    pressed = f"{asked.people} people, a press every {load.SECONDS_BETWEEN:.0f} s: {len(found.waits):,} {kind}"
    print(_LINE.format(pressed, "s", "", ""))
    for what, share in (("median", 0.5), ("95 of 100", 0.95), ("99 of 100", 0.99), ("longest", 1)):
        print(_LINE.format(f"  from a press to its result: {what}", f"{load.quantile(found.waits, share):.2f}", "", ""))
    if found.meanwhile:
        worst = f"{load.quantile(found.meanwhile, 0.95):.2f}"
        print(_LINE.format(f"  95 of 100 of {len(found.meanwhile):,} presses while others still came", worst, "", ""))
    print(_LINE.format("  from the address to the page: longest", f"{max(found.openings):.2f}", "", ""))
    print(_LINE.format("  processors that the server keeps busy", f"{found.busy:.2f}", "", ""))
    middle, end = found.megabytes
    print(_LINE.format("  MB of the server: at the end (in the middle)", f"{end:,.0f}", f"{middle:,.0f}", ""))
    print(_LINE.format("  errors", len(found.errors), "", ""), *found.errors[:5], sep="\n")


def _load_anew(asked: argparse.Namespace) -> None:
    """Print the same where nobody presses for a run that was made before."""
    _load(asked, anew=True)


def _monkey(asked: argparse.Namespace) -> None:
    """Print what goes wrong where pages are used at random."""
    found = monkey.measure(asked.pages, asked.minutes, asked.seed)
    print(
        _LINE.format(f"{asked.pages} pages, {found.actions:,} actions at random: trouble", len(found.trouble), "", "")
    )
    print(*found.trouble, sep="\n")


def _row(what: str, ours: float, peer: float) -> None:
    print(_LINE.format(what, f"{ours:,.0f} ms", f"{peer:,.0f} ms", f"{ours / peer:.2f}"), flush=True)


_BENCHMARKS = {
    "engine": _engine,
    "families": _families,
    "growth": _growth,
    "run": _run,
    "advice": _advice,
    "planted": _planted,
    "audit": _audit,
    "stability": _stability,
    "evening": _evening,
    "second_opinion": _second_opinion,
    "drift": _drift,
    "reading": _reading,
    "purchases": _purchases,
    "selecting": _selecting,
    "crowd": _crowd,
    "large": _large,
    "lloyd_step": _lloyd_step,
    "scaling": _scaling,
    "page": _page,
    "memory": _memory,
    "mutated": _mutated,
    "hostile": _hostile,
}


# Only where they are named.
_LONG = {
    "blocked": _blocked,
    "ledger": _ledger,
    "soak": _soak,
    "load": _load,
    "load_anew": _load_anew,
    "monkey": _monkey,
}
_OPTIONS: dict[str, tuple[type, float]] = {
    "sessions": (int, 1000),
    "people": (int, load.PEOPLE),
    "pages": (int, monkey.PAGES),
    "minutes": (float, load.MINUTES),
    "seed": (int, monkey.SEED),
}


if __name__ == "__main__":
    main()
