from model import WIDTH


def squared(error):
    return error * error / WIDTH
