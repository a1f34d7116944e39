"""What those who run the service see of it: figures for Prometheus, without anything a person wrote."""
