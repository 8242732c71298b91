jx_fuzz_target(snapshot ROOMS base num geo osm network)
