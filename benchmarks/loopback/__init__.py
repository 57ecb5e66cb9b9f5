"""A Discord on 127.0.0.1, for tests and benchmarks that run the bot in a process of its own."""
