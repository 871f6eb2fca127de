# What `cmake --install` puts where: the program, its example suites, what a desktop needs to show it and to open its files, and what the command
# line says of itself: man page and completions, printed by the program (app/cli/command_docs.h).
include(GNUInstallDirs)
set(data ${CMAKE_INSTALL_DATADIR})
install(TARGETS llm-compare RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${CMAKE_SOURCE_DIR}/assets/llm-compare.desktop DESTINATION ${data}/applications)
install(FILES ${CMAKE_SOURCE_DIR}/assets/llm-compare.metainfo.xml DESTINATION ${data}/metainfo)
install(FILES ${CMAKE_SOURCE_DIR}/assets/package/mime.xml RENAME llm-compare.xml DESTINATION ${data}/mime/packages)
install(FILES ${CMAKE_SOURCE_DIR}/assets/icons/llm-compare.svg DESTINATION ${data}/icons/hicolor/scalable/apps)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/assets/suites DESTINATION ${data}/llm-compare FILES_MATCHING PATTERN *.json PATTERN *.csv)
foreach(size 16 32 48 64 128 256)
  install(FILES ${CMAKE_SOURCE_DIR}/assets/icons/llm-compare-${size}.png RENAME llm-compare.png
          DESTINATION ${data}/icons/hicolor/${size}x${size}/apps)
endforeach()

if(NOT CMAKE_CROSSCOMPILING AND NOT LLMC_SANITIZE)  # else the program cannot be asked, or is not for users
  set(documents)
  foreach(kind man bash zsh fish)
    set(document ${CMAKE_BINARY_DIR}/documents/${kind})
    add_custom_command(OUTPUT ${document} COMMAND llm-compare document ${kind} > ${document} DEPENDS llm-compare VERBATIM)
    list(APPEND documents ${document})
  endforeach()
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/documents)
  add_custom_target(documents ALL DEPENDS ${documents})
  install(FILES ${CMAKE_BINARY_DIR}/documents/man RENAME llm-compare.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_BINARY_DIR}/documents/bash RENAME llm-compare DESTINATION ${data}/bash-completion/completions)
  install(FILES ${CMAKE_BINARY_DIR}/documents/zsh RENAME _llm-compare DESTINATION ${data}/zsh/vendor-completions)
  install(FILES ${CMAKE_BINARY_DIR}/documents/fish RENAME llm-compare.fish DESTINATION ${data}/fish/vendor_completions.d)
endif()
