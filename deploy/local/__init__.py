"""The launcher behind `make run` and `make test`: environments, language model, database and the four processes.

Plain standard library, because it runs on the system's Python before any environment exists.
"""
