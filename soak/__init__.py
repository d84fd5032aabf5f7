"""Long trials by seed: processes killed at any moment (`crash`), files mutated at random (`fuzz`). See `make soak`."""
