"""`python -m bot` is `regulars`."""

from bot.cli import main

main()
