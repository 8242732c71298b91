# A thin front for CMake presets and tools/install-deps; nothing else lives here.
.PHONY: all demo test bench clean

all:
	tools/install-deps build
	cmake --preset release
	cmake --build --preset release

demo: all
	tools/demo

test:
	tools/install-deps test
	cmake --preset test
	cmake --build --preset test
	ctest --preset test

bench:
	tools/install-deps bench
	cmake --preset bench
	cmake --build --preset bench
	bench/run

clean:
	rm -rf build
