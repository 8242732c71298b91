jx_fuzz_target(orlib ROOMS base geo county io)
