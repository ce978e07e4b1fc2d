"""Stands in for SGLang's CPU kernels, which are on no package index and want AMX.

SGLang imports them by name on every CPU, and, without AMX, computes in plain PyTorch (--attention-backend torch_native).
So it gets the names, and an error that says which one it called after all. What is tested is SGLang's own: its HTTP server,
scheduler, radix cache, sampler and logprobs.
"""


def __getattr__(name: str):
    if name.startswith("__"):
        raise AttributeError(name)

    def missing(*_, **__):
        raise NotImplementedError(f"sgl_kernel.{name} has no stand-in")

    return missing
