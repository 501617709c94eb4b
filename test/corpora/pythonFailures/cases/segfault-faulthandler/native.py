import ctypes


def total(count):
    values = ctypes.cast(8, ctypes.POINTER(ctypes.c_double))
    return sum(values[index] for index in range(count))
