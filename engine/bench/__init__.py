"""How fast Attune is, measured beside the usual way of doing the same work."""
