-- A person's Neovim with the lines of the manual and no other: is the plugin there, and loaded only when used?
vim.schedule(function()
  local number = 0
  local function check(name, ok)
    number = number + 1
    io.stdout:write(('%s %d - %s\n'):format(ok and 'ok' or 'not ok', number, name))
  end
  check('the command is defined', vim.fn.exists(':Droid') == 2)
  check('the configuration is found', type(vim.lsp.config.droid.cmd) == 'function')
  check('it is enabled', vim.lsp.is_enabled('droid'))
  check(
    'the interface is not loaded',
    package.loaded['droid.ui.chat'] == nil and package.loaded['droid.command'] == nil
  )
  check('the status line is empty', require('droid').statusline() == '')
  vim.cmd('qall!')
end)
