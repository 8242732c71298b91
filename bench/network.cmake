# junxian-bench is built with the product, so that anybody can check the figures; bench/CMakeLists.txt holds the rest.
add_executable(junxian-bench bench/junxian_bench.c bench/dimacs.c bench/export.c bench/extract.c bench/growth.c
  bench/many.c
  bench/reference.c)
target_link_libraries(junxian-bench PRIVATE jx_run jx_io jx_network jx_base PkgConfig::DEFLATE m Threads::Threads)
