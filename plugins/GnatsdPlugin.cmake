# gnatsd_plugin(NAME SOURCES file... [LIBRARIES target...] [EXTERNAL])
#
# Makes the plug-in NAME, as target NAME, from sources that use GNATSD_PLUGIN once.
#
# With the installed package (find_package(gnatsd)), or with EXTERNAL, it is a module
# `libNAME.so` in the current binary folder, ready for `gnatsd --plugin NAME --plugin_dir FOLDER`.
# In gnatsd's own tree it is part of the product: with GNATSD_PLUGINS=modules a module in
# lib/gnatsd/plugins, which is installed; with GNATSD_PLUGINS=builtin a static library that is
# linked into the program. Own folders must be added before plugins/host.

function(gnatsd_plugin name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "EXTERNAL" "" "SOURCES;LIBRARIES")
    if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "gnatsd_plugin(NAME SOURCES file... [LIBRARIES target...] [EXTERNAL])")
    endif()
    if(TARGET gnatsd::sdk)
        get_target_property(from_package gnatsd::sdk IMPORTED)
        if(from_package)
            set(arg_EXTERNAL TRUE)
        endif()
    endif()

    if(NOT arg_EXTERNAL AND TARGET gnatsd_host)
        message(FATAL_ERROR "gnatsd_plugin(${name}): its folder comes after plugins/host")
    endif()
    if(GNATSD_PLUGINS STREQUAL "builtin" AND NOT arg_EXTERNAL)
        string(MAKE_C_IDENTIFIER "${name}" symbol)
        add_library(${name} STATIC ${arg_SOURCES})
        target_compile_definitions(${name} PRIVATE GNATSD_BUILTIN_PLUGIN=${symbol})
        set_property(GLOBAL APPEND PROPERTY GNATSD_BUILTIN_PLUGINS ${name})
    else()
        _gnatsd_plugin_module(${name} ${arg_EXTERNAL} ${arg_SOURCES})
    endif()
    target_compile_features(${name} PRIVATE cxx_std_20)
    target_link_libraries(${name} PRIVATE gnatsd::sdk ${arg_LIBRARIES})

    # Two plug-ins may have classes of the same name: nothing but the two C functions is visible.
    set_target_properties(${name} PROPERTIES
        CXX_VISIBILITY_PRESET hidden
        VISIBILITY_INLINES_HIDDEN ON
        POSITION_INDEPENDENT_CODE ON)
endfunction()

function(_gnatsd_plugin_module name external)
    add_library(${name} MODULE ${ARGN})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${name} DEBUG_POSTFIX "")
    if(WIN32)
        set_target_properties(${name} PROPERTIES PREFIX "")
    elseif(APPLE)
        set_target_properties(${name} PROPERTIES PREFIX lib SUFFIX .dylib)
    else()
        set_target_properties(${name} PROPERTIES PREFIX lib SUFFIX .so)
        # What is missing shall be missed by the linker; sanitizers leave their symbols to the
        # program.
        if(NOT GNATSD_SANITIZE AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
            target_link_options(${name} PRIVATE LINKER:--no-undefined)
        endif()
    endif()
    if(external)
        set_target_properties(${name} PROPERTIES
            LIBRARY_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    else()
        set_target_properties(${name} PROPERTIES
            LIBRARY_OUTPUT_DIRECTORY ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/plugins)
        gnatsd_runs_in_place(${name} ..)
        set_property(GLOBAL APPEND PROPERTY GNATSD_MODULE_PLUGINS ${name})
        install(TARGETS ${name} LIBRARY DESTINATION lib/gnatsd/plugins)
    endif()
endfunction()
