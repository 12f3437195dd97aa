"""Written from `programs/native.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'make': {'risk': 'medium: runs what the Makefile says',
          'help': ['--help', '-h', '--version', '-v'],
          'rules': [{'operand': ['install',
                                 'uninstall',
                                 'install-strip',
                                 '*/install',
                                 'modules_install',
                                 'firmware_install',
                                 'install-system*',
                                 'install-global*'],
                     'without': '-n',
                     'risk': 'high: changes the system'},
                    {'operand': ['*deploy*',
                                 '*publish*',
                                 '*release*',
                                 '*push*',
                                 '*upload*',
                                 'ship',
                                 'ship-*',
                                 'promote*'],
                     'without': '-n',
                     'risk': 'high: a target that publishes'},
                    {'operand': ['*destroy*',
                                 '*db-reset*',
                                 '*db-drop*',
                                 '*drop-db*',
                                 '*reset-db*',
                                 '*nuke*',
                                 '*teardown*',
                                 '*tear-down*',
                                 '*terraform-apply*',
                                 '*tf-apply*',
                                 '*wipe*',
                                 '*purge*'],
                     'without': '-n',
                     'risk': 'high: a target that destroys'},
                    {'operand': ['*migrate*', '*rollback*', 'apply', '*-apply', 'flash', '*-flash'],
                     'without': '-n',
                     'risk': 'high: a target that changes a database or a machine'},
                    {'operand': ['SHELL=*',
                                 '.SHELLFLAGS=*',
                                 'MAKE=*',
                                 'MAKEFLAGS=*',
                                 'PATH=*',
                                 'LD_PRELOAD=*'],
                     'risk': 'high: says what runs'},
                    {'operand': ['DESTDIR=/*', 'PREFIX=/*', 'prefix=/*'],
                     'risk': 'high: says where it installs'}],
          'keys': {'SHELL': 'shell',
                   'MAKE': 'shell',
                   'CC': 'shell',
                   'CXX': 'shell',
                   'LD': 'shell',
                   'AR': 'shell',
                   'CPP': 'shell',
                   'PYTHON': 'shell',
                   'HOSTCC': 'shell',
                   'RM': 'shell'},
          'variables': {'MAKEFILES': 'run'},
          'flags': {'-C, --directory': 'folder',
                    '-f, --file, --makefile': 'run',
                    '-f=/*, --file=, --makefile=': 'run; high: runs what a file elsewhere says',
                    '--eval, -E': 'value; high: runs text; undecidable',
                    '-I, --include-dir, -o, --old-file, --assume-old, -W, --what-if, --new-file, --assume-new': 'value',
                    '-j, --jobs, -l, --load-average, --max-load, -O, --output-sync, --debug, --shuffle': 'optional',
                    '-n, --just-print, --dry-run, --recon, -q, --question': 'low: a dry run',
                    '-b, -m, -B, --always-make, -d, -e, -i, -k, -L, -p, -r, -R, -s, -S, -t, -w': 'flag'}},
 'cmake': {'risk': 'medium: configures the build',
           'help': ['--help', '-h', '-help', '--version', '/V'],
           'operands': 'read...',
           'runs': 'medium: runs a script',
           'flags': {'-S, --source': 'read',
                     '-B': 'write',
                     '-D': 'value',
                     '-D=CMAKE_*_LAUNCHER*': 'value; high: says what runs',
                     '-D=CMAKE_MAKE_PROGRAM*': 'value; high: says what runs',
                     '-G, -T, -A, -U, -C, --preset, --toolchain, --install-prefix, --config, -j, --parallel, --component, --log-level, --graphviz, --trace-format, --trace-source, --workflow, --prefix': 'value',
                     '-j, --parallel': 'optional',
                     '--build': 'folder',
                     '-t, --target': 'value',
                     '-t=install*, --target=': 'value; high: changes the system',
                     '-t=uninstall*, --target=': 'value; high: changes the system',
                     '-t=*deploy*, --target=': 'value; high: a target that publishes',
                     '-t=*publish*, --target=': 'value; high: a target that publishes',
                     '-t=*upload*, --target=': 'value; high: a target that publishes',
                     '-t=*flash*, --target=': 'value; high: changes a machine',
                     '--install': 'value; high: changes the system',
                     '--open': 'value',
                     '--trace-redirect, --profiling-output': 'write',
                     '-P': 'run',
                     '-P=/tmp/*': 'run; high: runs what a file elsewhere says',
                     '-E': 'words',
                     '-N, -L, -LA, -LAH, -LH, --list-presets, --system-information, --print-config-dir': 'low: '
                                                                                                         'only '
                                                                                                         'looks',
                     '--help-command, --help-module, --help-policy, --help-property, --help-variable, --help-manual': 'value; '
                                                                                                                      'low: '
                                                                                                                      'shows '
                                                                                                                      'help',
                     '--help-command-list, --help-module-list, --help-policies, --help-properties, --help-variables, --help-modules, --help-commands, --help-full, --help-manual-list': 'low: '
                                                                                                                                                                                        'shows '
                                                                                                                                                                                        'help'}},
 'ctest': {'risk': 'medium: runs tests',
           'help': ['--help', '-h', '--version'],
           'flags': {'-N, --show-only': 'optional; low: lists tests',
                     '--print-labels': 'low: lists tests',
                     '-D, --dashboard, -M, --test-model, -T, --test-action, --submit-index, -A, --add-notes': 'value; '
                                                                                                              'high: '
                                                                                                              'sends '
                                                                                                              'results '
                                                                                                              'out',
                     '-T=test, --test-action=': 'value',
                     '-T=memcheck, --test-action=': 'value',
                     '-T=coverage, --test-action=': 'value',
                     '-T=build, --test-action=': 'value',
                     '-S, --script, -SP, --script-new-process': 'run',
                     '--test-dir': 'folder',
                     '-O, --output-log, --output-junit': 'write',
                     '-R, -E, -L, -LE, -I, -j, --parallel, -C, --build-config, --timeout, --repeat, --preset, --resource-spec-file, -FA, -FS, -FC, --tests-regex, --exclude-regex, --label-regex, --label-exclude, --stop-time, --schedule-random, --max-width, --tests-from-file, --build-and-test, --test-load': 'value',
                     '-V, -VV, -Q, -F, -U, --output-on-failure, --verbose, --rerun-failed, --progress, --stop-on-failure': 'flag'}},
 'cpack': {'risk': 'medium: packs what was built', 'help': ['--help', '-h', '--version']},
 'ninja': {'risk': 'medium: builds the project',
           'help': ['--help', '-h', '--version'],
           'flags': {'-C': 'folder',
                     '-f': 'read',
                     '-t': 'value; low: only looks',
                     '-t=clean': 'value; medium: removes what was built',
                     '-t=cleandead': 'value; medium: removes what was built',
                     '-t=recompact': 'value; medium: changes the build',
                     '-t=restat': 'value; medium: changes the build',
                     '-t=browse': 'value; medium: opens a port',
                     '-n': 'low: a dry run',
                     '-j, -k, -l, -d, -w': 'value',
                     '-v, --verbose, --quiet': 'flag'},
           'rules': [{'operand': ['install',
                                  'uninstall',
                                  '*deploy*',
                                  '*publish*',
                                  '*upload*',
                                  '*flash*',
                                  '*release*',
                                  '*push*'],
                      'risk': 'high: a target that changes the system or publishes'}]},
 'meson': {'risk': 'high: an unknown subcommand',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version'],
           'flags': {'-C': 'folder',
                     '-D, --buildtype, --prefix, --cross-file, --native-file, --backend': 'value'},
           'commands': {'introspect|help|devenv --dump|wrap list|wrap search|wrap info|wrap status|env2mfile': {'risk': 'low: '
                                                                                                                        'only '
                                                                                                                        'looks',
                                                                                                                'flags': {'--targets, --tests, --all, --buildoptions, --dependencies, --projectinfo, -a, -i': 'flag'}},
                        'configure': {'risk': 'low: shows settings',
                                      'flags': {'-D': 'value; medium: changes settings',
                                                '--clearcache': 'medium: changes settings'}},
                        'setup|compile|test|dist|init|rewrite|subprojects|wrap install|wrap update|wrap promote|format|fmt|build|check': {'risk': 'medium: '
                                                                                                                                                  'builds '
                                                                                                                                                  'the '
                                                                                                                                                  'project',
                                                                                                                                          'flags': {'--wrap, --wrapper': 'shell',
                                                                                                                                                    '-j, --suite, -t, --timeout-multiplier, --num-processes': 'value'}},
                        'devenv': {'risk': 'medium: runs a program', 'operands': 'words'},
                        'install': {'risk': 'high: changes the system',
                                    'flags': {'-n, --dry-run': 'low: a dry run'}}}},
 'bazel': {'risk': 'high: an unknown subcommand',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version'],
           'flags': {'--bazelrc, --output_base, --output_user_root, --host_jvm_args, --server_javabase, --isolation-dir, -c, --level, --color, -l': 'value',
                     '--nohome_rc, --nosystem_rc, --noworkspace_rc, --batch, --max_idle_secs, --no-pantsd, --noignore_all_rc_files': 'flag'},
           'commands': {'query|cquery|aquery|uquery|info|version|help|analyze-profile|dump|license|print_action|canonicalize-flags|config|aspect|targets|audit|root|log|status|list|dependencies|dependents|paths|peek|roots|filedeps|mod|mod graph|mod deps|mod path|mod explain|mod show_repo|mod dump_repo_mapping|outline|print|lint|check': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                                                                          'only '
                                                                                                                                                                                                                                                                                                                                                          'looks',
                                                                                                                                                                                                                                                                                                                                                  'flags': {'--output_file': 'write',
                                                                                                                                                                                                                                                                                                                                                            '--fix': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                                                                                                                     'files'}},
                        'build|test|coverage|fetch|sync|vendor|shutdown|mobile-install|tailor|update-build-files|fmt|package|generate-lockfiles|bench|kill|killall|mod tidy|init|install-completion_|gc|export|cover|rebuild': {'risk': 'medium: '
                                                                                                                                                                                                                                        'builds '
                                                                                                                                                                                                                                        'the '
                                                                                                                                                                                                                                        'project',
                                                                                                                                                                                                                                'flags': {'--run_under, --workspace_status_command, --embed_label': 'value; '
                                                                                                                                                                                                                                                                                                    'high: '
                                                                                                                                                                                                                                                                                                    'says '
                                                                                                                                                                                                                                                                                                    'what '
                                                                                                                                                                                                                                                                                                    'runs',
                                                                                                                                                                                                                                          '--build_event_binary_file, --build_event_json_file, --profile, --out': 'write',
                                                                                                                                                                                                                                          '--remote_executor, --bes_backend': 'value; '
                                                                                                                                                                                                                                                                              'high: '
                                                                                                                                                                                                                                                                              'sends '
                                                                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                                                                              'project '
                                                                                                                                                                                                                                                                              'out'}},
                        'run': {'risk': 'medium: builds and runs a target',
                                'options': 'first',
                                'operands': 'value...',
                                'flags': {'--run_under, --workspace_status_command': 'value; high: '
                                                                                     'says what '
                                                                                     'runs',
                                          '-c, --config': 'value'},
                                'rules': [{'operand': ['*push*',
                                                       '*deploy*',
                                                       '*publish*',
                                                       '*release*',
                                                       '*apply*',
                                                       '*upload*',
                                                       '*destroy*',
                                                       '*install*',
                                                       '*delete*'],
                                           'at': 0,
                                           'risk': 'high: a target that publishes'}]},
                        'clean': {'risk': 'medium: removes what was built',
                                  'flags': {'--expunge, --expunge_async': 'high: removes all that '
                                                                          'was built or '
                                                                          'downloaded'}},
                        'publish|mobile_install|sandbox|install|upgrade|update|login': 'high: '
                                                                                       'publishes '
                                                                                       'or '
                                                                                       'installs'}},
 'autoconf': {'risk': 'medium: builds the project',
              'local': True,
              'help': ['--help', '-h', '--version', '-V'],
              'flags': {'-o, --output, --output-file': 'write',
                        '--prefix, -D, -I, -f, -C, -S, -d, -t, -p': 'value'},
              'rules': [{'operand': ['install',
                                     'uninstall',
                                     '*deploy*',
                                     '*publish*',
                                     '*upload*',
                                     '*release*'],
                         'risk': 'high: changes the system or publishes'}]},
 'scan-build': {'risk': 'medium: runs a build under observation',
                'operands': 'words',
                'flags': {'-o, --output': 'write',
                          '-enable-checker, -disable-checker, --use-cc, --use-c++, --use-analyzer, --out-dir, --dir': 'value'}},
 'gcc': {'risk': 'medium: compiles',
         'bare': 'low: only looks',
         'single_dash': True,
         'help': ['--help',
                  '-h',
                  '-help',
                  '--version',
                  '--target-help',
                  '-dumpversion',
                  '-dumpmachine',
                  '-dumpspecs'],
         'operands': 'read...',
         'rules': [{'operand': '@*', 'risk': 'high: takes options from a file'},
                   {'operand': ['-run'], 'risk': 'medium: runs what it compiled'}],
         'flags': {'-o': 'write',
                   '-MF, -dumpdir, -dumpbase, -Map, --Map': 'write',
                   '-fsyntax-only, -E, -M, -MM, -###, -print-search-dirs, -print-libgcc-file-name, -print-multi-lib, -print-multi-directory, -print-sysroot, -print-targets, -print-resource-dir, -print-effective-triple, --print-search-dirs': 'low: '
                                                                                                                                                                                                                                                 'only '
                                                                                                                                                                                                                                                 'looks',
                   '-print-file-name, -print-prog-name': 'value; low: only looks',
                   '-I, -isystem, -iquote, -idirafter, -include, -imacros, -L, -iprefix, -iwithprefix, -F, -iframework, -T': 'read',
                   '-l, -D, -U, -x, -std, -MT, -MQ, -u, -z, -Xlinker, -Xpreprocessor, -Xassembler, -Xclang, -arch, -target, -framework, --param, -e, -rpath, -soname, -m, -march, -J, -aux-info, -gencode, -isysroot, --sysroot, -G, -rpath-link, -dynamic-linker, -install_name, -compatibility_version, -current_version, -version-script': 'value',
                   '-D, -U, -l, -m, -g, -O, -W, -f, -std': 'optional',
                   '-f=plugin*': 'optional; high: loads a plug-in',
                   '-fplugin, -specs, -wrapper, -fpass-plugin, -load, --load-pass-plugin, -fplugin-arg, --ld-path, -ccbin, -iplugindir, --config, -plugin, --plugin': 'value; '
                                                                                                                                                                      'high: '
                                                                                                                                                                      'says '
                                                                                                                                                                      'what '
                                                                                                                                                                      'runs',
                   '-W=l,*-plugin*': 'optional; high: loads a plug-in',
                   '-B': "optional; high: says where the compiler's programs are",
                   '-Xclang=-load': 'value; high: loads a plug-in',
                   '-run': 'medium: runs what it compiled',
                   '-c, -S, -v, -w, -s, -shared, -static, -pthread, -pipe, -fPIC, -pedantic, -ansi, -nostdlib, -nodefaultlibs, -nostartfiles, -rdynamic, -r, -save-temps, -H, -P, -C, -CC, -MD, -MMD, -MP, -MG, -Q, -time, -n, -N, -i, -k, -t, -d, -V': 'flag'}},
 'nm': {'risk': 'low: only looks',
        'help': ['--help', '-h', '--version', '-V', '-H'],
        'operands': 'read...',
        'flags': {'-o, --output, --output-file, --output-dir, --plist, --html': 'write',
                  '--fix, --fixes, --in-place': 'medium: changes files',
                  '--plugin': 'value; high: loads a plug-in',
                  '--addon, --rule-file, --library, --suppressions-list': 'read',
                  '--addon=*/*': 'run; medium: loads code',
                  '-j, --start-address, --stop-address, -M, -m, -t, -x, -e, -b, -I, -D, -U, --std, --enable, --disable, --suppress, --template, --platform, --checks, --filter, --variable, --define-variable, --max-version, --atleast-version, --exact-version, -r': 'value'}},
 'clang-tidy': {'risk': 'low: checks code',
                'help': ['--help', '-h', '--version', '-version'],
                'operands': 'read...',
                'flags': {'-fix, --fix, -fix-errors, --fix-errors, -fix-notes, --fix-notes': 'medium: '
                                                                                             'changes '
                                                                                             'files',
                          '-export-fixes, --export-fixes': 'write',
                          '-load, --load, -clang-tidy-binary': 'value; high: loads a plug-in',
                          '-p, -j, -checks, --checks, -config, --config, --config-file, -header-filter, --header-filter, -extra-arg, --extra-arg': 'value',
                          '-quiet, --quiet': 'flag'}},
 'clang-format': {'risk': 'low: prints formatted code',
                  'help': ['--help', '-h', '-help', '--version', '-version'],
                  'operands': 'read...',
                  'flags': {'-i, --in-place, --replace, --no-backup': 'medium: changes files; '
                                                                      'makes:operands=write',
                            '-o': 'write',
                            '-style, --style, --assume-filename, -assume-filename, --length, --offset, -c, -l, -f': 'value',
                            '-n, --dry-run, --Werror, --check, --verbose': 'flag'}},
 'strip': {'risk': 'medium: changes or writes files',
           'bare': 'medium: changes or writes files',
           'help': ['--help', '-h', '--version', '-V'],
           'operands': 'write...',
           'flags': {'-o, --output, --output-file': 'write',
                     '--print-rpath, --print-soname, --print-needed, --print-interpreter, -l, -list, -info, -archs': 'low: '
                                                                                                                     'only '
                                                                                                                     'looks',
                     '-R, -j, -K, -N, --remove-section, --only-section, --add-section, --set-section-flags, -I, -O, -B, --set-rpath, --set-interpreter, --add-needed, --remove-needed, --replace-needed, --set-soname, -L, --langmap, --exclude, --languages, -d, -r': 'value',
                     '-g': 'flag'}},
 'ar': {'risk': 'medium: packs or unpacks',
        'bare': 'low: shows its help',
        'first_is_bundle': True,
        'help': ['--help', '-h', '--version', '-V'],
        'flags': {'-t, -p': 'low: lists',
                  '-r, -x, -d, -m, -q, -s': 'medium: packs or unpacks',
                  '-c, -u, -v, -o, -a, -b, -i, -D, -U, -T, -S, -P, -O, -f, -l': 'flag',
                  '--plugin': 'value; high: loads a plug-in'}},
 'gdb': {'risk': 'medium: debugs a program',
         'bare': 'medium: debugs a program',
         'single_dash': True,
         'help': ['--help', '-h', '-help', '--version', '-version', '-v'],
         'operands': 'run read',
         'flags': {'-x, -command, --command, -ix, --init-command': 'run; high: runs commands that '
                                                                   'cannot be seen',
                   '-ex, --ex, -eval-command, --eval-command, -iex, --init-eval-command': 'value',
                   '-ex=source*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: '
                                                                                 'runs code',
                   '-ex=she*, --ex=, -eval-command=, --eval-command=, -iex=': 'code:gdb; high: '
                                                                              'runs a program',
                   '-ex=!*, --ex=, -eval-command=, --eval-command=, -iex=': 'code:gdb; high: runs '
                                                                            'a program',
                   '-ex=pi*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs a '
                                                                             'program',
                   '-ex=|*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs a '
                                                                            'program',
                   '-ex=py*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs '
                                                                             'code',
                   '-ex=mak*, --ex=, -eval-command=, --eval-command=, -iex=': 'code:gdb; high: '
                                                                              'runs a program',
                   '-ex=guile*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs '
                                                                                'code',
                   '-ex=gu *, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs '
                                                                              'code',
                   '-ex=target*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: '
                                                                                 'reaches into '
                                                                                 'another machine',
                   '-ex=attach*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: '
                                                                                 'reaches into '
                                                                                 'another process',
                   '-ex=*system*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: '
                                                                                  'runs a program',
                   '-ex=*\n*, --ex=, -eval-command=, --eval-command=, -iex=': 'value; high: runs '
                                                                              'several commands',
                   '-p, -pid, --pid': 'value; high: reaches into another process',
                   '-args, --args': 'words',
                   '-c, -core, --core, -s, -e, -se, -d, --directory, -cd, --cd, -data-directory, -tty': 'value',
                   '-batch, --batch, -q, -quiet, --quiet, -nx, --nx, -n, -silent, -tui, --tui, -return-child-result': 'flag'},
         'runs': 'medium: debugs a program',
         'rules': [{'operand': ['ps', 'ls', 'sources', 'traceinfo'],
                    'at': 0,
                    'risk': 'low: only looks'}]},
 'lldb': {'risk': 'high: debugs a program, and may run others',
          'help': ['--help', '-h', '--version', '-v', '-V']},
 'compute-sanitizer': {'risk': 'medium: runs a program under observation',
                       'bare': 'low: shows its help',
                       'operands': 'words',
                       'help': ['--help', '-h', '--version'],
                       'flags': {'--tool, --log-file, --leak-check, --suppressions, --xml-file, -o, --output, -t, --trace, -L, -cpu, -E': 'value'}},
 'gprof': {'risk': 'low: shows a profile', 'operands': 'read...'},
 'conan': {'risk': 'high: an unknown subcommand',
           'bare': 'low: shows its help',
           'help': ['--help', '-h', '--version'],
           'flags': {'--triplet, --host-triplet, --vcpkg-root, --overlay-ports, --feature-flags, --x-manifest-root, --x-install-root': 'value'},
           'commands': {'list|search|inspect|graph info|graph explain|graph outdated|config home|config list|config show|profile show|profile list|profile path|cache path|version|info|remote list|find|spec|depend-info|owns|hash|x-history|env|help|arch|compilers|location|dependencies|providers|status|tree': 'low: '
                                                                                                                                                                                                                                                                                                                    'only '
                                                                                                                                                                                                                                                                                                                    'looks',
                        'install|create|build|new|export|export-pkg|source|test|lock|lock create|download|editable|profile detect|cache clean|graph build-order|add|remove|update|upgrade|x-update-baseline|integrate project|fetch|concretize|load|unload|develop|format-manifest|init': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                   'builds '
                                                                                                                                                                                                                                                                                                   'dependencies',
                                                                                                                                                                                                                                                                                           'rules': [{'operand': ['http*://*'],
                                                                                                                                                                                                                                                                                                      'risk': 'high: '
                                                                                                                                                                                                                                                                                                              'runs '
                                                                                                                                                                                                                                                                                                              'code '
                                                                                                                                                                                                                                                                                                              'from '
                                                                                                                                                                                                                                                                                                              'an '
                                                                                                                                                                                                                                                                                                              'address'}],
                                                                                                                                                                                                                                                                                           'flags': {'-of, --output-folder': 'write',
                                                                                                                                                                                                                                                                                                     '-s, -o, -pr, -b, --build, --version, -r, -c': 'value'}},
                        'upload|config install|config install-pkg|remote add|remote login|remote set-user|remote auth|remote remove|remote update|remote logout|integrate install|bootstrap|publish|uninstall|gc|user': 'high: '
                                                                                                                                                                                                                        'publishes '
                                                                                                                                                                                                                        'or '
                                                                                                                                                                                                                        'changes '
                                                                                                                                                                                                                        'the '
                                                                                                                                                                                                                        "user's "
                                                                                                                                                                                                                        'settings'}},
 'arduino-cli': {'risk': 'high: changes a device',
                 'help': ['--help', '-h', '--version', '-V', 'version'],
                 'flags': {'-b, --fqbn, -p, --port, -e, --environment, -d, -C, -B, --build-path, -DBUILD, --board': 'value'},
                 'rules': [{'operand': ['board',
                                        'boards',
                                        'list',
                                        'ls',
                                        'lib',
                                        'core',
                                        'help',
                                        'doctor',
                                        'size',
                                        'chip_id',
                                        'flash_id',
                                        'read_mac',
                                        'info',
                                        'topdir',
                                        'manifest',
                                        'size-components'],
                            'at': 0,
                            'risk': 'low: only looks'},
                           {'operand': ['compile',
                                        'build',
                                        'check',
                                        'test',
                                        'init',
                                        'project',
                                        'menuconfig',
                                        'reconfigure',
                                        'set-target',
                                        'update',
                                        'fullclean',
                                        'clean',
                                        'sketch',
                                        'new'],
                            'at': 0,
                            'risk': 'low: builds'},
                           {'operand': ['compile',
                                        'build',
                                        'check',
                                        'test',
                                        'init',
                                        'project',
                                        'menuconfig',
                                        'reconfigure',
                                        'set-target',
                                        'update',
                                        'fullclean',
                                        'clean',
                                        'sketch',
                                        'new'],
                            'at': 0,
                            'risk': 'medium: builds the project'},
                           {'operand': ['install',
                                        'uninstall',
                                        'upgrade',
                                        'update-index',
                                        'flash',
                                        'upload'],
                            'at': 1,
                            'risk': 'high: installs'}]},
 'getprop': {'risk': 'low: tells about a device', 'operands': 'value...'},
 'adb': {'risk': 'high: reaches into a device',
         'bare': 'low: shows its help',
         'help': ['--help', 'help', 'version', '--version'],
         'flags': {'-s, -t, -H, -P, -L': 'value', '-a': 'high: lets others in', '-d, -e': 'flag'},
         'commands': {'devices|get-state|get-serialno|get-devpath|features|host-features|logcat|mdns check|mdns services|jdwp|wait-for-device': {'risk': 'low: '
                                                                                                                                                         'only '
                                                                                                                                                         'looks',
                                                                                                                                                 'operands': 'value...',
                                                                                                                                                 'flags': {'-c': 'medium: '
                                                                                                                                                                 'clears '
                                                                                                                                                                 'the '
                                                                                                                                                                 'log',
                                                                                                                                                           '-f': 'value; '
                                                                                                                                                                 'medium: '
                                                                                                                                                                 'writes '
                                                                                                                                                                 'a '
                                                                                                                                                                 'file'}},
                      'start-server|kill-server|reconnect|forward|reverse|pull|bugreport': {'risk': 'medium: '
                                                                                                    'copies '
                                                                                                    'from '
                                                                                                    'a '
                                                                                                    'device, '
                                                                                                    'or '
                                                                                                    'opens '
                                                                                                    'a '
                                                                                                    'way '
                                                                                                    'to '
                                                                                                    'it',
                                                                                            'operands': 'value '
                                                                                                        'write'},
                      'shell|exec-out|exec-in': {'risk': 'medium: runs a command on a device',
                                                 'remote': True,
                                                 'sends_stdin': True,
                                                 'options': 'first',
                                                 'operands': 'shell...',
                                                 'stdin': 'shell',
                                                 'flags': {'-n': 'no-stdin',
                                                           '-e': 'value',
                                                           '-x, -T, -t': 'flag'}},
                      'push|install|install-multiple|install-multi-package|uninstall|sync|root|unroot|remount|disable-verity|enable-verity|reboot|reboot-bootloader|sideload|backup|restore|connect|disconnect|pair|tcpip|usb|emu|keygen': 'high: '
                                                                                                                                                                                                                                           'changes '
                                                                                                                                                                                                                                           'a '
                                                                                                                                                                                                                                           'device'}}}
