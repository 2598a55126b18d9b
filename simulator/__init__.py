"""A strict local Telegram: the Bot API over HTTP, the people who chat, and a clock that can be moved."""
