"""Mail that is written in the transaction of its cause and sent afterwards by the worker."""
