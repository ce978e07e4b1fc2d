"""Found by Python at its start: the process kills itself in the middle of the save that KILL_IN_SAVE counts to."""

import os
import signal
import sys

if "wellbegun_train" in " ".join(sys.orig_argv):
    import torch

    save, saves = torch.save, [0]

    def save_half(value, path, *rest, **named):
        save(value, path, *rest, **named)
        if str(path).endswith("optimizer.pt"):
            saves[0] += 1
            if saves[0] == int(os.environ["KILL_IN_SAVE"]):
                os.truncate(path, os.path.getsize(path) // 2)
                os.kill(os.getpid(), signal.SIGKILL)

    torch.save = save_half
