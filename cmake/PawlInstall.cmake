# Install rules, the CMake package, pkg-config and the .deb.
#
# Three export sets, because they need different things of the consumer's machine: the library alone
# (pawl::pawl), the checker (pawl::checked), which brings Boost.Context and others, and what checks
# programs as they are (pawl::program), which is a shared library and needs nothing to link.
# Directories that make helper libraries for pawl::checked name them in the global property
# PAWL_CHECKED_TARGETS, so that they travel with it.
include(CMakePackageConfigHelpers)

set(PAWL_CMAKE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/pawl")

install(TARGETS pawl EXPORT pawlTargets INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT pawlTargets NAMESPACE pawl:: DESTINATION "${PAWL_CMAKE_DIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/lib/include/pawl"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")

if(TARGET pawl_checked)
  set_target_properties(pawl_checked PROPERTIES EXPORT_NAME checked)
  get_property(helpers GLOBAL PROPERTY PAWL_CHECKED_TARGETS)
  install(TARGETS pawl_checked ${helpers} EXPORT pawlCheckedTargets
    INCLUDES DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT pawlCheckedTargets NAMESPACE pawl:: DESTINATION "${PAWL_CMAKE_DIR}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/checker/include/pawl"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
endif()
if(TARGET pawl_program)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/checker/include/pawl/instrumented"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/pawl")
  install(TARGETS pawl_program EXPORT pawlProgramTargets)
  install(EXPORT pawlProgramTargets NAMESPACE pawl:: DESTINATION "${PAWL_CMAKE_DIR}")
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/checker/include/pawl"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
endif()
if(TARGET pawl_tool)
  install(TARGETS pawl_tool)
  install(PROGRAMS "$<TARGET_FILE_DIR:pawl_tool>/pawl-cc" "$<TARGET_FILE_DIR:pawl_tool>/pawl-c++"
    DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/pawlConfig.cmake.in" "${PROJECT_BINARY_DIR}/pawlConfig.cmake"
  INSTALL_DESTINATION "${PAWL_CMAKE_DIR}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/pawlConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/pawlConfig.cmake"
  "${PROJECT_BINARY_DIR}/pawlConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/PawlDiscoverTests.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/PawlInstrument.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/PawlListTests.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/PawlModels.cmake"
  DESTINATION "${PAWL_CMAKE_DIR}")

# The prefix in pawl.pc is relative to the file itself, so the tree can be moved after installation.
set(PAWL_PC_DEFINITIONS "")
if(PAWL_DEBUG)
  set(PAWL_PC_DEFINITIONS " -DPAWL_DEBUG")
endif()
file(RELATIVE_PATH PAWL_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" PAWL_PC_PREFIX "${PAWL_PC_PREFIX}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/pawl.pc.in" "${PROJECT_BINARY_DIR}/pawl.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/pawl.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/README.md"
  DESTINATION "${CMAKE_INSTALL_DOCDIR}")

if(PROJECT_IS_TOP_LEVEL)
  include("${PROJECT_SOURCE_DIR}/cmake/PawlPackage.cmake")
endif()
