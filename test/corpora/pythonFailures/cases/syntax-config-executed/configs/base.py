lr = 0.01
epochs = 12

model = dict(
    kind="resnet",
    stages=(3, 4, 6, 3),
)

augment = dict(
    crop=224,
    flip=0.5,
    jitter=dict(brightness=0.4, contrast=0.4,

schedule = dict(kind="cosine", warmup=2)
