def build(width=32):
    return {"kind": "gated", "width": 2 * width}
