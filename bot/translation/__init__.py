"""Translates quotes into the language of the asker with a small model of one's own, and shows what code has checked.

Nothing of it is imported without TRANSLATOR.
"""
