"""Written from `programs/ospackages.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'apt': {'risk': 'high: changes the packages of the system',
         'bare': 'low',
         'flags': {'-s, --simulate, --just-print, --dry-run, --recon, --no-act': 'low: a dry run',
                   '--print-uris': 'low: prints addresses',
                   '-o, --option': 'config; high: a setting may run a program',
                   '-o=Debug::*': 'config',
                   '-o=Dpkg::Options::=--force-conf*': 'config',
                   '-o=Acquire::*Timeout*': 'config',
                   '-o=APT::Color*': 'config',
                   '-c, --config-file': 'run; high: takes its settings from a file',
                   '-t, --target-release, --default-release, -a, --host-architecture, -w, --width, -F, --display-format, -O, --sort': 'value',
                   '-y, --yes, --assume-yes, -q, -qq, --quiet, -f, --fix-broken, -m, -d, --download-only, -V, -v, --verbose-versions, --no-install-recommends, --no-install-suggests, --install-suggests, --reinstall, --only-upgrade, --purge, --auto-remove, --autoremove, --allow-downgrades, --allow-unauthenticated, --allow-change-held-packages, --allow-remove-essential, --force-yes, --fix-missing, --ignore-missing, --no-upgrade, -u, --show-upgraded, -b, --compile, --installed, --upgradable, --all-versions, --no-download, --trivial-only, --no-remove, --no-all-versions, -n, --names-only, --full': 'flag'},
         'commands': {'list|search|show|showsrc|policy|depends|rdepends|changelog|versions|why|why-not|madison|check|indextargets|help|moo|history list|history': 'low',
                      'download|source': 'medium: fetches a package',
                      'install|remove|purge|upgrade|full-upgrade|dist-upgrade|safe-upgrade|update|autoremove|autopurge|autoclean|clean|build-dep|reinstall|edit-sources|dselect-upgrade|satisfy|hold|unhold|markauto|unmarkauto|forget-new|fetch|modernize-sources': 'high: '
                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                     'packages '
                                                                                                                                                                                                                                                                     'of '
                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                     'system'}},
 'apt-cache': {'risk': 'low',
               'flags': {'-o, -c': 'value; high: a setting may run a program',
                         '-n, -f, -i': 'flag'},
               'operands': 'value...',
               'rules': [{'operand': 'update',
                          'at': 0,
                          'risk': 'medium: fetches lists of packages'},
                         {'operand': 'gencaches', 'at': 0, 'risk': 'medium: writes a cache'}]},
 'dpkg-query': {'risk': 'low', 'operands': 'value...'},
 'apt-mark': {'risk': 'high: changes the packages of the system',
              'operands': 'value...',
              'rules': [{'operand': 'show*', 'at': 0, 'risk': 'low: shows marks'}]},
 'apt-key': {'risk': 'high: changes whose packages the system trusts',
             'operands': 'value...',
             'rules': [{'operand': ['list', 'finger', 'export', 'exportall'],
                        'at': 0,
                        'risk': 'low: shows keys'}]},
 'pacman-key': {'risk': 'high: changes whose packages the system trusts',
                'flags': {'-l, --list-keys, -f, --finger, --list-sigs, -v, --verify': 'low: shows '
                                                                                      'keys',
                          '-a, --add, -r, --recv-keys, --lsign-key, --init, --populate, -d, --delete, -u, --updatedb, --refresh-keys, --import, --edit-key': 'high: '
                                                                                                                                                             'changes '
                                                                                                                                                             'whose '
                                                                                                                                                             'packages '
                                                                                                                                                             'the '
                                                                                                                                                             'system '
                                                                                                                                                             'trusts'},
                'operands': 'value...'},
 'dpkg': {'risk': 'high: changes the packages of the system',
          'flags': {'-l, --list, -L, --listfiles, -s, --status, -S, --search, -p, --print-avail, --get-selections, --print-architecture, --print-foreign-architectures, --compare-versions, -c, --contents, -I, --info, -V, --verify, -C, --audit, -f, --field, -W, --show, --validate-version, --validate-pkgname, --assert-multi-arch, --yet-to-unpack, --force-help': 'low: '
                                                                                                                                                                                                                                                                                                                                                                         'tells '
                                                                                                                                                                                                                                                                                                                                                                         'about '
                                                                                                                                                                                                                                                                                                                                                                         'packages',
                    '--dry-run, --no-act, --simulate': 'low: a dry run',
                    '-i, --install, -r, --remove, -P, --purge, --unpack, --configure, --triggers-only, --set-selections, --clear-selections, --add-architecture, --remove-architecture, -A, --record-avail, --clear-avail, --update-avail, --merge-avail, -x, --extract, -X, --vextract, -e, --control, -b, --build': 'flag',
                    '--admindir, --root, --instdir, --log, -D, --debug, --path-exclude, --path-include': 'value',
                    '--pre-invoke, --post-invoke, --status-logger': 'shell; high: runs a program '
                                                                    'of its choice'},
          'operands': 'value...'},
 'dpkg-deb': {'risk': 'medium: builds or unpacks a package',
              'flags': {'-c, --contents, -I, --info, -f, --field, -W, --show, --ctrl-tarfile, --fsys-tarfile': 'low: '
                                                                                                               'tells '
                                                                                                               'about '
                                                                                                               'a '
                                                                                                               'package',
                        '-x, --extract, -X, --vextract, -e, --control, -R, --raw-extract, -b, --build': 'medium: '
                                                                                                        'builds '
                                                                                                        'or '
                                                                                                        'unpacks '
                                                                                                        'a '
                                                                                                        'package'},
              'operands': 'value...'},
 'dpkg-buildpackage': {'risk': 'medium: builds or unpacks a package',
                       'flags': {'-i, --install': 'flag'},
                       'operands': 'value...'},
 'debootstrap': {'risk': 'high: changes the packages of the system',
                 'bare': 'high: changes the packages of the system',
                 'rules': [{'operand': ['search',
                                        'list',
                                        'info',
                                        'show',
                                        'get-details',
                                        'list-installed',
                                        'li',
                                        'la',
                                        'lr'],
                            'at': 0,
                            'risk': 'low: tells about packages'}],
                 'flags': {'--dry-run': 'low: a dry run'},
                 'operands': 'value...'},
 'dnf': {'risk': 'high: changes the packages of the system',
         'bare': 'low',
         'flags': {'--assumeno': 'low: a dry run',
                   '-c, --config': 'run; high: takes its settings from a file',
                   '--setopt': 'config',
                   '--setopt=*pluginpath*': 'config; high: a setting may run a program',
                   '-d, -e, --enablerepo, --disablerepo, --repo, --repoid, -x, --exclude, --releasever, --forcearch, --installroot, --advisory, --color, --comment, -R, --repofrompath': 'value',
                   '-y, --assumeyes, -q, --quiet, -v, --verbose, -C, --cacheonly, -b, --best, --nobest, --allowerasing, --refresh, --nogpgcheck, --noplugins, --obsoletes, --security, --bugfix, --downloadonly, --skip-broken, --installed, --available, --all, --showduplicates, --upgrades, --updates, --nodocs, -4, -6': 'flag'},
         'commands': {'list|ls|info|search|se|repolist|repoinfo|repoquery|rq|provides|whatprovides|prov|check-update|check-upgrade|check|deplist|updateinfo|help|history list|history info|group list|grouplist|group info|groupinfo|module list|module info|changelog|leaves|needs-restarting|alias list|advisory list|advisory info|environment list|repo list|repo info': 'low',
                      'download': 'medium: fetches a package',
                      'install|remove|erase|upgrade|update|upgrade-minimal|downgrade|reinstall|autoremove|clean|makecache|group|groupinstall|groupremove|module|module enable|module install|module reset|module disable|history|history undo|history rollback|history redo|mark|distro-sync|swap|copr|config-manager|builddep|system-upgrade|offline-upgrade|alias|localinstall|versionlock|shell': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                     'changes '
                                                                                                                                                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                                                                                                                                                     'packages '
                                                                                                                                                                                                                                                                                                                                                                                                     'of '
                                                                                                                                                                                                                                                                                                                                                                                                     'the '
                                                                                                                                                                                                                                                                                                                                                                                                     'system'}},
 'rpm': {'risk': 'high: changes the packages of the system',
         'flags': {'-q, --query, -V, --verify, -K, --checksig, --eval, --showrc, --querytags, -qa, -qi, -ql, -qf': 'low: '
                                                                                                                   'tells '
                                                                                                                   'about '
                                                                                                                   'packages',
                   '--test': 'low: a dry run',
                   '-i, -U, -F, -e, --install, --upgrade, --freshen, --erase, --import, --rebuilddb, --initdb, --setperms, --setugids, --restore, --reinstall': 'flag',
                   '--root, --dbpath, -D, --define, --qf, --queryformat, --rcfile, --macros, -E': 'value',
                   '--eval=*%(*': 'value; high: runs a command',
                   '--eval=*%{lua*': 'value; high: runs a command',
                   '-E=*%(*': 'value; high: runs a command',
                   '--pipe': 'shell; high: runs a program of its choice'},
         'operands': 'value...',
         'rules': [{'operand': '*%(*', 'risk': 'high: runs a command'},
                   {'operand': '*%{lua*', 'risk': 'high: runs a command'}]},
 'rpm2cpio': {'risk': 'low', 'operands': 'read...'},
 'zypper': {'risk': 'high: changes the packages of the system',
            'bare': 'low',
            'flags': {'-D, --dry-run': 'low: a dry run',
                      '-c, --config': 'run; high: takes its settings from a file',
                      '-R, --root, --installroot, -r, --repo, -t, --type, --plus-repo, -p, -C, -x, --xmlout': 'value',
                      '-n, --non-interactive, -q, --quiet, -v, --verbose, --no-refresh, --gpg-auto-import-keys, -y, --no-confirm, --no-gpg-checks, -A, -i, -s, -d': 'flag'},
            'commands': {'se|search|if|info|lr|repos|lu|list-updates|pa|packages|pt|patterns|pch|patches|lp|list-patches|what-provides|wp|ls|services|ll|locks|ps|products|pd|targetos|versioncmp|patch-check|licenses|help|system-architecture': 'low'}},
 'pacman': {'risk': 'high: changes the packages of the system',
            'flags': {'-Q, --query': 'low: tells about packages',
                      '-F, --files': 'low: tells about packages',
                      '-T, --deptest': 'low: tells about packages',
                      '-s, --search, -i, --info, -l, --list, -g, --groups, -p, --print': 'low: '
                                                                                         'tells '
                                                                                         'about '
                                                                                         'packages',
                      '-S, --sync': 'flag',
                      '-R, --remove, -U, --upgrade, -D, --database': 'high: changes the packages '
                                                                     'of the system',
                      '-y, --refresh, -u, --sysupgrade, -c, --clean': 'high: changes the packages '
                                                                      'of the system',
                      '--config, --hookdir, --gpgdir, --dbpath, --root, -r, -b, --cachedir, --logfile, --arch, --color, --overwrite, --ignore, --assume-installed, --print-format': 'value',
                      '--noconfirm, --needed, -q, -e, -d, -n, -k, -m, -t, -o, -w, -v, -x, -a': 'flag'},
            'operands': 'value...',
            'rules': [{'operand': ['list', 'search', 'info', 'checkupdates'],
                       'at': 0,
                       'risk': 'low: tells about packages'},
                      {'operand': ['install', 'remove', 'update', 'upgrade', 'build', 'clean'],
                       'at': 0,
                       'risk': 'high: changes the packages of the system'}]},
 'apk': {'risk': 'high: changes the packages of the system',
         'bare': 'low',
         'flags': {'-s, --simulate': 'low: a dry run',
                   '-p, --root, -X, --repository, --arch, --cache-dir, --cache-max-age, --keys-dir, --repositories-file, -t, --virtual, --wait, --progress-fd, -o, --output': 'value',
                   '-q, --quiet, -v, --verbose, -U, --update-cache, --no-cache, --no-progress, --allow-untrusted, -f, -i, --no-network, --upgrade, -u, --available, --purge, -a, -e, -d, -L, -R, -r': 'flag'},
         'commands': {'info|list|search|policy|version|stats|dot|audit|verify|manifest|query': 'low',
                      'fetch|index': 'medium: fetches or lists packages',
                      'add|del|update|upgrade|fix|cache|mkndx|mkpkg|extract': 'high: changes the '
                                                                              'packages of the '
                                                                              'system'}},
 'brew': {'risk': 'high: changes the packages of the system',
          'bare': 'low',
          'flags': {'--prefix, --cellar, --cache, --repository, --repo, --env, --caskroom, --taps': 'value; '
                                                                                                    'low: '
                                                                                                    'tells '
                                                                                                    'about '
                                                                                                    'the '
                                                                                                    'installation',
                    '--config': 'low: tells about the installation',
                    '-v, --verbose, -q, --quiet, -d, --debug, --cask, --casks, --formula, --formulae, --json, --versions, --pinned, --full-name, -1, -l, -r, -t, --installed, --tree, --eval-all, --greedy, --all, -f, --force': 'flag',
                    '-n, --dry-run': 'low: a dry run'},
          'commands': {'list|ls|info|abv|search|-S|deps|uses|outdated|config|doctor|dr|leaves|cat|desc|log|commands|options|home|homepage|missing|formulae|casks|tap-info|services list|services info|shellenv|audit|style|livecheck|formula|--version|analytics state|which-formula|unbottled': 'low',
                       'fetch|unpack': 'medium: fetches a package',
                       'install|uninstall|remove|rm|upgrade|update|up|reinstall|tap|untap|link|ln|unlink|cleanup|autoremove|pin|unpin|services|services start|services stop|services restart|services run|services kill|services cleanup|bundle|bundle install|bundle cleanup|bundle dump|bundle exec|create|edit|extract|postinstall|developer|switch|migrate|analytics|ruby|irb|test|sh|gist-logs|bump|pr-pull|alias|unalias|command-not-found-init': {'risk': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'packages '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'of '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                 'system',
                                                                                                                                                                                                                                                                                                                                                                                                                                                         'flags': {'--prefix, --cellar, --cache, --repository, --repo, --env, --caskroom, --taps, --config': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'packages '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'of '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             'system'},
                                                                                                                                                                                                                                                                                                                                                                                                                                                         'operands': 'value...'},
                       'bundle list|bundle check': 'low'}},
 'port': {'risk': 'high: changes the packages of the system',
          'bare': 'low',
          'rules': [{'operand': ['list',
                                 'installed',
                                 'search',
                                 'info',
                                 'deps',
                                 'rdeps',
                                 'outdated',
                                 'contents',
                                 'provides',
                                 'dependents',
                                 'variants',
                                 'echo',
                                 'describe',
                                 'list-installed',
                                 'list-upgradable',
                                 'list-changed-conffiles',
                                 'files',
                                 'status',
                                 'whatdepends',
                                 'depends',
                                 'query',
                                 'rquery',
                                 'version',
                                 'which',
                                 'audit',
                                 'shlib',
                                 'show',
                                 'stats',
                                 'list-all',
                                 'account',
                                 'home',
                                 'package',
                                 'size',
                                 'lint'],
                     'at': 0,
                     'risk': 'low: tells about packages'}],
          'flags': {'--dry-run, --noaction': 'low: a dry run',
                    '-a, -v, -q, -d, -f, -y, -n, -p, -s': 'flag'},
          'operands': 'value...'},
 'snap': {'risk': 'high: changes the packages of the system',
          'bare': 'low',
          'commands': {'list|find|search|info|version|services|connections|interfaces|interface|changes|tasks|change|model|known|warnings|whoami|logs|debug|help|get|saved|validate|aliases|quotas|quota|recovery': 'low',
                       'download': 'medium: fetches a package',
                       'run': 'high: runs a program',
                       'install|remove|refresh|revert|enable|disable|connect|disconnect|set|unset|start|stop|restart|alias|unalias|prefer|login|logout|save|restore|forget|switch|try|pack|create-cohort|sign|ack|set-quota': 'high: '
                                                                                                                                                                                                                              'changes '
                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                              'packages '
                                                                                                                                                                                                                              'of '
                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                              'system'}},
 'flatpak': {'risk': 'high: changes the packages of the system',
             'bare': 'low',
             'flags': {'--user, --system, -v, --verbose, -y, --assumeyes, --app, --runtime, --columns, --show-details, -d': 'flag'},
             'commands': {'list|info|search|remotes|history|ps|remote-ls|remote-info|permissions|permission-show|documents|document-info': 'low',
                          'install|uninstall|remove|update|upgrade|run|override|make-current|enter|kill|mask|pin|remote-add|remote-delete|remote-modify|config|repair|create-usb|build|build-init|build-finish|build-export|build-bundle|build-import-bundle|build-sign|permission-set|permission-remove|permission-reset|document-export|document-unexport|spawn': 'high: '
                                                                                                                                                                                                                                                                                                                                                                    'changes '
                                                                                                                                                                                                                                                                                                                                                                    'the '
                                                                                                                                                                                                                                                                                                                                                                    'packages '
                                                                                                                                                                                                                                                                                                                                                                    'of '
                                                                                                                                                                                                                                                                                                                                                                    'the '
                                                                                                                                                                                                                                                                                                                                                                    'system'}},
 'flatpak-builder': {'risk': 'medium: builds a package',
                     'rules': [{'operand': ['upload',
                                            'release',
                                            'login',
                                            'register',
                                            'push',
                                            'promote',
                                            'close',
                                            'set-default-track',
                                            'delete-keys'],
                                'at': 0,
                                'risk': 'high: publishes a package'}],
                     'flags': {'--install': 'high: changes the packages of the system'},
                     'operands': 'value...'},
 'nix': {'risk': 'high: an unlisted subcommand may run code',
         'bare': 'low',
         'help': ['--help', '--version', 'help'],
         'flags': {'--option': 'value; named; high: a setting may run a program',
                   '--extra-experimental-features, --experimental-features, -j, --max-jobs, --cores, --log-format, -I, --include, --override-input, --store, --system, -f, --file, --expr, --arg, --argstr, -o, --out-link, --profile, --inputs-from': 'value',
                   '--plugin-files, --post-build-hook, --pre-build-hook, --builders': 'value; '
                                                                                      'high: loads '
                                                                                      'code',
                   '--impure, --offline, --refresh, --json, -L, --print-build-logs, -v, -vv, --verbose, -q, --quiet, --debug, --show-trace, --no-link, --keep-going, -k, --raw, --accept-flake-config, --no-write-lock-file, --read-only, --legacy, --all, -i, --ignore-environment': 'flag'},
         'commands': {'search|flake show|flake metadata|flake info|path-info|why-depends|show-config|config show|log|derivation show|show-derivation|store ls|store cat|store diff-closures|store path-from-hash-part|store ping|nar ls|nar cat|doctor|hash file|hash path|hash to-base16|hash to-base32|hash to-sri|hash convert|registry list|profile list|profile history|profile diff-closures|config check|ls-store': {'risk': 'low',
                                                                                                                                                                                                                                                                                                                                                                                                                            'operands': 'value...'},
                      'eval|build|flake check|flake update|flake lock|flake init|flake new|flake clone|flake archive|flake prefetch|fmt|bundle|print-dev-env|copy-log|store prefetch-file|edit|repl': 'medium: '
                                                                                                                                                                                                      'evaluates '
                                                                                                                                                                                                      'and '
                                                                                                                                                                                                      'builds '
                                                                                                                                                                                                      'packages',
                      'develop|shell|dev-shell': {'risk': 'medium: fetches or builds packages',
                                                  'flags': {'-c, --command': 'words',
                                                            '--keep, -u, --unset': 'value'},
                                                  'operands': 'value...'},
                      'run|profile install|profile add|profile remove|profile upgrade|profile rollback|profile wipe-history|store gc|store delete|store optimise|store repair|store add-file|store add-path|store sign|copy|upgrade-nix|daemon|registry add|registry pin|registry remove|key generate-secret|store make-content-addressed|store verify|channel': 'high: '
                                                                                                                                                                                                                                                                                                                                                                 'runs '
                                                                                                                                                                                                                                                                                                                                                                 'or '
                                                                                                                                                                                                                                                                                                                                                                 'installs '
                                                                                                                                                                                                                                                                                                                                                                 'packages'}},
 'nix-env': {'risk': "high: changes the person's packages",
             'flags': {'-q, --query': 'low: tells about packages',
                       '--list-generations': 'low: tells about packages',
                       '--dry-run': 'low: a dry run',
                       '-i, --install, -e, --uninstall, -u, --upgrade, --switch-generation, -G, --rollback, --delete-generations, --set, -S': 'high: '
                                                                                                                                              'changes '
                                                                                                                                              'the '
                                                                                                                                              "person's "
                                                                                                                                              'packages',
                       '-f, --file, -p, --profile, -I, -E, --arg, --argstr': 'value',
                       '-a, -A, -P': 'flag'},
             'operands': 'value...'},
 'nix-shell': {'risk': 'medium: fetches or builds packages',
               'flags': {'--run, --command': 'shell',
                         '-p, --packages, -A, --attr, -I, -E, --expr, --argstr, --arg, -i': 'value',
                         '--pure': 'flag'},
               'operands': 'value...'},
 'nix-build': {'risk': 'medium: evaluates and builds packages',
               'flags': {'--option': 'value; named; high: a setting may run a program',
                         '--dry-run, --check, -c': 'low: checks only',
                         '-A, -I, -E, -o, --arg, --argstr': 'value'},
               'operands': 'value...'},
 'nix-store': {'risk': 'high: changes the store of packages',
               'flags': {'-q, --query, --verify-path, --print-env, -l, --read-log, --dump, --dump-db, --check-validity': 'low: '
                                                                                                                         'tells '
                                                                                                                         'about '
                                                                                                                         'packages',
                         '--gc, --delete, -r, --realise, --optimise, --add, --import, --export, --repair-path, --restore, --load-db': 'high: '
                                                                                                                                      'changes '
                                                                                                                                      'the '
                                                                                                                                      'store '
                                                                                                                                      'of '
                                                                                                                                      'packages'},
               'operands': 'value...'},
 'nix-channel': {'risk': 'high: changes the system',
                 'flags': {'--list': 'low: lists channels',
                           '--json': 'flag',
                           '--list-generations': 'low: lists'},
                 'operands': 'value...',
                 'rules': [{'operand': ['dry-build',
                                        'dry-run',
                                        'dry-activate',
                                        'list-generations',
                                        'generations',
                                        'packages',
                                        'news',
                                        'info'],
                            'at': 0,
                            'risk': 'low: shows only'}]},
 'choco': {'risk': 'high: changes the packages of the system',
           'bare': 'low',
           'any_case': True,
           'flags': {'-v, -y, --yes, -r, --limit-output, -q, --info': 'flag'},
           'operands': 'value...',
           'rules': [{'operand': ['list',
                                  'search',
                                  'find',
                                  'info',
                                  'outdated',
                                  'show',
                                  'status',
                                  'cat',
                                  'which',
                                  'home',
                                  'prefix',
                                  'features',
                                  'sources',
                                  'depends',
                                  'checkup',
                                  'help'],
                      'at': 0,
                      'risk': 'low: tells about packages'}]},
 'wsl': {'risk': 'high: runs a command in another system',
         'remote': True,
         'flags': {'-l, --list, --status, -v': 'low: lists systems',
                   '-d, --distribution, -u, --user, --cd': 'value',
                   '-e, --exec, --shell-type': 'flag',
                   '--unregister, --import, --export, --install, --shutdown, -t, --terminate, --mount, --set-default, --set-version': 'high: '
                                                                                                                                      'changes '
                                                                                                                                      'systems'},
         'operands': 'words'},
 'emerge': {'risk': 'high: changes the packages of the system',
            'flags': {'-s, --search, -S, --searchdesc, -p, --pretend, --info, --list-sets': 'low: '
                                                                                            'tells '
                                                                                            'about '
                                                                                            'packages',
                      '-C, --unmerge, -P, --prune, --sync, --config, --regen, --metadata': 'flag'},
            'operands': 'value...'},
 'makepkg': {'risk': 'medium: builds a package',
             'flags': {'-i, --install, -s, --syncdeps, -r, --rmdeps': 'high: changes the packages '
                                                                      'of the system',
                       '--printsrcinfo, -g, --geninteg, --packagelist': 'low: prints'},
             'operands': 'value...'}}
