jx_fuzz_target(pbf ROOMS osm base)
