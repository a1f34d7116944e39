"""Enquiries: questions from companies and schools that a person in a function answers."""
