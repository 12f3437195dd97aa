"""What is asked about at every autonomy level, whoever trusts the agent with what.

Each row is an entry as in a list of settings, with what it would do. Where `operands` are given, one of
them must be among the words too, in any place, compared as a path; `but` takes words out again.
"""

from dataclasses import dataclass

_SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/opt", "/proc", "/root", "/sbin", "/srv",
    "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/local", "/var", "/var/lib", "/Applications", "/Library",
    "/System", "/Users", "/private", "/mnt", "/media", "/Volumes",
)  # fmt: skip
ROOTS = ("/", "/[*]", "{home}", "{home}/[*]", *_SYSTEM, *(f"{folder}/[*]" for folder in _SYSTEM))
"""Folders that a system or a person cannot do without, and all that lies in them."""
HERE = (".", "..", "[*]", ".[*]", "../[*]", ".git")
"""The folder that a command works in, whole, and its history."""
DEVICES = (
    "/dev/sd*", "/dev/nvme*", "/dev/hd*", "/dev/vd*", "/dev/xvd*", "/dev/mmcblk*", "/dev/disk*",
    "/dev/rdisk*", "/dev/md*", "/dev/dm-*", "/dev/mapper/*", "/dev/loop*", "/dev/mem", "/dev/kmem",
    "/dev/port",
)  # fmt: skip
SYSTEM_FILES = (
    "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/sudoers", "/etc/sudoers.d/*", "/etc/fstab", "/boot/*",
)  # fmt: skip
PROTECTED_BRANCHES = ("main", "master", "trunk", "develop", "production", "prod", "release", "release/*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destructive:
    """One row.

    Attributes:
        entries: Patterns; any of them.
        operands: Globs for words, normalised as paths; empty where the entries say enough.
        but: Globs for words that are harmless.
    """

    entries: tuple[str, ...]
    why: str
    operands: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


DESTRUCTIVE = (
    Destructive(
        entries=("rm -r", "rm -R", "rm --recursive"),
        operands=(*ROOTS, *HERE),
        why="deletes a whole system, home or working folder",
    ),
    Destructive(entries=("rm --no-preserve-root",), why="deletes the root folder"),
    Destructive(
        entries=("rm", "shred", "unlink"),
        operands=(*DEVICES, *SYSTEM_FILES),
        why="deletes what the system needs",
    ),
    Destructive(
        entries=("find -delete", "find -exec rm", "find -execdir rm"),
        operands=ROOTS,
        why="deletes all over a system or home folder",
    ),
    Destructive(
        entries=("chmod -R", "chown -R", "chgrp -R", "setfacl -R", "chattr -R"),
        operands=(*ROOTS, ".."),
        why="changes who may do what all over a system or home folder",
    ),
    Destructive(entries=("mv",), operands=("/dev/null",), why="moves files into nothing"),
    Destructive(
        entries=("dd of=/dev/*",),
        but=("of=/dev/null", "of=/dev/stdout", "of=/dev/stderr", "of=/dev/zero", "of=/dev/tty"),
        why="writes to a device",
    ),
    Destructive(
        entries=(
            "mkfs", "mkfs.*", "mke2fs", "mkswap", "mkntfs", "newfs", "wipefs", "blkdiscard", "fdisk",
            "sfdisk", "cfdisk", "gdisk", "sgdisk", "parted", "badblocks -w", "hdparm --security-erase",
            "cryptsetup luksFormat", "cryptsetup erase", "nvme format", "pvremove", "vgremove", "lvremove",
            "zpool destroy", "zfs destroy", "mdadm --zero-superblock", "diskutil eraseDisk",
            "diskutil eraseVolume", "diskutil zeroDisk", "diskutil partitionDisk",
        ),
        why="wipes or partitions a disk",
    ),
    Destructive(
        entries=(
            "shutdown", "reboot", "halt", "poweroff", "init 0", "init 6", "telinit 0", "telinit 6",
            "systemctl poweroff", "systemctl reboot", "systemctl halt", "systemctl kexec", "systemctl rescue",
            "systemctl emergency", "systemctl isolate", "systemctl suspend", "systemctl hibernate", "kexec",
        ),
        but=("--help", "--version", "-c"),
        why="stops the machine",
    ),
    Destructive(
        entries=(
            "kill -9 -1", "kill -KILL -1", "kill -SIGKILL -1", "kill -s KILL -1", "kill -- -1", "killall5",
        ),
        why="ends every program",
    ),
    Destructive(
        entries=("kill",), operands=("1",), but=("-l", "-0"), why="ends every program, or the first one"
    ),
    Destructive(
        entries=(
            "userdel", "deluser", "groupdel", "delgroup", "passwd", "chpasswd", "visudo", "usermod",
            "dscl . -delete", "sysadminctl -deleteUser",
        ),
        but=("-S", "--status", "--help"),
        why="changes who may use the machine",
    ),
    Destructive(
        entries=("crontab -r", "iptables -F", "iptables --flush", "ip6tables -F", "nft flush", "ufw disable",
                 "ufw reset", "setenforce 0", "csrutil disable", "spctl --master-disable"),
        why="takes a protection or a schedule away",
    ),
    Destructive(
        entries=("droid-lsp trust", "droid trust"),
        but=("--list", "--help"),
        why="lets a repository change what is allowed",
    ),
    Destructive(
        entries=("droid-lsp exec --skip-permissions-unsafe", "droid exec --skip-permissions-unsafe"),
        why="starts an agent that asks nobody",
    ),
    Destructive(
        entries=("history -c", "history -w", "history -d"), why="changes the history of commands"
    ),
    Destructive(
        entries=(
            "rmmod", "modprobe -r", "insmod", "sysctl -w", "grub-install", "efibootmgr -B", "efibootmgr -b",
            "update-initramfs -d", "bootctl remove",
        ),
        why="changes the running system or how it starts",
    ),
    Destructive(
        entries=("git push --mirror", "git push --prune", "git filter-branch", "git filter-repo",
                 "git reflog expire", "git update-ref -d refs/heads/*"),
        why="rewrites or deletes history for everybody",
    ),
    Destructive(
        entries=("terraform destroy", "tofu destroy", "terraform apply -destroy", "pulumi destroy",
                 "cdk destroy", "terragrunt destroy", "kubectl delete namespace", "kubectl delete namespaces",
                 "kubectl delete ns", "kubectl delete --all", "kubectl delete pv", "kubectl delete crd",
                 "kubectl drain", "aws s3 rb", "aws s3 rm --recursive", "aws ec2 terminate-instances",
                 "aws rds delete-db-instance", "aws dynamodb delete-table", "aws cloudformation delete-stack",
                 "gcloud projects delete", "gcloud sql instances delete", "gsutil rm -r", "gsutil rb",
                 "az group delete", "heroku apps:destroy", "heroku pg:reset", "fly apps destroy",
                 "gh repo delete", "gh api -X DELETE", "glab repo delete", "npm unpublish", "dropdb",
                 "dropuser", "mysqladmin drop", "redis-cli flushall", "redis-cli flushdb", "helm uninstall",
                 "docker system prune", "docker volume prune", "podman system prune", "podman system reset"),
        but=("--dry-run", "--dry-run=client", "--dry-run=server", "--help"),
        why="destroys what may not come back",
    ),
)  # fmt: skip
