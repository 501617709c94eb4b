def build(width=32):
    return {"kind": "mlp", "width": width}
