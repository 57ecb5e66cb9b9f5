from benchmarks.discord_load import over_runs
from benchmarks.tables import SPEED


def test_runs_are_told_from_the_best_to_the_worst() -> None:
    names = [f"{step}_{what}_ms" for step in ("acknowledged", "answered") for what in ("p50", "p99", "worst")]
    runs = [{name: base + at for at, name in enumerate(["mb", "pause_ms", *names])} for base in (100.0, 300.0, 200.0)]
    figures = over_runs(runs)
    assert figures.keys() >= {name for name in SPEED.names if name.startswith("load_")}
    assert (figures["load_runs"], figures["load_mb"], figures["load_pause_ms"]) == (3, 300, 301)
    assert (figures["load_acknowledged_min_ms"], figures["load_acknowledged_max_ms"]) == (102, 302)
    assert (figures["load_p99_min_ms"], figures["load_p99_max_ms"]) == (106, 306)
    assert figures["load_acknowledged_worst_ms"] == 304
