jx_fuzz_target(number ROOMS base)
