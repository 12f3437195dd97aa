--- `droid/save`: brings buffers to disk before a command runs.

local M = {}

--- Whether the file was changed by somebody since the buffer was read: writing would ask, or lose that.
---@param buffer integer
---@return boolean
local function is_behind(buffer)
  local behind = false
  local id = vim.api.nvim_create_autocmd('FileChangedShell', {
    buffer = buffer,
    callback = function()
      behind = true
      vim.v.fcs_choice = ''
    end,
  })
  pcall(vim.cmd, ('silent! checktime %d'):format(buffer))
  vim.api.nvim_del_autocmd(id)
  return behind
end

--- What cannot be written is told, and left as it is: the server then asks the person to save.
---@param uris string[]
---@return table? result
---@return lsp.ResponseError? error
function M.save(uris)
  local unsaved = 0
  for _, uri in ipairs(uris) do
    local buffer = vim.fn.bufnr(vim.fn.fnameescape(vim.uri_to_fname(uri)))
    if buffer < 0 then
      buffer = vim.uri_to_bufnr(uri)
    end
    if vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].modified then
      local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':~:.')
      if is_behind(buffer) then
        unsaved = unsaved + 1
        require('droid.notify').warn(name .. ' changed on disk too, so it was not saved; look at it, then :write')
      else
        local ok, problem = pcall(vim.api.nvim_buf_call, buffer, function()
          vim.cmd('silent update')
        end)
        if not ok then
          unsaved = unsaved + 1
          require('droid.notify').warn(
            ('%s could not be saved: %s'):format(name, tostring(problem):match('E%d+:.*') or problem)
          )
        end
      end
    end
  end
  if unsaved > 0 then
    return nil, vim.lsp.rpc_response_error(vim.lsp.protocol.ErrorCodes.InternalError, 'not all could be saved')
  end
  return vim.empty_dict()
end

return M
