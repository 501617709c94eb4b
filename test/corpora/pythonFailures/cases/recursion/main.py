from tree import Node, depth

root = Node("root")
root.children.append(Node("leaf"))
root.children[0].children.append(root)
print(depth(root))
