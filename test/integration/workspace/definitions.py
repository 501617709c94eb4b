"""Every function and class of a tree, as Python's own ast finds them: one JSON object on stdout.

definitions.py ROOT: {"definitions": [[path, line, name], …], "unparsed": [path, …]}; names have their classes and functions before them.
"""
import ast
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
root = sys.argv[1]
found, unparsed = [], []


def walk(node, path, owner):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.append([path, child.lineno, owner + child.name])
            walk(child, path, owner + child.name + ".")
        else:
            walk(child, path, owner)


for folder, folders, names in os.walk(root):
    folders[:] = sorted(name for name in folders if name not in ("__pycache__", "site-packages", "dist-packages", "node_modules", "vendor", "third_party", "venv"))
    for name in sorted(names):
        if not name.endswith(".py"):
            continue
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                tree = ast.parse(file.read())
        except (SyntaxError, ValueError, RecursionError):
            unparsed.append(os.path.relpath(path, root))
            continue
        walk(tree, os.path.relpath(path, root), "")
print(json.dumps({"definitions": found, "unparsed": unparsed}))
