-- Loaded at start-up: defines names, and loads nothing until one of them is used.
if vim.g.loaded_droid then
  return
end
vim.g.loaded_droid = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.api.nvim_create_user_command('Droid', function()
    vim.notify('Droid needs Neovim 0.11 or newer', vim.log.levels.ERROR)
  end, { nargs = '*', range = true, bang = true })
  return
end

vim.api.nvim_create_user_command('Droid', function(command)
  require('droid.command').run(command)
end, {
  nargs = '*',
  range = true,
  bang = true,
  desc = 'Droid: ask, review, approve; see :help :Droid',
  complete = function(lead, line, position)
    return require('droid.command').complete(lead, line, position)
  end,
})

-- Each is there to be mapped: vim.keymap.set('n', '<leader>da', '<Plug>(droid-approvals)')
for name, action in pairs({
  approvals = 'approvals',
  chat = 'chat',
  cancel = 'cancel',
  review = 'review-changes',
  sessions = 'sessions',
  undo = 'undo',
}) do
  vim.keymap.set('n', ('<Plug>(droid-%s)'):format(name), ('<Cmd>Droid %s<CR>'):format(action))
end
for _, verb in ipairs({ 'ask', 'explain', 'fix', 'refactor', 'document', 'test' }) do
  vim.keymap.set('n', ('<Plug>(droid-%s)'):format(verb), ('<Cmd>Droid %s<CR>'):format(verb))
  vim.keymap.set('x', ('<Plug>(droid-%s)'):format(verb), (':Droid %s<CR>'):format(verb), { silent = true })
end
