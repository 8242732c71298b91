jx_fuzz_target(mip ROOMS services num base)
