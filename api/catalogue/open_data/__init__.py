"""The catalogue for other programs: read API, EMIL3, files, DCAT, sitemap. Only what is published."""
