"""Claim files that must be refused, each with one sentence; its first line quotes a part of it."""
