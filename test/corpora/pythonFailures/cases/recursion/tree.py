class Node:
    def __init__(self, name):
        self.name = name
        self.children = []


def depth(node):
    return 1 + max((depth(child) for child in node.children), default=0)
