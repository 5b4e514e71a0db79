"""The trade's own rules: pure, synchronous, standard library only."""
