"""Written from `programs/containers.toml` by `make generate`; change that."""

from collections.abc import Mapping
from typing import Any

PROGRAMS: Mapping[str, Any] = {'docker': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'-H, --host, --url': 'host',
                      '-c, --context, --connection': 'value',
                      '--config': 'value',
                      '-D, --debug, --tls, --tlsverify, --remote, -r': 'flag',
                      '-l, --log-level': 'value',
                      '--tlscacert, --tlscert': 'read',
                      '--tlskey, --identity': 'read',
                      '--root, --runroot, --storage-driver, --tmpdir, --runtime, --network-cmd-path, --namespace, -n, --address, -a, --snapshotter, --cgroup-manager, --events-backend, --conmon, --module': 'value',
                      '--storage-opt, --runtime-flag, --hooks-dir': 'value; high: may run programs '
                                                                    'of its own'},
            'commands': {'help|ps|container ls|container list|container ps|images|image ls|image list|inspect|container inspect|image inspect|logs|container logs|top|container top|stats|container stats|port|container port|diff|container diff|history|image history|search|version|info|system info|system df|system events|events|network ls|network list|network inspect|volume ls|volume list|volume inspect|context ls|context list|context show|context inspect|manifest inspect|wait|container wait|plugin ls|plugin list|plugin inspect|trust inspect|image tree|pod ps|pod list|pod ls|pod inspect|pod logs|pod stats|pod top|healthcheck run|mount|image exists|container exists|volume exists|network exists|system connection list|system connection ls|machine list|machine ls|machine info|machine inspect|image diff': {'risk': 'low',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          'flags': {'-f, --filter, --format, -n, --last, --tail, --since, --until, --limit, --type, --sort': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    '-q, --quiet, -a, --all, --no-trunc, --no-stream, -s, --size, -t, --timestamps, --details, -l, --latest, -v, --verbose, --digests, --tree': 'flag'}},
                         'node ls|node list|node inspect|node ps|service ls|service list|service inspect|service logs|service ps|stack ls|stack list|stack ps|stack services|stack config|secret ls|secret list|secret inspect|config ls|config list|config inspect|swarm ca': 'low',
                         'build|image build|builder build|buildx build|buildx b': {'risk': 'medium: '
                                                                                           'builds '
                                                                                           'an '
                                                                                           'image',
                                                                                   'flags': {'-f, --file': 'read',
                                                                                             '-t, --tag, --target, --platform, --network, --progress, --label, --cache-from, --iidfile, --metadata-file, --build-context, --shm-size, --ulimit, --memory, -m, --cpuset-cpus, --add-host, --annotation, --attest, --builder, --isolation, --jobs, --layers, --arch, --os, --format, --from, --ignorefile, --logfile, --volume, -v, --sbom, --provenance, --call, --cgroup-parent': 'value',
                                                                                             '--build-arg': 'value',
                                                                                             '--secret, --ssh': 'value',
                                                                                             '--push': 'high: '
                                                                                                       'publishes '
                                                                                                       'the '
                                                                                                       'image',
                                                                                             '--output, -o': 'value',
                                                                                             '--output=*type=registry*, -o': 'high: '
                                                                                                                             'publishes '
                                                                                                                             'the '
                                                                                                                             'image',
                                                                                             '--output=*push=true*, -o': 'high: '
                                                                                                                         'publishes '
                                                                                                                         'the '
                                                                                                                         'image',
                                                                                             '--cache-to': 'value',
                                                                                             '--cache-to=*type=registry*': 'value; '
                                                                                                                           'high: '
                                                                                                                           'publishes '
                                                                                                                           'layers '
                                                                                                                           'of '
                                                                                                                           'the '
                                                                                                                           'image',
                                                                                             '--allow': 'value; '
                                                                                                        'high: '
                                                                                                        'gives '
                                                                                                        'the '
                                                                                                        'build '
                                                                                                        'rights',
                                                                                             '--no-cache, --pull, --rm, --force-rm, -q, --quiet, --load, --squash, --check, --no-cache-filter': 'flag'},
                                                                                   'operands': 'read...'},
                         'buildx bake': {'risk': 'medium: builds images',
                                         'flags': {'-f, --file': 'read',
                                                   '--set, --progress, --metadata-file, --builder': 'value',
                                                   '--push': 'high: publishes images',
                                                   '--allow': 'value; high: gives the build rights',
                                                   '--print, --list': 'low: shows only'}},
                         'buildx ls|buildx list|buildx inspect|buildx du|buildx version|buildx imagetools inspect|buildx history ls|buildx history logs|buildx history inspect|builder du|builder inspect': 'low',
                         'buildx create|buildx use|buildx stop|buildx install|buildx dial-stdio': 'medium: '
                                                                                                  'changes '
                                                                                                  'which '
                                                                                                  'builder '
                                                                                                  'is '
                                                                                                  'used',
                         'checkpoint ls': 'low',
                         'context use|context create|context update|context rm|context remove|context export|context import': 'high: '
                                                                                                                              'changes '
                                                                                                                              'the '
                                                                                                                              "person's "
                                                                                                                              'settings',
                         'buildx rm|buildx uninstall|buildx prune|builder prune|buildx history rm|image prune|container prune|network prune|volume prune|system prune|system reset|volume rm|volume remove|pod prune|pod rm|machine rm|machine reset|system migrate|system renumber|volume reload': 'high: '
                                                                                                                                                                                                                                                                                                    'removes '
                                                                                                                                                                                                                                                                                                    'things '
                                                                                                                                                                                                                                                                                                    'that '
                                                                                                                                                                                                                                                                                                    'cannot '
                                                                                                                                                                                                                                                                                                    'be '
                                                                                                                                                                                                                                                                                                    'had '
                                                                                                                                                                                                                                                                                                    'back',
                         'buildx imagetools create|manifest push|manifest create|manifest annotate|push|image push|trust sign|trust revoke|trust key generate|trust key load|trust signer add|trust signer remove|compose publish': 'high: '
                                                                                                                                                                                                                                    'publishes '
                                                                                                                                                                                                                                    'images',
                         'login|logout': 'high: touches credentials',
                         'pull|image pull|load|image load|import|image import|create|tag|image tag|commit|container commit|start|container start|stop|container stop|restart|container restart|pause|container pause|unpause|container unpause|rename|container rename|update|container update|kill|container kill|network create|network connect|network disconnect|network rm|network remove|volume create|init|scout|sbom|manifest rm|untag|image untag|init-container|pod create|pod start|pod stop|pod restart|pod pause|pod unpause|pod kill|generate kube|generate systemd|kube generate|machine start|machine stop|unmount|image unmount|container init|container checkpoint|container restore': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'local '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'images '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'or '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  'containers',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          'flags': {'-i, --input': 'read',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    '-a, --author, -m, --message, -c, --change, --platform, -t, --time, -s, --signal, --subnet, --driver, -d, -o, --opt, --label, --gateway, --ip-range': 'value',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    '--privileged': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'gives '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'container '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'rights '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'of '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    'machine',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    '-v, --volume, --mount': 'mount',
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    '-e, --env, --name, -p, --publish, --network': 'value'}},
                         'save|image save|export|container export': {'risk': 'medium: writes an '
                                                                             'archive',
                                                                     'flags': {'-o, --output': 'write',
                                                                               '--format, --platform': 'value'}},
                         'cp|container cp': {'risk': 'medium: copies between the machine and a '
                                                     'container',
                                             'operands': 'read... write',
                                             'flags': {'-a, --archive, -L, --follow-link, -q, --quiet': 'flag'}},
                         'rm|container rm|container remove': {'risk': 'high: removes a container '
                                                                      'with what it wrote',
                                                              'flags': {'-f, --force': 'high: '
                                                                                       'removes '
                                                                                       'without '
                                                                                       'asking',
                                                                        '-v, --volumes': 'high: '
                                                                                         'removes '
                                                                                         'volumes',
                                                                        '-l, --link': 'flag'}},
                         'rmi|image rm|image remove': {'risk': 'medium: removes what can be made '
                                                               'again',
                                                       'flags': {'-f, --force': 'high: removes '
                                                                                'without asking',
                                                                 '-v, --volumes': 'high: removes '
                                                                                  'volumes',
                                                                 '-a, --all, --prune, -l, --link': 'high: '
                                                                                                   'removes '
                                                                                                   'in '
                                                                                                   'bulk',
                                                                 '-t, --time': 'value'},
                                                       'rules': [{'operand': '*\x00*',
                                                                  'risk': 'high: removes what is '
                                                                          'not known'}]},
                         'attach|container attach': 'medium: joins a running container',
                         'run|container run|container create': {'risk': 'medium: runs an image',
                                                                'remote': True,
                                                                'options': 'first',
                                                                'operands': 'value words',
                                                                'flags': {'-a, --attach, --add-host, --annotation, --blkio-weight, --blkio-weight-device, --cgroup-parent, --cidfile, --cpu-period, --cpu-quota, --cpu-rt-period, --cpu-rt-runtime, -c, --cpu-shares, --cpus, --cpuset-cpus, --cpuset-mems, --detach-keys, --device-read-bps, --device-write-bps, --dns, --dns-opt, --dns-option, --dns-search, --domainname, --expose, --gpus, --group-add, --health-cmd, --health-interval, --health-retries, --health-start-period, --health-start-interval, --health-timeout, -h, --hostname, --ip, --ip6, --isolation, --kernel-memory, -l, --label, --label-file, --link, --link-local-ip, --log-driver, --log-opt, --mac-address, -m, --memory, --memory-reservation, --memory-swap, --memory-swappiness, --name, --network-alias, --net-alias, --oom-score-adj, --pids-limit, --platform, -p, --publish, --pull, --restart, --runtime, --shm-size, --stop-signal, --stop-timeout, --storage-opt, --sysctl, --tmpfs, --ulimit, -u, --user, --volume-driver, -w, --workdir, --pod, --arch, --os, --variant, --secret, --timeout, --tz, --umask, --requires, --sdnotify, --conmon-pidfile, --pidfile, --preserve-fds, --shm-size-systemd, --hostuser, --image-volume, --init-path, --log-level, --passwd-entry, --personality, --rdt-class, --seccomp-policy, --systemd, --gidmap, --uidmap, --subgidname, --subuidname, --decryption-key, --chrootdirs, --env-merge, --unsetenv, --retry, --retry-delay, --cgroupns, --cgroups, --cgroup-conf': 'value',
                                                                          '-e, --env': 'value',
                                                                          '--env-file': 'read',
                                                                          '--entrypoint': 'value; '
                                                                                          'medium: '
                                                                                          'runs '
                                                                                          'another '
                                                                                          'program '
                                                                                          'of the '
                                                                                          'image',
                                                                          '-d, --detach, -i, --interactive, -t, --tty, --rm, --init, --no-healthcheck, --oom-kill-disable, -P, --publish-all, -q, --quiet, --read-only, --sig-proxy, --disable-content-trust, --replace, --env-host, --no-hosts, --rmi, --tls-verify, --http-proxy, --unsetenv-all, --read-only-tmpfs': 'flag',
                                                                          '--privileged': 'high: '
                                                                                          'gives '
                                                                                          'the '
                                                                                          'container '
                                                                                          'the '
                                                                                          'rights '
                                                                                          'of the '
                                                                                          'machine',
                                                                          '--cap-drop': 'value',
                                                                          '--cap-add': 'value; '
                                                                                       'high: '
                                                                                       'gives the '
                                                                                       'container '
                                                                                       'more '
                                                                                       'rights',
                                                                          '--security-opt': 'value',
                                                                          '--security-opt=*unconfined*': 'value; '
                                                                                                         'high: '
                                                                                                         'takes '
                                                                                                         'confinement '
                                                                                                         'away',
                                                                          '--security-opt=*disable*': 'value; '
                                                                                                      'high: '
                                                                                                      'takes '
                                                                                                      'confinement '
                                                                                                      'away',
                                                                          '--device, --device-cgroup-rule': 'value; '
                                                                                                            'high: '
                                                                                                            'gives '
                                                                                                            'the '
                                                                                                            'container '
                                                                                                            'a '
                                                                                                            'device',
                                                                          '-v, --volume': 'mount',
                                                                          '-v=*docker.sock*, --volume': 'value; '
                                                                                                        'high: '
                                                                                                        'gives '
                                                                                                        'the '
                                                                                                        'container '
                                                                                                        'the '
                                                                                                        'machine',
                                                                          '--mount': 'mount',
                                                                          '--mount=*docker.sock*': 'value; '
                                                                                                   'high: '
                                                                                                   'gives '
                                                                                                   'the '
                                                                                                   'container '
                                                                                                   'the '
                                                                                                   'machine',
                                                                          '--volumes-from': 'value',
                                                                          '--pid, --ipc, --uts, --userns, --network, --net': 'value',
                                                                          '--pid=host, --ipc, --uts, --userns, --network, --net': 'value; '
                                                                                                                                  'high: '
                                                                                                                                  'shares '
                                                                                                                                  'the '
                                                                                                                                  "machine's "
                                                                                                                                  'own '
                                                                                                                                  'namespace',
                                                                          '--cgroupns=host': 'value; '
                                                                                             'high: '
                                                                                             'shares '
                                                                                             'the '
                                                                                             "machine's "
                                                                                             'own '
                                                                                             'namespace',
                                                                          '--rootfs': 'high: runs '
                                                                                      'in a folder '
                                                                                      'of the '
                                                                                      'machine'}},
                         'exec|container exec': {'risk': 'medium: runs a command in a container',
                                                 'remote': True,
                                                 'options': 'first',
                                                 'operands': 'value words',
                                                 'flags': {'-d, --detach, -i, --interactive, -t, --tty, -l, --latest': 'flag',
                                                           '-e, --env, -u, --user, -w, --workdir, --detach-keys, --preserve-fds, --cidfile': 'value',
                                                           '--env-file': 'read',
                                                           '--privileged': 'high: gives the '
                                                                           'command the rights of '
                                                                           'the machine'}},
                         'unshare|machine ssh|machine set|machine init|machine cp|system service|system connection add|system connection remove|container clone|container runlabel|play kube|kube play|kube down|kube apply|auto-update|image sign|image trust|image scp|secret create|farm': 'high: '
                                                                                                                                                                                                                                                                                              'changes '
                                                                                                                                                                                                                                                                                              'the '
                                                                                                                                                                                                                                                                                              'machine '
                                                                                                                                                                                                                                                                                              'or '
                                                                                                                                                                                                                                                                                              'what '
                                                                                                                                                                                                                                                                                              'runs '
                                                                                                                                                                                                                                                                                              'by '
                                                                                                                                                                                                                                                                                              'itself',
                         'plugin install|plugin enable|plugin disable|plugin rm|plugin remove|plugin set|plugin upgrade|plugin push|plugin create|swarm init|swarm join|swarm leave|swarm update|swarm join-token|swarm unlock|swarm unlock-key|node update|node rm|node promote|node demote|service create|service update|service rm|service remove|service scale|service rollback|stack deploy|stack up|stack rm|stack remove|stack down|secret rm|secret remove|config create|config rm|config remove|deploy|model|offload|sandbox|mcp': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'changes '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'a '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'cluster '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'or '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'the '
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            'daemon',
                         'compose': {'risk': 'high: this subcommand is not listed',
                                     'bare': 'low',
                                     'flags': {'-f, --file': 'read',
                                               '-p, --project-name, --profile, --project-directory, --env-file, --ansi, --progress, --parallel': 'value',
                                               '--compatibility, --all-resources, --verbose': 'flag',
                                               '--dry-run': 'low: a dry run'}},
                         'compose ps|compose ls|compose logs|compose images|compose top|compose port|compose version|compose config|compose convert|compose events|compose stats|compose volumes': {'risk': 'low',
                                                                                                                                                                                                    'flags': {'-f, --file': 'read',
                                                                                                                                                                                                              '-p, --project-name, --profile, --project-directory, --env-file, --ansi, --progress, --parallel, --tail, --since, --until, --format, --filter, --status, -n, --index, --protocol, --hash': 'value',
                                                                                                                                                                                                              '--compatibility, --dry-run, --all-resources, --follow, -q, --quiet, --services, --no-interpolate, --no-color, -t, --timestamps': 'flag',
                                                                                                                                                                                                              '-o, --output': 'write',
                                                                                                                                                                                                              '--lock-image-digests': 'flag'}},
                         'compose up|compose build|compose pull|compose start|compose stop|compose restart|compose create|compose pause|compose unpause|compose kill|compose watch|compose wait|compose scale|compose attach|compose commit|compose export|compose bridge|compose viz|compose alpha': {'risk': 'medium: '
                                                                                                                                                                                                                                                                                                               'changes '
                                                                                                                                                                                                                                                                                                               'the '
                                                                                                                                                                                                                                                                                                               "project's "
                                                                                                                                                                                                                                                                                                               'containers',
                                                                                                                                                                                                                                                                                                       'flags': {'-f, --file': 'read',
                                                                                                                                                                                                                                                                                                                 '-p, --project-name, --profile, --project-directory, --env-file, --ansi, --progress, --parallel, --scale, -t, --timeout, --pull, --build-arg, --exit-code-from, --attach, --no-attach, --wait-timeout, -s, --signal, --builder, -m, --memory, --ssh': 'value',
                                                                                                                                                                                                                                                                                                                 '--dry-run': 'low: '
                                                                                                                                                                                                                                                                                                                              'a '
                                                                                                                                                                                                                                                                                                                              'dry '
                                                                                                                                                                                                                                                                                                                              'run',
                                                                                                                                                                                                                                                                                                                 '-d, --detach, --build, --no-build, --no-cache, --force-recreate, --no-recreate, --remove-orphans, --wait, --watch, --abort-on-container-exit, -q, --quiet, --quiet-pull, --no-deps, --no-start, --always-recreate-deps, --compatibility, --with-dependencies, --no-color, --no-log-prefix, --timestamps, -w, --menu, --ignore-pull-failures': 'flag',
                                                                                                                                                                                                                                                                                                                 '--push': 'high: '
                                                                                                                                                                                                                                                                                                                           'publishes '
                                                                                                                                                                                                                                                                                                                           'images',
                                                                                                                                                                                                                                                                                                                 '-V, --renew-anon-volumes': 'high: '
                                                                                                                                                                                                                                                                                                                                             'removes '
                                                                                                                                                                                                                                                                                                                                             'volumes',
                                                                                                                                                                                                                                                                                                                 '-y, --yes': 'flag'}},
                         'compose down': {'risk': "medium: removes the project's containers",
                                          'flags': {'-f, --file': 'read',
                                                    '-p, --project-name, --profile, --project-directory, --env-file, -t, --timeout, --ansi, --progress, --parallel': 'value',
                                                    '--dry-run': 'low: a dry run',
                                                    '-v, --volumes': "high: removes the project's "
                                                                     'data',
                                                    '--rmi': 'value; high: removes images',
                                                    '--remove-orphans': 'flag'}},
                         'compose rm': {'risk': 'medium: removes stopped containers',
                                        'flags': {'-f, --force, -s, --stop': 'flag',
                                                  '-v, --volumes': 'high: removes volumes',
                                                  '--file': 'read',
                                                  '-p, --project-name, --profile, --env-file': 'value',
                                                  '--dry-run': 'low: a dry run'}},
                         'compose cp': {'risk': 'medium: copies between the machine and a '
                                                'container',
                                        'operands': 'read... write',
                                        'flags': {'-f, --file': 'read',
                                                  '--index, -p, --project-name': 'value'}},
                         'compose push': 'high: publishes images',
                         'compose run': {'risk': 'medium: runs an image',
                                         'remote': True,
                                         'options': 'first',
                                         'operands': 'value words',
                                         'flags': {'-f, --file': 'read',
                                                   '--project-name, --profile, --project-directory, --env-file, --ansi, --progress, --parallel, -e, --env, -l, --label, --name, -p, --publish, -u, --user, -w, --workdir, --pull, --env-from-file': 'value',
                                                   '--entrypoint': 'value; medium: runs another '
                                                                   'program of the image',
                                                   '-v, --volume': 'mount',
                                                   '--cap-add': 'value; high: gives the container '
                                                                'more rights',
                                                   '-d, --detach, -T, --no-TTY, -i, --interactive, -t, --rm, --no-deps, -P, --service-ports, --use-aliases, --build, --quiet-pull, -q, --remove-orphans, --quiet, --quiet-build': 'flag',
                                                   '--dry-run': 'low: a dry run'}},
                         'compose exec': {'risk': 'medium: runs a command in a container',
                                          'remote': True,
                                          'options': 'first',
                                          'operands': 'value words',
                                          'flags': {'-f, --file': 'read',
                                                    '-p, --project-name, --profile, --project-directory, --env-file, -e, --env, -u, --user, -w, --workdir, --index': 'value',
                                                    '-d, --detach, -T, --no-TTY, -i, --interactive, -t, --tty': 'flag',
                                                    '--privileged': 'high: gives the command the '
                                                                    'rights of the machine',
                                                    '--dry-run': 'low: a dry run'}}}},
 'docker-compose': {'risk': 'high: this subcommand is not listed',
                    'bare': 'low',
                    'flags': {'-f, --file': 'read',
                              '-p, --project-name, --profile, --project-directory, --env-file, --ansi, --progress, --parallel, -c, --context, --log-level, --podman-run-args, --podman-path, --in-pod': 'value',
                              '-H, --host': 'host',
                              '--tlscacert, --tlscert, --tlskey': 'read',
                              '--verbose, --no-ansi, --tls, --tlsverify, --skip-hostname-check, --compatibility': 'flag',
                              '--dry-run': 'low: a dry run'},
                    'commands': {'help|ps|ls|logs|images|top|port|version|config|convert|events|stats|volumes': {'risk': 'low',
                                                                                                                 'flags': {'--tail, --since, --until, --format, --filter, --status, -n, --index, --protocol, --hash': 'value',
                                                                                                                           '-o, --output': 'write',
                                                                                                                           '--follow, -q, --quiet, --services, --no-color, -t, --timestamps': 'flag'}},
                                 'up|build|pull|start|stop|restart|create|pause|unpause|kill|watch|wait|scale|attach|commit|export|bridge|viz': {'risk': 'medium: '
                                                                                                                                                         'changes '
                                                                                                                                                         'the '
                                                                                                                                                         "project's "
                                                                                                                                                         'containers',
                                                                                                                                                 'flags': {'--scale, -t, --timeout, --pull, --build-arg, --exit-code-from, --attach, --wait-timeout, -s, --signal, -m, --memory': 'value',
                                                                                                                                                           '-d, --detach, --build, --no-build, --force-recreate, --remove-orphans, --wait, -q': 'flag',
                                                                                                                                                           '-V, --renew-anon-volumes': 'high: '
                                                                                                                                                                                       'removes '
                                                                                                                                                                                       'volumes',
                                                                                                                                                           '--push': 'high: '
                                                                                                                                                                     'publishes '
                                                                                                                                                                     'images'}},
                                 'down': {'risk': "medium: removes the project's containers",
                                          'flags': {'-t, --timeout': 'value',
                                                    '-v, --volumes': "high: removes the project's "
                                                                     'data',
                                                    '--rmi': 'value; high: removes images',
                                                    '--remove-orphans': 'flag'}},
                                 'rm': {'risk': 'medium: removes stopped containers',
                                        'flags': {'--force, -s, --stop': 'flag',
                                                  '-f': 'flag',
                                                  '-v, --volumes': 'high: removes volumes'}},
                                 'cp': {'risk': 'medium: copies between the machine and a '
                                                'container',
                                        'operands': 'read... write',
                                        'flags': {'--index': 'value'}},
                                 'push|publish': 'high: publishes images',
                                 'run': {'risk': 'medium: runs an image',
                                         'remote': True,
                                         'options': 'first',
                                         'operands': 'value words',
                                         'flags': {'-e, --env, -l, --label, --name, --publish, -u, --user, -w, --workdir, --pull': 'value',
                                                   '-p': 'value',
                                                   '--entrypoint': 'value; medium: runs another '
                                                                   'program of the image',
                                                   '-v, --volume': 'mount',
                                                   '--cap-add': 'value; high: gives the container '
                                                                'more rights',
                                                   '-d, --detach, -T, -i, -t, --rm, --no-deps, --service-ports, --use-aliases, --build, -q, --quiet-pull': 'flag'}},
                                 'exec': {'risk': 'medium: runs a command in a container',
                                          'remote': True,
                                          'options': 'first',
                                          'operands': 'value words',
                                          'flags': {'-e, --env, -u, --user, -w, --workdir, --index': 'value',
                                                    '-d, --detach, -T, -i, -t, --interactive, --tty': 'flag',
                                                    '--privileged': 'high: gives the command the '
                                                                    'rights of the machine'}}}},
 'buildah': {'risk': 'high: this subcommand is not listed',
             'bare': 'low',
             'flags': {'--root, --runroot, --storage-driver, --registries-conf, --log-level, --cgroup-manager': 'value',
                       '--debug': 'flag',
                       '--storage-opt': 'value'},
             'commands': {'help|images|containers|ls|list|ps|inspect|info|version|manifest inspect|mkcw': 'low',
                          'bud|build|build-using-dockerfile|from|commit|config|tag|pull|add|copy|rename|manifest create|manifest add|manifest annotate|umount|unmount|mount': {'risk': 'medium: '
                                                                                                                                                                                       'builds '
                                                                                                                                                                                       'an '
                                                                                                                                                                                       'image',
                                                                                                                                                                               'flags': {'-t, --tag, -f, --file, --name, --build-arg, --format, --platform, -v, --volume': 'value'}},
                          'run': {'risk': 'medium: runs a command in a container',
                                  'remote': True,
                                  'options': 'first',
                                  'operands': 'value words',
                                  'flags': {'-v, --volume, --mount': 'mount',
                                            '-e, --env, -u, --user, --network, --workingdir, --runtime, --hostname': 'value',
                                            '--privileged': 'high: gives the container the rights '
                                                            'of the machine',
                                            '--cap-add': 'value; high: gives the container more '
                                                         'rights',
                                            '-t, --tty': 'flag'}},
                          'rm|rmi|delete|prune|push|manifest push|manifest rm|login|logout|unshare|source': 'high: '
                                                                                                            'publishes, '
                                                                                                            'removes '
                                                                                                            'or '
                                                                                                            'touches '
                                                                                                            'credentials'}},
 'skopeo': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'--override-arch, --override-os, --override-variant, --policy, --registries.d, --tmpdir, --command-timeout, --registries-conf, --user-agent-prefix': 'value',
                      '--debug, --insecure-policy': 'flag'},
            'commands': {'help|inspect|list-tags|manifest-digest|standalone-verify': {'risk': 'low',
                                                                                      'flags': {'--format, --creds, --authfile, --cert-dir, --tls-verify': 'value'}},
                         'copy': {'risk': 'medium: copies an image',
                                  'flags': {'--src-creds, --dest-creds, --authfile, --format, -f, --src-cert-dir, --dest-cert-dir, --additional-tag, --src-authfile, --dest-authfile, --multi-arch': 'value'},
                                  'rules': [{'operand': 'docker://*',
                                             'at': 1,
                                             'risk': 'high: publishes an image'}]},
                         'sync|delete|login|logout|standalone-sign|generate-sigstore-key|experimental-image-proxy': 'high: '
                                                                                                                    'publishes, '
                                                                                                                    'removes '
                                                                                                                    'or '
                                                                                                                    'touches '
                                                                                                                    'credentials'}},
 'crane': {'risk': 'high: this subcommand is not listed',
           'bare': 'low',
           'flags': {'--platform, --allow-nondistributable-artifacts, --host, --logopt, --user-agent': 'value',
                     '-v, --verbose, --insecure': 'flag'},
           'commands': {'help|version|ls|catalog|digest|manifest|config|blob|validate|completion|tag ls|repo ls|image manifest|image config|image digest|image inspect|manifest get|manifest head|blob get|index list|artifact list|artifact tree': 'low',
                        'pull|export|image export|image get-file|artifact get': {'risk': 'medium: '
                                                                                         'copies '
                                                                                         'an image',
                                                                                 'operands': 'value '
                                                                                             'write'},
                        'push|copy|cp|tag|delete|append|mutate|rebase|flatten|index append|index filter|auth|auth login|auth logout|auth get|auth token|edit config|edit manifest|tag delete|image copy|image import|image mod|image delete|manifest put|manifest delete|blob put|blob copy|index add|index create|index delete|artifact put|registry login|registry logout|registry set|config set': 'high: '
                                                                                                                                                                                                                                                                                                                                                                                                      'publishes, '
                                                                                                                                                                                                                                                                                                                                                                                                      'removes '
                                                                                                                                                                                                                                                                                                                                                                                                      'or '
                                                                                                                                                                                                                                                                                                                                                                                                      'touches '
                                                                                                                                                                                                                                                                                                                                                                                                      'credentials'}},
 'cosign': {'risk': 'high: signs, publishes or touches keys',
            'bare': 'low',
            'commands': {'help|version|tree|triangulate|verify|verify-attestation|verify-blob|verify-blob-attestation|dockerfile verify|manifest verify|download sbom|download attestation|download signature|env|ls|inspect|list|certificate list|key list|policy show|search|get|loginfo': {'risk': 'low: '
                                                                                                                                                                                                                                                                                                      'verifies',
                                                                                                                                                                                                                                                                                              'flags': {'--key, --certificate, --certificate-identity, --certificate-identity-regexp, --certificate-oidc-issuer, --certificate-oidc-issuer-regexp, --type, --policy, -o, --output, --signature, --bundle, --rekor-url': 'value'}}}},
 'docker-machine': {'risk': 'high: changes machines',
                    'bare': 'low',
                    'flags': {'-s, --storage-path, --tls-ca-cert, --tls-ca-key, --tls-client-cert, --tls-client-key, --github-api-token': 'value',
                              '-D, --debug, --native-ssh': 'flag'},
                    'commands': {'ls|ip|status|inspect|url|version|active|env|config|help': {'risk': 'low',
                                                                                             'flags': {'-f, --format, --filter, --shell, -t, --timeout': 'value'}},
                                 'ssh': {'risk': 'high: opens a shell on a machine',
                                         'remote': True,
                                         'operands': 'host shell...',
                                         'options': 'first',
                                         'rules': [{'operand': '*',
                                                    'at': 1,
                                                    'risk': 'low: runs a command on a machine'}]}}},
 'crictl': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'-r, --runtime-endpoint, -i, --image-endpoint, -c, --config, -t, --timeout': 'value',
                      '-D, --debug': 'flag'},
            'commands': {'help|h|ps|pods|images|image|img|inspect|inspecti|inspectp|logs|stats|statsp|info|version|imagefsinfo|completion|metricsp|events': 'low',
                         'pull': 'medium: fetches an image',
                         'exec': {'risk': 'medium: runs a command in a container',
                                  'remote': True,
                                  'options': 'first',
                                  'operands': 'value words',
                                  'flags': {'--timeout, -r, --transport': 'value',
                                            '-i, --interactive, -t, --tty, -s, --sync': 'flag'}},
                         'rm|rmi|rmp|stop|stopp|start|run|runp|create|update|attach|port-forward|config|checkpoint': 'high: '
                                                                                                                     'changes '
                                                                                                                     'what '
                                                                                                                     'runs '
                                                                                                                     'on '
                                                                                                                     'a '
                                                                                                                     'node'}},
 'ctr': {'risk': 'high: works below the container engine',
         'bare': 'low',
         'flags': {'-a, --address, --timeout, --connect-timeout, -n, --namespace': 'value',
                   '--debug': 'flag'},
         'commands': {'help|version|images ls|images list|images check|i ls|i list|image ls|image list|containers ls|containers list|containers info|c ls|c list|tasks ls|tasks list|tasks ps|tasks metrics|t ls|namespaces ls|namespaces list|ns ls|plugins ls|plugins list|content ls|snapshots ls|snapshots list|leases ls|info|events': 'low',
                      'images pull|images tag|images import|images export|i pull': 'medium: '
                                                                                   'changes local '
                                                                                   'images'}},
 'kind': {'risk': 'high: this subcommand is not listed',
          'bare': 'low',
          'flags': {'-v, --verbosity, --loglevel': 'value', '-q, --quiet': 'flag'},
          'commands': {'help|get clusters|get nodes|version|completion': 'low',
                       'get kubeconfig': 'high: shows credentials',
                       'create cluster|load docker-image|load image-archive|build node-image|export logs': {'risk': 'medium: '
                                                                                                                    'makes '
                                                                                                                    'a '
                                                                                                                    'local '
                                                                                                                    'cluster',
                                                                                                            'flags': {'--config': 'read',
                                                                                                                      '--name, -n, --image, --kubeconfig, --wait': 'value'}},
                       'export kubeconfig': "high: changes the person's settings of kubectl",
                       'delete cluster|delete clusters': 'high: removes a cluster with its data'}},
 'minikube': {'risk': 'high: this subcommand is not listed',
              'bare': 'low',
              'flags': {'-p, --profile, -b, --bootstrapper, -v, --v, --log_dir, --rootless, --user': 'value',
                        '--alsologtostderr, --logtostderr': 'flag'},
              'commands': {'help|status|ip|version|logs|profile list|node list|addons list|service list|image ls|image list|docker-env|podman-env|config view|config get|config defaults|update-check|completion|license|options': 'low',
                           'start|stop|pause|unpause|image load|image build|image pull|image tag|cache add|cache reload|profile|addons enable|addons configure|addons images|addons open|node start|node stop|service|dashboard|mount|tunnel|update-context|image save|node add': 'medium: '
                                                                                                                                                                                                                                                                                  'changes '
                                                                                                                                                                                                                                                                                  'a '
                                                                                                                                                                                                                                                                                  'local '
                                                                                                                                                                                                                                                                                  'cluster',
                           'kubectl get|kubectl describe|kubectl logs|kubectl top|kubectl version|kubectl explain|kubectl cluster-info': {'risk': 'low',
                                                                                                                                          'rules': [{'operand': '*secret*',
                                                                                                                                                     'risk': 'high: '
                                                                                                                                                             'shows '
                                                                                                                                                             'credentials'}]},
                           'kubectl': 'high: may change a cluster',
                           'ssh': {'risk': 'medium: runs a command on a node',
                                   'remote': True,
                                   'operands': 'shell',
                                   'options': 'first',
                                   'flags': {'-n, --node': 'value', '--native-ssh': 'flag'}},
                           'delete|node delete|addons disable|cache delete|image rm|config set|config unset|cp|ssh-key|ssh-host': 'high: '
                                                                                                                                  'removes '
                                                                                                                                  'or '
                                                                                                                                  'changes '
                                                                                                                                  'a '
                                                                                                                                  'cluster'}},
 'k3d': {'risk': 'high: this subcommand is not listed',
         'bare': 'low',
         'flags': {'--verbose, --trace, --timestamps': 'flag'},
         'commands': {'help|version|cluster list|cluster ls|node list|node ls|registry list|completion|image list': 'low',
                      'cluster create|cluster start|cluster stop|cluster edit|node create|node start|node stop|image import|registry create|config init|config migrate': {'risk': 'medium: '
                                                                                                                                                                                  'changes '
                                                                                                                                                                                  'a '
                                                                                                                                                                                  'local '
                                                                                                                                                                                  'cluster',
                                                                                                                                                                          'flags': {'-c, --config, -a, --agents, -s, --servers, -p, --port, -i, --image': 'value',
                                                                                                                                                                                    '-v, --volume': 'mount'}},
                      'cluster delete|cluster rm|node delete|registry delete|kubeconfig get|kubeconfig print|kubeconfig merge|kubeconfig write|node edit': 'high: '
                                                                                                                                                           'removes '
                                                                                                                                                           'a '
                                                                                                                                                           'cluster '
                                                                                                                                                           'or '
                                                                                                                                                           'shows '
                                                                                                                                                           'credentials'}},
 'lazydocker': {'risk': 'medium: an interactive program'},
 'hadolint': {'risk': 'low: looks for faults',
              'flags': {'-c, --config, -t, --failure-threshold, -f, --format, --ignore, --severity, --exit-code, --scanners, --ignore-unfixed': 'value',
                        '-o, --output, --file': 'write'},
              'operands': 'value read...'},
 'colima': {'risk': 'high: this subcommand is not listed',
            'bare': 'low',
            'flags': {'-p, --profile': 'value', '--debug, --verbose, -v': 'flag'},
            'commands': {'help|status|list|ls|version|info|find|networks|image list|storage list|config show|profile list|network list': 'low',
                         'start|stop|restart|suspend|launch|pause|resume|validate': 'medium: '
                                                                                    'starts or '
                                                                                    'stops a '
                                                                                    'virtual '
                                                                                    'machine',
                         'exec': {'risk': 'medium: runs a command in a machine',
                                  'remote': True,
                                  'options': 'first',
                                  'operands': 'value words',
                                  'flags': {'--cwd, --user, --group, --env, --mode, -d, --working-directory': 'value'}},
                         'ssh': {'risk': 'medium: runs a command in a machine',
                                 'remote': True,
                                 'operands': 'words',
                                 'options': 'first'},
                         'shell': {'risk': 'medium: runs a command in a machine',
                                   'remote': True,
                                   'operands': 'value words',
                                   'options': 'first',
                                   'flags': {'--workdir, --shell, --preserve-env': 'value'}},
                         'delete|template|update|ssh-config|kubernetes|transfer|mount|umount|purge|file|snapshot|copy|move|config|remote': 'high: '
                                                                                                                                           'removes '
                                                                                                                                           'or '
                                                                                                                                           'changes '
                                                                                                                                           'a '
                                                                                                                                           'virtual '
                                                                                                                                           'machine'}}}
