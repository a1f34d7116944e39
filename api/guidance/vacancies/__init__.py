"""Vacant jobs, as Arbetsförmedlingen's open JobSearch service has them."""
