jx_fuzz_target(mo ROOMS base)
