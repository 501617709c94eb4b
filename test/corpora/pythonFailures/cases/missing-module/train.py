from model import fit

print("fit:", fit([1.0, 2.0, 3.0]))
