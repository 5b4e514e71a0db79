"""The operator's desk: one dialogue a file, each of whose steps asks for the deed first."""
