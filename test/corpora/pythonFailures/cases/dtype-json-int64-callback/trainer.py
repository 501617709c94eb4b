class Trainer:
    def __init__(self, step, evaluate, callbacks):
        self.step, self.evaluate, self.callbacks = step, evaluate, callbacks

    def emit(self, event, *args):
        for callback in self.callbacks:
            getattr(callback, event, lambda *_: None)(*args)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.emit("on_epoch_start", epoch)
            self.step(epoch)
            self.emit("on_epoch_end", epoch, self.evaluate())
