"""What a side of a comparison written in Python answers; Compare/Side.cs says what it is asked."""

import sys
import time


def answer(description, iteration):
    """Says that the side is ready and what it is, then times iterations, and tells its peak memory, until the input ends."""
    print("ready", description, flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            with open("/proc/self/status") as status:
                print(next(int(row.split()[1]) / 1024 for row in status if row.startswith("VmHWM:")), flush=True)
            continue
        times = []
        for _ in range(int(line.split()[1])):
            start = time.perf_counter_ns()
            iteration()
            times.append(time.perf_counter_ns() - start)
        print(" ".join("%.6g" % (t / 1e6) for t in times), flush=True)
