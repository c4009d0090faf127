"""What was heard and done, and what came of it: kept only if the user allows it, encrypted, for so long and no longer."""
