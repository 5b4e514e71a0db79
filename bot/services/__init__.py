"""Use cases: one verb-named file each, over a unit of work. They know the domain and the ports."""
