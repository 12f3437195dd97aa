"""Written from `programs/rust.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'cargo': {'risk': 'high: an unknown subcommand may be an alias',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version', '-V'],
           'variables': {'RUSTC': 'shell',
                         'RUSTC_WRAPPER': 'shell',
                         'RUSTC_WORKSPACE_WRAPPER': 'shell',
                         'RUSTDOC': 'shell',
                         'CARGO_BUILD_RUSTC': 'shell',
                         'CARGO_BUILD_RUSTC_WRAPPER': 'shell'},
           'flags': {'--config': 'value; high: a setting may run a program',
                     '--config=net.*': 'value',
                     '--config=profile.*': 'value',
                     '--config=build.jobs*': 'value',
                     '--config=term.*': 'value',
                     '-Z, --color, --explain, --target-dir, --manifest-path, --lockfile-path, -j, --jobs, -p, --package, --features, -F, --target, --profile, --bin, --example, --test, --bench, --exclude, --message-format': 'value',
                     '-C': 'folder',
                     '-v, -vv, --verbose, -q, --quiet, --locked, --offline, --frozen, --list, -r, --release, --workspace, --all, --all-features, --no-default-features, --all-targets, --lib, --bins, --tests': 'flag',
                     '--timings': 'optional'},
           'commands': {'tree|metadata|search|info|version|locate-project|pkgid|read-manifest|verify-project|help|config|config get|report|report future-incompatibilities|audit|outdated|machete|geiger|bloat|deps|license|modules|semver-checks|msrv show|about|public-api|count|llvm-lines|duplicates|depgraph|deny|deny check|deny list|udeps|unused-features|spellcheck check|cyclonedx|sbom|auditable|tokei|locate|workspaces list|ws list|hakari verify|+* tree|+* metadata|+* search': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'only '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'looks',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                'flags': {'-e, --edges, -i, --invert, --prune, --depth, --prefix, --charset, -f, --format, --format-version, --filter-platform, --limit, --registry, --index, -t': 'value'}},
                        'audit fix|machete --fix': 'medium: changes dependencies',
                        'fmt|+* fmt': {'risk': 'medium: changes files',
                                       'flags': {'--check': 'low: only checks'},
                                       'rules': [{'operand': '--check',
                                                  'risk': 'low: only checks'}]},
                        'build|b|check|c|test|t|bench|doc|d|clippy|add|remove|rm|new|init|clean|vendor|fetch|generate-lockfile|package|rustdoc|fix|tarpaulin|llvm-cov|nextest|nextest run|nextest archive|nextest list|expand|miri|miri test|miri run|miri setup|hack|fuzz|fuzz run|fuzz build|fuzz init|insta|insta test|insta review|insta accept|insta reject|upgrade|set-version|sort|edit|generate|component|leptos|leptos build|leptos watch|tauri|tauri build|tauri dev|tauri init|tauri info|dioxus|trunk|zigbuild|ndk|apk|lambda build|chef|chef prepare|chef cook|mutants|criterion|flamegraph|asm|show-asm|readme|rdme|minimal-versions|careful|sqlx prepare|sqlx database_|deb|rpm|wix|bundle|dist build|dist plan|dist init|vet|vet check|features|feature|sync-readme|cache|sweep|spellcheck|about generate|license-template|hakari|hakari generate|about init|espflash_|binstall_|llvm-cov report|llvm-cov show-env|llvm-cov clean|codspeed|codspeed build|codspeed run|component build|contract build|wasi|web|playground|script|eval|pgo|bolt|bisect-rustc|+* build|+* b|+* check|+* c|+* test|+* t|+* bench|+* doc|+* clippy|+* miri|+* fix|+* update|+* clean|+* expand|+* nextest|+* llvm-cov|+* fuzz|+* udeps|+* add': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'builds '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'project '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'or '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                     'it',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'flags': {'--out-dir, --artifact-dir, --output-dir, --output-path': 'write',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       '--test-threads, --vers, --path, --git, --branch, --tag, --rev, --rename, --name, --edition, --vcs, --registry': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       '-n, --dry-run': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'dry '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                        'run'}},
                        'run|r|+* run': {'risk': 'medium: builds and runs the project',
                                         'operands': 'value...',
                                         'options': 'first'},
                        'rustc|+* rustc': {'risk': 'medium: builds the project',
                                           'rules': [{'operand': ['*linker=*',
                                                                  '*wrapper*',
                                                                  '*link-arg*'],
                                                      'risk': 'high: says what runs'}]},
                        'update': {'risk': 'medium: changes the lock file',
                                   'flags': {'--dry-run': 'low: a dry run',
                                             '--precise, --aggressive': 'value'}},
                        'make|mk': {'risk': 'medium: runs a task of the project',
                                    'flags': {'--makefile': 'read',
                                              '-e, --env, -p, --profile, -l, --loglevel': 'value'},
                                    'rules': [{'operand': ['*deploy*',
                                                           '*publish*',
                                                           '*release*',
                                                           '*push*'],
                                               'risk': 'high: a task that publishes'}]},
                        'xtask': {'risk': 'medium: runs a task of the project',
                                  'options': 'first',
                                  'rules': [{'operand': ['*deploy*',
                                                         '*publish*',
                                                         '*release*',
                                                         'install*',
                                                         '*push*'],
                                             'at': 0,
                                             'risk': 'high: a task that publishes'}]},
                        'watch': {'risk': 'medium: runs commands whenever files change',
                                  'flags': {'-s, --shell': 'shell',
                                            '-x, --exec': 'value; medium: runs cargo',
                                            '-x=*publish*, --exec=': 'value; high: publishes',
                                            '-x=*install*, --exec=': 'value; high: installs for '
                                                                     'the user',
                                            '-w, --watch, -i, --ignore, -d, --delay, -B, -E, --env': 'value',
                                            '-c, --clear, -q, --why': 'flag'},
                                  'operands': 'words'},
                        'install|uninstall|binstall|install-update|quickinstall|+* install|prebuilt': {'risk': 'high: '
                                                                                                               'installs '
                                                                                                               'for '
                                                                                                               'the '
                                                                                                               'user',
                                                                                                       'help': ['--help',
                                                                                                                '-h'],
                                                                                                       'flags': {'--list': 'low: '
                                                                                                                           'lists',
                                                                                                                 '--dry-run': 'low: '
                                                                                                                              'a '
                                                                                                                              'dry '
                                                                                                                              'run',
                                                                                                                 '--version, --vers, --git, --branch, --tag, --rev, --path, --root, --registry, --index': 'value'}},
                        'publish': {'risk': 'high: publishes',
                                    'flags': {'-n, --dry-run': 'low: a dry run',
                                              '--token, --index, --registry': 'value'}},
                        'yank': {'risk': 'high: changes the registry',
                                 'help': ['--help', '-h'],
                                 'flags': {'--version, --vers, --token, --index, --registry': 'value'}},
                        'owner': {'risk': 'high: changes the registry',
                                  'flags': {'-l, --list': 'low: lists',
                                            '-a, --add, -r, --remove, --token, --index, --registry': 'value; '
                                                                                                     'high: '
                                                                                                     'changes '
                                                                                                     'the '
                                                                                                     'registry'}},
                        'login|logout': 'high: touches credentials',
                        'release|smart-release|workspaces publish|ws publish|workspaces version|dist upload|lambda deploy|shuttle|shuttle deploy|sqlx migrate run|sqlx migrate revert|sqlx database drop|sqlx database create|sqlx database reset|sqlx mig run|contract upload|flash|espflash|embed|vendor-upload|about publish|publish-all|near deploy': {'risk': 'high: '
                                                                                                                                                                                                                                                                                                                                                                   'publishes, '
                                                                                                                                                                                                                                                                                                                                                                   'deploys '
                                                                                                                                                                                                                                                                                                                                                                   'or '
                                                                                                                                                                                                                                                                                                                                                                   'changes '
                                                                                                                                                                                                                                                                                                                                                                   'a '
                                                                                                                                                                                                                                                                                                                                                                   'database',
                                                                                                                                                                                                                                                                                                                                                           'flags': {'-n, --dry-run': 'low: '
                                                                                                                                                                                                                                                                                                                                                                                      'a '
                                                                                                                                                                                                                                                                                                                                                                                      'dry '
                                                                                                                                                                                                                                                                                                                                                                                      'run'}},
                        'sqlx migrate add|sqlx migrate info|sqlx mig add|sqlx mig info': 'medium: '
                                                                                         'writes a '
                                                                                         'migration'}},
 'rustc': {'risk': 'medium: compiles',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version', '-V', '-vV', '-Vv'],
           'operands': 'read',
           'flags': {'-o, --out-dir, --output': 'write',
                     '--print, --explain': 'value; low: only looks',
                     '-C, --codegen': 'value',
                     '-C=linker=*, --codegen=': 'value; high: says what links',
                     '-C=link-arg*, --codegen=': 'value; high: says what links',
                     '--test-runtool': 'value; high: says what runs tests',
                     '-L, -l, --crate-name, --crate-type, --edition, --emit, --cfg, --check-cfg, --target, --extern, --sysroot, -A, -W, -D, -F, --cap-lints, -Z, --error-format, --color': 'value',
                     '-O, -g, --test, -v': 'flag'}},
 'rustfmt': {'risk': 'medium: changes files',
             'help': ['--help', '-h', '--version', '-V'],
             'operands': 'write...',
             'flags': {'--check': 'low: only checks; makes:operands=read',
                       '--emit': 'value',
                       '--config, --config-path, --edition, --color, -c, --style-edition': 'value',
                       '--print-config': 'value',
                       '-q, -v, -l, --backup': 'flag'}},
 'dprint': {'risk': 'medium: changes files',
            'help': ['--help', '-h', '--version', '-V'],
            'flags': {'--check, --dry-run, --fail-on-change, --ci, --diff': 'low: only checks',
                      '-c, --config, --config-file, --plugins, -o, --option': 'value'},
            'rules': [{'operand': ['check',
                                   'lint',
                                   'get',
                                   'config',
                                   'output-file-paths',
                                   'output-resolved-config',
                                   'output-format-times',
                                   'help',
                                   'lsp'],
                       'at': 0,
                       'risk': 'low: only checks'}]},
 'rustup': {'risk': 'high: an unknown subcommand',
            'bare': 'low: shows its help',
            'help': ['--help', '-h', '--version', '-V'],
            'flags': {'-v, --verbose, -q, --quiet': 'flag'},
            'commands': {'show|show active-toolchain|show home|show profile|toolchain list|target list|component list|override list|which|doc|docs|check|help|completions|man': {'risk': 'low: '
                                                                                                                                                                                         'only '
                                                                                                                                                                                         'looks',
                                                                                                                                                                                 'flags': {'--toolchain': 'value'}},
                         'update|upgrade|default|install|uninstall|toolchain install|toolchain add|toolchain uninstall|toolchain remove|toolchain link|target add|target remove|target install|component add|component remove|override set|override unset|override add|self update|self uninstall|self upgrade-data|set profile|set auto-self-update|set default-host': 'high: '
                                                                                                                                                                                                                                                                                                                                                                        'changes '
                                                                                                                                                                                                                                                                                                                                                                        'the '
                                                                                                                                                                                                                                                                                                                                                                        "user's "
                                                                                                                                                                                                                                                                                                                                                                        'tools',
                         'run': {'risk': 'medium: runs a program of a toolchain',
                                 'operands': 'value words',
                                 'options': 'first',
                                 'flags': {'--install': 'high: installs for the user'}}}},
 'wasm-bindgen': {'risk': 'medium: builds the project',
                  'help': ['--help', '-h', '--version', '-V'],
                  'flags': {'-o, --output, --out-dir, --out-file': 'write',
                            '-s, --show-stats, --show-adv-stats': 'low: shows numbers'},
                  'rules': [{'operand': ['*publish*', '*deploy*', '*release*'],
                             'at': 0,
                             'risk': 'high: publishes'}]},
 'diesel': {'risk': 'high: changes a database',
            'bare': 'low: shows its help',
            'help': ['--help', '-h', '--version', '-V'],
            'flags': {'--database-url, --config-file, --migration-dir': 'value'},
            'commands': {'migration list|migration pending|print-schema|help|migrate status|completions': 'low: '
                                                                                                          'only '
                                                                                                          'looks',
                         'migration generate|migrate generate|migrate init|generate entity': 'medium: '
                                                                                             'writes '
                                                                                             'files',
                         'migration run|migration revert|migration redo|setup|database setup|database reset|database drop|migrate up|migrate down|migrate fresh|migrate refresh|migrate reset|migrate': 'high: '
                                                                                                                                                                                                        'changes '
                                                                                                                                                                                                        'a '
                                                                                                                                                                                                        'database'}}}
