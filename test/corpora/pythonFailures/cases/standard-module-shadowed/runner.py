def run_all(function, trials, workers):
    if workers == 1:
        return [function(trial) for trial in trials]
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(function, trials))
