-- Read by `vim.lsp.enable('droid')`; what `vim.lsp.config('droid', { … })` says goes over it.
return require('droid.client').lsp_config()
