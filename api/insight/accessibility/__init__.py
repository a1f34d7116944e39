"""The accessibility statement (tillgänglighetsredogörelse) and what people tell us about it."""
