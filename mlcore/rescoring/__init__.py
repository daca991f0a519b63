"""n-best rescoring: where the template reader is not sure, the model says how likely it holds each of the candidates."""
