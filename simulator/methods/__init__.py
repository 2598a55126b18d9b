"""The methods of the Bot API, by topic; `catalogue` has them all."""
