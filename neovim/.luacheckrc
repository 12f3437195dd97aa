std = "luajit"
read_globals = { "vim" }
globals = { "vim.b", "vim.bo", "vim.g", "vim.o", "vim.opt", "vim.v", "vim.wo", "vim.env" }
max_line_length = 160
exclude_files = { "**/protocol.lua" }
files["**/tests/person.lua"] = { globals = { "vim.notify", "vim.ui" } }
