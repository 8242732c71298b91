jx_fuzz_target(wkt ROOMS base geo county io)
