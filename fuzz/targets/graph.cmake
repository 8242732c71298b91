jx_fuzz_target(graph ROOMS network osm geo num base)
