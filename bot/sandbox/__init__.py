"""The outside world on loopback: a Telegram, a carrier, and the page to look at them."""
