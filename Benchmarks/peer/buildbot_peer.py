#!/usr/bin/env python3
"""Measures Buildbot on this machine: queue-to-process latency, a burst of trivial builds, memory.

usage: buildbot_peer.py FOLDER [--runs N] [--burst N]
Prints one JSON object. Everything it makes is inside FOLDER; master and workers are stopped at the end.
"""
import argparse
import json
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

CONFIG = """
from buildbot.plugins import schedulers, steps, util, worker
c = BuildmasterConfig = {}
c['workers'] = [worker.LocalWorker('w%d' % n, max_builds=4) for n in range(2)]
c['protocols'] = {'null': {}}
factory = util.BuildFactory([steps.ShellCommand(command=['sh', '-c', 'date +%s.%N >> STAMPS'], logEnviron=False)])
c['builders'] = [util.BuilderConfig(name='b', workernames=['w0', 'w1'], factory=factory, collapseRequests=False)]
c['schedulers'] = [schedulers.ForceScheduler(name='force', builderNames=['b'])]
c['www'] = dict(port='tcp:PORT:interface=127.0.0.1', plugins={})
c['title'] = 'peer'
c['titleURL'] = 'http://127.0.0.1:PORT/'
c['buildbotURL'] = 'http://127.0.0.1:PORT/'
c['db'] = dict(db_url='sqlite:///state.sqlite')
c['buildbotNetUsageData'] = None
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Peer:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self.stamps = self.folder / "stamps.txt"
        self.stamps.write_text("")
        self.port = free_port()
        self.program = pathlib.Path(sys.executable).parent / "buildbot"

    def start(self):
        master = self.folder / "master"
        environment = dict(os.environ, PATH=f"{self.program.parent}:{os.environ['PATH']}")
        run = lambda *words: subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env=environment)
        run(str(self.program), "create-master", str(master))
        text = CONFIG.replace("STAMPS", str(self.stamps)).replace("PORT", str(self.port))
        (master / "master.cfg").write_text(text)
        self.process = subprocess.Popen(
            [str(self.program), "start", "--nodaemon", str(master)],
            stdout=(self.folder / "master.log").open("wb"), stderr=subprocess.STDOUT, env=environment,
        )
        deadline = time.monotonic() + 60
        while True:
            try:
                workers = self.get("/api/v2/workers")["workers"]
                if len(workers) == 2 and all(w["connected_to"] for w in workers):
                    return
            except OSError:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit(f"Buildbot did not start; see {self.folder}/master.log")
            time.sleep(0.2)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.load(answer)

    def force(self):
        body = json.dumps({"jsonrpc": "2.0", "method": "force", "id": 1, "params": {"builderid": 1}}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2/forceschedulers/force", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            answer.read()

    def count(self):
        return self.stamps.read_text().count("\n")

    def wait_for(self, count, limit):
        """Waits for so many builds; False when the last ones do not come."""
        deadline = time.monotonic() + limit
        while self.count() < count:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.002)
        return True

    def memory(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            line = next(line for line in status if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--burst", type=int, default=60)
    options = parser.parse_args()
    # Whoever started this may have blocked signals; Buildbot learns of the end of its processes by one.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    peer = Peer(options.folder)
    peer.start()
    try:
        idle = peer.memory()
        peer.force()
        peer.wait_for(1, 60)
        latencies, stalled = [], 0
        for _ in range(options.runs):
            before = peer.count()
            start = time.time()
            peer.force()
            if peer.wait_for(before + 1, 5):
                latencies.append(float(peer.stamps.read_text().split()[-1]) - start)
            else:
                # Now and then it leaves a request lying until the next one comes; such a wait is not counted against it.
                stalled += 1
            time.sleep(0.3)
        before = peer.count()
        start = time.time()
        for _ in range(options.burst):
            peer.force()
        while peer.wait_for(peer.count() + 1, 5) and peer.count() < before + options.burst:
            pass
        stamps = [float(line) for line in peer.stamps.read_text().split()]
        rate = (len(stamps) - before) / (stamps[-1] - start)
    finally:
        peer.stop()
    print(json.dumps({
        "program": "buildbot", "latencyMedianMs": round(statistics.median(latencies) * 1000, 1),
        "burstJobsPerSecond": round(rate, 2), "idleMegabytes": round(idle, 1), "stalled": stalled,
    }))


if __name__ == "__main__":
    main()
