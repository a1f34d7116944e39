"""Arbetsförmedlingen's forecasts for occupations: Yrkesbarometern, imported from its file and quoted."""
