# FreeType 2.12 or newer. Glyphs for Dear ImGui. Debian: libfreetype-dev. Licence: FTL (BSD-like).
find_package(Freetype 2.12 REQUIRED)
