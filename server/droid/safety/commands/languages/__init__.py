"""What visible code in other languages would do, one module for each language."""
