import threading

from prefetch import prefetch

batches = []
worker = threading.Thread(target=prefetch, args=(batches, ["a.txt", "b.txt"]))
worker.start()
worker.join()
if len(batches) < 2:
    raise SystemExit("prefetch gave too few batches")
