"""A trained model corrected on a few labelled items of its user's own."""
