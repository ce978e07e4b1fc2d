"""What the person at the keyboard can mend, in one sentence."""


class Fault(Exception):
    pass
