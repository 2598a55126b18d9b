"""What the bot takes, measured beside its peers and its limits in one run: `./dev bench`."""
