"""What torch.compile needs to find on this machine, and what it found."""

import ctypes
import ctypes.util
import os

import torch


def find_vectors():
    """
    Lets torch.compile write vector code, and returns the name of the instruction set that it picked.

    Debian's build of PyTorch 2.6 may not recognise x86 processors, and code that it generates is not linked with the library of
    vector functions; either makes torch.compile fall back on scalar code without a word. A build that picks an instruction set
    by itself is left alone.
    """
    from torch._inductor import cpu_vec_isa

    if not cpu_vec_isa.pick_vec_isa():
        sleef = ctypes.util.find_library("sleef")
        if sleef is not None:
            ctypes.CDLL(sleef, mode=ctypes.RTLD_GLOBAL)  # for this process
            os.environ["LD_PRELOAD"] = " ".join(filter(None, [os.environ.get("LD_PRELOAD"), sleef]))  # for those that try an instruction set
        if not cpu_vec_isa.x86_isa_checker():
            cpu_vec_isa.x86_isa_checker = _instruction_sets
        cpu_vec_isa.valid_vec_isa_list.cache_clear()
        cpu_vec_isa.VecISA._VecISA__bool__impl.cache_clear()  # what was tried without the library
    return str(cpu_vec_isa.pick_vec_isa())


def _instruction_sets():
    with open("/proc/cpuinfo") as file:
        flags = set(next((line for line in file if line.startswith("flags")), "").split())
    avx2 = ["avx2"] if {"avx2", "fma"} <= flags else []
    avx512 = ["avx512"] if {"avx512f", "avx512dq", "avx512vl", "avx512bw"} <= flags else []
    return avx2 + avx512
