--- Highlight groups: all are links that a colour scheme or a person may set otherwise (`:help droid-highlights`).

local M = {}

---@type table<string, string>
M.links = {
  DroidUser = 'Title',
  DroidAgent = 'Special',
  DroidThinking = 'Comment',
  DroidTool = 'Function',
  DroidToolDone = 'DiagnosticOk',
  DroidToolFailed = 'DiagnosticError',
  DroidToolRunning = 'DiagnosticInfo',
  DroidOutput = 'Comment',
  DroidWhy = 'Comment',
  DroidUsage = 'Comment',
  DroidTodo = 'Normal',
  DroidTodoDone = 'Comment',
  DroidTodoNow = 'DiagnosticInfo',
  DroidWarning = 'DiagnosticWarn',
  DroidError = 'DiagnosticError',
  DroidHint = 'Comment',
  DroidKey = 'Special',
  DroidRiskLow = 'DiagnosticOk',
  DroidRiskMedium = 'DiagnosticWarn',
  DroidRiskHigh = 'DiagnosticError',
  DroidHidden = 'IncSearch',
  DroidPayload = 'NormalFloat',
  DroidLabel = 'Label',
  DroidAdded = 'Added',
  DroidRemoved = 'Removed',
  DroidHunk = 'Title',
  DroidFile = 'Directory',
  DroidStale = 'DiagnosticWarn',
  DroidAddedLine = 'DiffAdd',
  DroidRemovedLine = 'DiffDelete',
  DroidAddedSign = 'Added',
  DroidRemovedSign = 'Removed',
  DroidFloat = 'NormalFloat',
  DroidBorder = 'FloatBorder',
  DroidTitle = 'FloatTitle',
}

local done = false

--- Define what is not defined yet; again after a colour scheme was loaded.
function M.ensure()
  if done then
    return
  end
  done = true
  local function define()
    for name, target in pairs(M.links) do
      vim.api.nvim_set_hl(0, name, { link = target, default = true })
    end
  end
  define()
  vim.api.nvim_create_autocmd('ColorScheme', {
    group = vim.api.nvim_create_augroup('droid.highlight', {}),
    callback = define,
  })
end

return M
