jx_fuzz_target(val ROOMS base)
