"""Servers for the end-to-end tests: real ones, and hostile ones.

Each is a context manager on a free loopback port, and is stopped by its
process id (or with its thread) when the block ends, also on failure.
"""
