--- Autocommand events for people's own configuration: `User Droid…`, with `data` (see `:help droid-events`).

local M = {}

---@param name string one of those in `:help droid-events`
---@param data table?
function M.emit(name, data)
  vim.api.nvim_exec_autocmds('User', { pattern = name, modeline = false, data = data })
end

return M
