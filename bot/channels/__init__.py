"""What channels of Discord say, kept to answer from: the messages that a server chose, and their layer."""
