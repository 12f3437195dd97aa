--- Images that a prompt names by their path: `@shot.png` sends the picture along.

local M = {}

local TYPES = {
  png = 'image/png',
  jpg = 'image/jpeg',
  jpeg = 'image/jpeg',
  gif = 'image/gif',
  webp = 'image/webp',
}
local MAX_BYTES = 5 * 1024 * 1024

---@param said string
---@return { mediaType: string, data: string }[] images
---@return string? problem why it cannot be sent as it is
function M.of(said)
  local images = {}
  for name in said:gmatch('@(%S+)') do
    local path = vim.fn.expand(name:gsub('[.,;:)]+$', ''))
    local kind = TYPES[(path:match('%.(%w+)$') or ''):lower()]
    local stat = kind and vim.uv.fs_stat(path)
    if kind and stat and stat.type == 'file' then
      if stat.size > MAX_BYTES then
        return {}, ('%s is larger than 5 MB; make it smaller'):format(name)
      end
      local file, why = io.open(path, 'rb')
      if not file then
        return {}, ('%s cannot be read: %s'):format(name, why)
      end
      images[#images + 1] = { mediaType = kind, data = vim.base64.encode(file:read('*a')) }
      file:close()
    end
  end
  return images
end

return M
