# Install rules, the CMake package, the pkg-config file and CPack.
