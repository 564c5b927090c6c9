"""One engine in a process of its own, which does a run each time it is asked: `python -m benchmarks.worker PEER HOME`.

Requests are lines on stdin, answers JSON lines on stdout: `run` gives the seconds on the clock and of all cores,
`totals PATH` writes the last run's answer, `quit` gives the peak memory of the process, reading included.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import sys
import time
from pathlib import Path


def main() -> None:
    """Load, say so, and obey."""
    peer, home = sys.argv[1:]
    engine = importlib.import_module(f"benchmarks.peers.{peer}")
    data = engine.load(Path(home))
    answer(ready=True)
    result = None
    for line in sys.stdin:
        request, _, path = line.strip().partition(" ")
        if request == "run":
            result = None
            gc.collect()
            gc.freeze()
            wall, cpu = time.perf_counter(), time.process_time()
            result = engine.run(data)
            answer(wall=time.perf_counter() - wall, cpu=time.process_time() - cpu)
        elif request == "totals":
            engine.totals(result).write_parquet(path)
            answer(ready=True)
        else:
            answer(peak=peak())
            os._exit(0)  # there is nothing to tidy up, and DuckDB complains about its own leaks at a regular end


def peak() -> int:
    """The most memory this process had, in bytes; `ru_maxrss` begins with the parent's on Linux, VmHWM does not."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(each for each in status.read_text(encoding="utf-8").splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def answer(**found: object) -> None:
    """One line."""
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
