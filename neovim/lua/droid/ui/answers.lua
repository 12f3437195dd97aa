--- What the agent wants to know (`droid/requestAnswer`), and what the server asks with a few buttons
--- (`window/showMessageRequest`): the same float as for approvals, and as little of a default.

local page_of = require('droid.ui.page')
local question = require('droid.ui.question')
local text = require('droid.text')

local M = {}

---@param page droid.Page
---@param choices { key: string, title: string }[]
local function draw_choices(page, choices)
  page:gap()
  for _, choice in ipairs(choices) do
    page:add({ ('  %-3s '):format(choice.key), 'DroidKey' }, choice.title)
  end
end

---@param params droid.RequestAnswerParams
---@param client_id integer
---@param answer fun(result: any, withdrawn: boolean?)
function M.ask(params, client_id, answer)
  local id, choices, actions = params.questionId, {}, {}
  local function offer(key, title, run)
    choices[#choices + 1] = { key = key, title = title }
    actions[#actions + 1] = { key = key, about = text.one_line(title, 24), run = run }
  end
  for i, option in ipairs(vim.list_slice(params.options, 1, 9)) do
    offer(tostring(i), option, function()
      question.settle(id, { answer = option })
    end)
  end
  offer('i', #params.options > 0 and 'Something else, in your own words' or 'Answer', function()
    vim.ui.input({ prompt = 'Your answer: ' }, function(said)
      if said and vim.trim(said) ~= '' then
        question.settle(id, { answer = said })
      end
    end)
  end)
  offer('x', 'Decline to answer', function()
    question.settle(id, { answer = vim.NIL })
  end)
  question.add({
    id = id,
    client_id = client_id,
    session_id = params.sessionId,
    title = 'Droid asks',
    group = 'DroidWarning',
    summary = params.text,
    draw = function()
      local page = page_of.new()
      page:text(params.text)
      draw_choices(page, choices)
      return page
    end,
    actions = function()
      return actions
    end,
    answer = answer,
  })
end

local number = 0

--- A message that a file holds the rest of, with that file's text below it.
---@param page droid.Page
---@param message string
local function draw_message(page, message)
  page:text(message)
  local path = message:match('All of it is in ([^\n]-%.md)')
  if path and vim.uv.fs_stat(path) then
    page:gap()
    page:text(table.concat(vim.fn.readfile(path), '\n'))
  end
end

---@param params lsp.ShowMessageRequestParams
---@param client_id integer
---@param answer fun(result: any, withdrawn: boolean?)
function M.message(params, client_id, answer)
  number = number + 1
  local id, choices, actions = ('message-%d'):format(number), {}, {}
  local function offer(key, title, result)
    choices[#choices + 1] = { key = key, title = title }
    actions[#actions + 1] = {
      key = key,
      about = text.one_line(title, 24),
      run = function()
        question.settle(id, result)
      end,
    }
  end
  local letters = '123456789abcdefghijklmnop'
  for i, action in ipairs(params.actions or {}) do
    if i <= #letters then
      offer(letters:sub(i, i), action.title, action)
    end
  end
  offer('x', 'Dismiss', vim.NIL)
  question.add({
    id = id,
    client_id = client_id,
    nameless = true,
    title = 'Droid asks',
    group = params.type == 1 and 'DroidError' or 'DroidWarning',
    summary = params.message,
    draw = function()
      local page = page_of.new()
      draw_message(page, params.message)
      draw_choices(page, choices)
      return page
    end,
    actions = function()
      return actions
    end,
    answer = answer,
  })
end

return M
