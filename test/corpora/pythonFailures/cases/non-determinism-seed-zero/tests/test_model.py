import unittest

from model import Model


class ModelTest(unittest.TestCase):
    def test_seeds_differ(self):
        self.assertNotEqual(Model(4, seed=1).weights, Model(4, seed=2).weights)

    def test_same_seed_same_prediction(self):
        for seed in (2, 1, 0):
            first = Model(4, seed=seed).predict([1, 2, 3, 4])
            again = Model(4, seed=seed).predict([1, 2, 3, 4])
            self.assertEqual(first, again, f"seed {seed} gives different models")


if __name__ == "__main__":
    unittest.main()
