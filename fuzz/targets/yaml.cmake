jx_fuzz_target(yaml ROOMS base geo county io)
