import sys
import time

from metrics import accuracy

for step in range(1, 41):
    sys.stderr.write(f"\r\x1b[32m{step * 100 // 40:3d}%\x1b[0m|{'#' * (step // 4):10s}| {step}/40 loss={1 / step:.3f}")
    sys.stderr.flush()
    time.sleep(0.005)
sys.stderr.write("  \x1b[1;31mevaluating\x1b[0m ")
print("accuracy:", accuracy([1, 0, 1], [1, 0, 1, 1]))
