from concurrent.futures import ThreadPoolExecutor, as_completed

from shards import gradient


def train(epochs=3, beta=0.9):
    weight = velocity = 0.0
    with ThreadPoolExecutor(max_workers=12) as pool:
        for _ in range(epochs):
            futures = [pool.submit(gradient, index) for index in range(12)]
            for future in as_completed(futures):
                velocity = beta * velocity + future.result()
                weight -= 0.01 * velocity
    return weight
