import model

print(model.build())
