"""How the product is put to work: on one machine (`deploy.local`) and on several."""
