--- `:checkhealth droid`.

local M = {}

local health = vim.health

local function check_neovim()
  health.start('Neovim')
  if vim.fn.has('nvim-0.11') == 1 then
    health.ok('Neovim ' .. tostring(vim.version()))
  else
    health.error('Droid needs Neovim 0.11 or newer')
  end
  if pcall(vim.treesitter.language.inspect, 'markdown') then
    health.ok('the tree-sitter parser for Markdown is there')
  else
    health.info('there is no tree-sitter parser for Markdown: conversations are coloured by the syntax file')
  end
  if vim.lsp.is_enabled and vim.lsp.is_enabled('droid') then
    health.ok("vim.lsp.enable('droid') was called")
  else
    health.warn("files are not attached: vim.lsp.enable('droid') was not called", {
      "Put vim.lsp.enable('droid') into init.lua: without it there are no code actions and no diagnostics, "
        .. 'and the agent does not see unsaved buffers.',
    })
  end
  local problems = require('droid.config').problems(require('droid.config').get())
  for _, problem in ipairs(problems) do
    health.error(problem, { 'See :help droid-options' })
  end
end

---@return string? root
local function check_server()
  health.start('Server')
  local client = require('droid.client')
  local root = client.root() or vim.fn.getcwd()
  local server = require('droid.server')
  local found = server.find(root)
  if not found then
    health.error(server.missing(root), { 'See :help droid-server' })
    return nil
  end
  local done =
    vim.system(vim.list_extend(vim.list_extend({}, { found.cmd[1] }), { '--version' }), { text = true }):wait(10000)
  if done.code == 0 then
    health.ok(('%s, from %s: %s'):format(vim.trim(done.stdout), found.from, found.cmd[1]))
  else
    health.error(
      ('%s does not start: %s'):format(found.cmd[1], vim.trim(done.stderr or '')),
      { 'Run it in a terminal.' }
    )
  end
  local own, allowed = server.of_workspace(root)
  if own and allowed ~= 'yes' and own ~= found.cmd[1] then
    health.info(
      ('the workspace has %s, which is not used (%s)'):format(
        own,
        allowed == 'no' and 'you said so' or 'nobody allowed it yet; :Droid restart asks'
      )
    )
  end
  return root
end

local function check_connection()
  health.start('Connection')
  local clients = require('droid.client').all()
  if #clients == 0 then
    health.info('no server is running; it starts with the first file, or with :Droid')
    return
  end
  for _, client in ipairs(clients) do
    local answer = vim.tbl_get(client.server_capabilities or {}, 'experimental', 'droid')
    if not answer then
      health.error(('client %d did not say what it can do'):format(client.id), { 'Is cmd really droid-lsp?' })
    else
      health.ok(
        ('client %d, %s, in %s'):format(
          client.id,
          vim.tbl_get(answer, 'server', 'version') or '?',
          client.root_dir or 'no folder'
        )
      )
      for name, wanted in pairs(require('droid.client').declaration()) do
        if name ~= 'editor' and name ~= 'api' and answer[name] ~= wanted then
          health.warn(('%s is %s, not %s'):format(name, tostring(answer[name]), tostring(wanted)), {
            'The server is older than the plugin, or vim.lsp.config changed the capabilities.',
          })
        end
      end
    end
  end
  local doctor = require('droid.client').execute_sync('droid.doctor', {}, 10000)
  if doctor then
    (doctor.ok and health.ok or health.warn)(
      'droid-lsp doctor: ' .. (doctor.ok and 'nothing fails' or 'something fails')
    )
    health.info(doctor.text)
  end
end

function M.check()
  check_neovim()
  if check_server() then
    check_connection()
  end
end

return M
