"""What can be measured of the window and of the commands; the rest is in `engine.bench`."""
