"""Networks in the trade: what staff keep and what people read."""
