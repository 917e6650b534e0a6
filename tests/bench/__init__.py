"""The benchmarks: figures beside their goals, and every ratio from one run on one machine."""
