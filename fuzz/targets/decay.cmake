jx_fuzz_target(decay ROOMS services num base)
