# CPack: `cmake --build --preset release --target package` or `cpack --preset release` makes the
# .deb.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libpawl-dev)
set(CPACK_PACKAGE_CONTACT "pawl maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_RESOURCE_FILE_LICENSE "${PROJECT_SOURCE_DIR}/LICENSE")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES OFF)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${CPACK_PACKAGE_CONTACT}")
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)  # what the pawl tool and libpawl_program.so link
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libexpected-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "libboost-context1.81-dev, libcli11-dev, libfmt-dev, libzydis-dev, nlohmann-json3-dev")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "g++, gdb")  # for pawl check

include(CPack)
