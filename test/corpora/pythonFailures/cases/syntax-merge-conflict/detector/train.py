from .heads import outputs

print("outputs", outputs([32, 64, 128]))
