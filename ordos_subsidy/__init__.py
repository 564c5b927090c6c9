"""The calculator of a subsidy policy, as a library: see the README."""
