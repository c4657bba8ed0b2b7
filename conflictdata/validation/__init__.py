"""Deciding: cells, rules, waivers; a subject in, a report out."""
