import faulthandler

from native import total

faulthandler.enable()
print("sum", flush=True)
print(total(1024))
