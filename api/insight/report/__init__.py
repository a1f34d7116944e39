"""The yearly report on reach and equal treatment."""
