# The PBF reader's sources; src/io/CMakeLists.txt includes this.
set(JX_IO_PBF_SOURCES
  pbf.c)
