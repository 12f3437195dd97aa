-- Read by every test with `nvim --clean -u NONE -l`: what a person's init.lua has, and the path of the tests.
local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))
vim.opt.runtimepath:prepend(vim.fs.dirname(here))
package.path = here .. '/?.lua;' .. package.path
vim.o.swapfile = false
vim.o.shadafile = 'NONE'
vim.cmd('filetype plugin on | runtime plugin/droid.lua')
vim.lsp.enable('droid')
return require('person')
