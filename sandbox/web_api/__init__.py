"""The Web API: one module a method family; `registry` gathers them, `endpoint` serves them."""
