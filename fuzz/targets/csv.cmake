jx_fuzz_target(csv ROOMS base geo county io)
