"""Calls functions of the probes, each in processes of its own, so that nothing of one run is left for the next.

The modules named on the command line are imported once; a job is a line of JSON on stdin, its answer a line on stdout. A job
runs in forked children, one a rank, with the variables that torch's launcher would set; what they print goes to a log.
"""

import importlib
import json
import math
import os
import select
import signal
import socket
import sys
import tempfile
import time
import traceback

LOG_TAIL = 4000


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def plain(value):
    """What JSON has no word for, as text: NaN and the infinities."""
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def perform(job, rank, port):
    os.environ.update(
        RANK=str(rank),
        LOCAL_RANK=str(rank),
        WORLD_SIZE=str(job["processes"]),
        LOCAL_WORLD_SIZE=str(job["processes"]),
        MASTER_ADDR="127.0.0.1",
        MASTER_PORT=str(port),
    )
    module, name = job["call"].split(".")
    try:
        return {"value": getattr(sys.modules[module], name)(job["args"])}
    except BaseException as error:
        trace = traceback.format_exc()
        return {"error": {"type": type(error).__name__, "text": str(error)[:2000], "trace": trace[-LOG_TAIL:]}}


def child(job, rank, port, answer, log):
    os.setpgid(0, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    result = json.dumps(plain(perform(job, rank, port)), allow_nan=False).encode()
    sys.stdout.flush()
    sys.stderr.flush()
    while result:
        result = result[os.write(answer, result) :]
    os._exit(0)


def end(pids):
    for pid in pids:
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    for pid in pids:
        os.waitpid(pid, 0)


def run(job):
    port = free_port()
    texts, pipes, pids, logs = {}, {}, [], []
    for rank in range(job["processes"]):
        reader, writer = os.pipe()
        log = tempfile.TemporaryFile()
        pid = os.fork()
        if pid == 0:
            child(job, rank, port, writer, log.fileno())
        os.close(writer)
        pids.append(pid)
        logs.append(log)
        pipes[reader] = rank
        texts[rank] = b""
    deadline = time.monotonic() + job["seconds"]
    while pipes:
        ready, _, _ = select.select(list(pipes), [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            break
        for reader in ready:
            piece = os.read(reader, 1 << 20)
            if piece:
                texts[pipes[reader]] += piece
                continue
            rank = pipes.pop(reader)
            os.close(reader)
            if b'"error"' in texts[rank][:10] or not texts[rank]:
                # The other ranks would wait for this one for ever.
                deadline = min(deadline, time.monotonic() + 5)
    late = set(pipes.values())
    for reader in pipes:
        os.close(reader)
    end(pids)
    answers = []
    for rank, log in enumerate(logs):
        log.seek(0)
        printed = log.read()[-LOG_TAIL:].decode(errors="replace")
        if texts[rank]:
            answers.append({**json.loads(texts[rank]), "log": printed})
        else:
            kind = "Timeout" if rank in late else "Died"
            error = {"type": kind, "text": f"no answer in {job['seconds']} s", "trace": ""}
            answers.append({"error": error, "log": printed})
        log.close()
    return answers


def main():
    out = os.dup(1)
    os.dup2(2, 1)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    os.write(out, b'{"ready": true}\n')
    for line in sys.stdin:
        job = json.loads(line)
        text = json.dumps({"id": job["id"], "ranks": run(job)}).encode() + b"\n"
        while text:
            text = text[os.write(out, text) :]


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    main()
