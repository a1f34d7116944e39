-- The bot's own conversation tracker lives beside the product's database, and is never backed up.
CREATE DATABASE iv_bot OWNER iv;
