# Every source file is as clang-format leaves it.
include(${CMAKE_CURRENT_LIST_DIR}/SourceList.cmake)
source_list(files "h;cpp" "kernel;plugins;auth;transports;monitor;tests")
list(LENGTH files count)
execute_process(COMMAND ${CLANG_FORMAT} --dry-run --Werror ${files}
                WORKING_DIRECTORY ${ROOT} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "clang-format would change files; run: clang-format -i FILE")
endif()
message(STATUS "${count} files")
