"""Measure the bot on questions whose answers are known, and calibrate its confidence on them."""
