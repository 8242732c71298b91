# The house rules of the build, in one place: flags, rooms, tests, embedded files.

add_library(jx_flags INTERFACE)
target_compile_definitions(jx_flags INTERFACE _POSIX_C_SOURCE=200809L JX_VERSION="${PROJECT_VERSION}")
target_include_directories(jx_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
# -ffp-contract=off: the same bits on every machine. No fast-math, ever.
target_compile_options(jx_flags INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings
  -Wpointer-arith -Wformat=2 -fno-common -ffp-contract=off)
if(JX_SANITIZE)
  target_compile_options(jx_flags INTERFACE -fsanitize=${JX_SANITIZE} -fno-omit-frame-pointer)
  if(JX_SANITIZE MATCHES undefined)
    target_compile_options(jx_flags INTERFACE -fno-sanitize-recover=all)
  endif()
  target_link_options(jx_flags INTERFACE -fsanitize=${JX_SANITIZE})
else()
  target_compile_options(jx_flags INTERFACE $<$<CONFIG:Release>:-fstack-protector-strong>)
  target_compile_definitions(jx_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>)
  target_link_options(jx_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
if(JX_FUZZ)
  target_compile_options(jx_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# jx_room(NAME FLOOR n ROOMS lower rooms.. LIBS foreign libraries.. SOURCES files..): one folder, one static library.
function(jx_room name)
  cmake_parse_arguments(R "" "FLOOR" "ROOMS;LIBS;SOURCES" ${ARGN})
  set_property(GLOBAL PROPERTY jx_floor_${name} ${R_FLOOR})
  foreach(dep ${R_ROOMS})
    get_property(f GLOBAL PROPERTY jx_floor_${dep})
    if(NOT f LESS R_FLOOR)
      message(FATAL_ERROR "room ${name} (floor ${R_FLOOR}) may not stand on ${dep} (floor ${f})")
    endif()
  endforeach()
  list(TRANSFORM R_ROOMS PREPEND jx_)
  if(R_SOURCES)
    add_library(jx_${name} STATIC ${R_SOURCES})
    target_link_libraries(jx_${name} PUBLIC jx_flags ${R_ROOMS} PRIVATE ${R_LIBS})
  else()
    add_library(jx_${name} INTERFACE)
    target_link_libraries(jx_${name} INTERFACE jx_flags ${R_ROOMS} ${R_LIBS})
  endif()
endfunction()

# jx_embed(TARGET SYMBOL FILE): the bytes of FILE as `const unsigned char SYMBOL[]`, `SYMBOL_end[]`, NUL-terminated.
function(jx_embed target symbol file)
  set(asm ${CMAKE_CURRENT_BINARY_DIR}/embed_${symbol}.S)
  file(CONFIGURE OUTPUT ${asm} CONTENT
"    .section .rodata
    .global @symbol@
    .global @symbol@_end
    .balign 16
@symbol@:
    .incbin \"@file@\"
@symbol@_end:
    .byte 0
    .section .note.GNU-stack,\"\",%progbits
" @ONLY)
  set_source_files_properties(${asm} PROPERTIES OBJECT_DEPENDS ${file})
  target_sources(${target} PRIVATE ${asm})
endfunction()

# jx_test(NAME ROOMS rooms.. [LABELS labels..] SOURCES files..): a cmocka program; links only the rooms it names.
function(jx_test name)
  cmake_parse_arguments(T "" "" "ROOMS;LABELS;SOURCES;LIBS" ${ARGN})
  list(TRANSFORM T_ROOMS PREPEND jx_)
  add_executable(${name} ${T_SOURCES})
  target_link_libraries(${name} PRIVATE ${T_ROOMS} ${T_LIBS} cmocka m Threads::Threads)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name} PRIVATE JX_SOURCE_DIR="${CMAKE_SOURCE_DIR}" JX_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  if(NOT T_LABELS)
    set(T_LABELS fast)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS "${T_LABELS}" TIMEOUT 300)
endfunction()
