"""Measurements behind every constant and every figure; run by hand, never by the tests."""
