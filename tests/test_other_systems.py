"""Linux, macOS and Windows can import every module: the code is read, since nothing here can run the other two."""

import ast

import pytest
from test_architecture import SOURCES, is_type_checking, module_name

# What Windows or macOS lacks, and what Linux lacks.
NOT_EVERYWHERE = """
    _winapi asyncio.unix_events asyncio.windows_events crypt curses dbm.gnu dbm.ndbm fcntl grp msvcrt nis nt ossaudiodev
    posix pty pwd readline resource spwd syslog termios tty winreg winsound
    os.EX_OK os.O_CLOEXEC os.O_DIRECTORY os.O_NOFOLLOW os.O_NONBLOCK os.O_SYNC os.O_TMPFILE os.PRIO_PROCESS os.chown
    os.chroot os.eventfd os.fchdir os.fchmod os.fchown os.fork os.forkpty os.getegid os.geteuid os.getgid os.getgroups
    os.getloadavg os.getpgid os.getpgrp os.getpriority os.getsid os.getuid os.initgroups os.killpg os.lchown
    os.memfd_create os.mkfifo os.mknod os.nice os.openpty os.pathconf os.pidfd_open os.posix_fadvise os.posix_spawn
    os.pread os.pwrite os.readv os.sched_getaffinity os.sched_setaffinity os.setpgid os.setpriority os.setsid
    os.startfile os.statvfs os.sync os.sysconf os.uname os.wait os.wait3 os.wait4 os.waitid os.writev
    select.epoll select.kqueue select.poll signal.SIGALRM signal.SIGHUP signal.SIGKILL signal.SIGPIPE signal.SIGQUIT
    signal.SIGUSR1 signal.alarm signal.pause signal.pthread_kill signal.pthread_sigmask signal.setitimer
    socket.AF_UNIX socket.socketpair time.clock_gettime time.tzset
"""
LACKING = set(NOT_EVERYWHERE.split())
# Only where a process was ended by a signal, which no process is on Windows.
NEVER_REACHED = {("shopsim.base.work.worker_process", "signal.SIGKILL")}


def used_names(node, around=()):
    """(name, line, the statements it stands in) of each import and each attribute of a module."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, node.lineno, around) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        yield from ((name, node.lineno, around) for name in names)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield f"{node.value.id}.{node.attr}", node.lineno, around
    inside = (*around, node) if isinstance(node, (ast.FunctionDef, ast.Try, ast.With)) else around
    for child in ast.iter_child_nodes(node):
        if not is_type_checking(child):
            yield from used_names(child, inside)


def missing_names(code):
    """Names that not every system has, where the code neither asks for them nor expects that they are missing."""
    tree = ast.parse(code)
    asked = {ast.unparse(call.args[0]) + "." + call.args[1].value for call in ast.walk(tree) if is_question(call)}
    for name, line, around in used_names(tree):
        if name in LACKING and name not in asked and not any(map(is_prepared, around)):
            yield name, line


def is_prepared(statement):
    """Whether it goes on without the name."""
    return any(error in ast.unparse(statement) for error in ("AttributeError", "ImportError"))


def is_question(node):
    """Whether it is `hasattr(os, "name")`."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "hasattr" and isinstance(node.args[1], ast.Constant)


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_every_system_has_what_it_needs(path):
    missing = list(missing_names(path.read_text(encoding="utf-8")))
    assert [(name, line) for name, line in missing if (module_name(path), name) not in NEVER_REACHED] == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("def f():\n    import pwd", ["pwd"]),
        ("from os import geteuid", ["os.geteuid"]),
        ("import os\nowner = os.geteuid()", ["os.geteuid"]),
        ("import os\nowner = os.geteuid() if hasattr(os, 'geteuid') else 0", []),
        ("import os\nowner = os.geteuid() if hasattr(os, 'getuid') else 0", ["os.geteuid"]),
        ("try:\n    import fcntl\nexcept ImportError:\n    fcntl = None", []),
        ("try:\n    import fcntl\nexcept OSError:\n    fcntl = None", ["fcntl"]),
        ("if TYPE_CHECKING:\n    import fcntl", []),
        ("import os, signal\nsignal.signal(signal.SIGTERM, print)\nos.kill(1, 15)", []),
    ],
)
def test_what_another_system_lacks_is_found(code, found):
    assert [name for name, _ in missing_names(code)] == found
