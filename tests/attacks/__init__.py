"""Files that take a machine, or lie about what they hold: each through calc, batch and check, with time and memory."""
