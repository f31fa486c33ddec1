# gnatsd_sample(NAME SOURCES file... [LIBRARIES target...])
#
# Makes the sample plug-in NAME, as a part of gnatsd's own build or alone against an installed
# gnatsd. Where one of the targets is missing it is left out, with a line that says so.
function(gnatsd_sample name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
    foreach(library IN LISTS arg_LIBRARIES)
        if(NOT TARGET ${library})
            message(STATUS "plugins/${name} is not built: ${library} is missing")
            return()
        endif()
    endforeach()
    if(NOT TARGET gnatsd::sdk)
        find_package(gnatsd REQUIRED)
    endif()
    if(NOT TARGET gnatsd_plugin_common)
        add_subdirectory(../common common)
    endif()
    gnatsd_plugin(${name}
        SOURCES ${arg_SOURCES} LIBRARIES gnatsd_plugin_common ${arg_LIBRARIES})
endfunction()
