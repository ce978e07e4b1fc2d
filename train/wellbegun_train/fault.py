class Fault(Exception):
    """What the person at the keyboard can mend, in one sentence."""
