jx_fuzz_target(gpkg ROOMS base geo county io)
