/* Giving up what reading and writing books does not need: Landlock for files, a seccomp filter for
 * system calls. Both are the kernel's own interfaces: they need no library. */
#include "base/sandbox.h"

#include "base/file.h"
#include "base/sanitised.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- Files, sockets and signals: landlock(7) --- */

/* By the version of the interface that brought them; Debian 12's header has version 2. */
#define ACCESS_FS_TRUNCATE         (1ULL << 14) /* 3 */
#define ACCESS_FS_IOCTL_DEV        (1ULL << 15) /* 5 */
#define ACCESS_NET_BIND_TCP        (1ULL << 0)  /* 4 */
#define ACCESS_NET_CONNECT_TCP     (1ULL << 1)  /* 4 */
#define SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0)  /* 6 */
#define SCOPE_SIGNAL               (1ULL << 1)  /* 6 */

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITING                                                                                    \
	(READING | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |                   \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |                            \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER | ACCESS_FS_TRUNCATE)

/* The program's libraries, charsets (gconv), language models, fonts; how many cores there are; what
 * the C library asks about memory. */
static const char *const system_paths[] = {
	"/usr",
	"/lib",
	"/lib64",
	"/etc/ld.so.cache",
	"/etc/fonts",
	"/var/cache/fontconfig",
	"/sys/devices/system/cpu",
	"/proc/sys/vm",
	NULL,
};

/* Files that resolve names of hosts and that list the trusted certificates. */
static const char *const network_paths[] = {
	"/etc/resolv.conf",     "/etc/hosts",
	"/etc/host.conf",       "/etc/gai.conf",
	"/etc/nsswitch.conf",   "/etc/services",
	"/etc/ssl/certs",       "/etc/ssl/openssl.cnf",
	"/etc/ca-certificates", NULL,
};

/* Every right that this kernel can take away. */
static struct ruleset_attr rights_of(long abi, bool network)
{
	struct ruleset_attr all = {.fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
	if (abi >= 2)
		all.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all.fs |= ACCESS_FS_TRUNCATE;
	if (abi >= 4)
		all.net = ACCESS_NET_BIND_TCP | (network ? 0 : ACCESS_NET_CONNECT_TCP);
	if (abi >= 5)
		all.fs |= ACCESS_FS_IOCTL_DEV;
	if (abi >= 6)
		all.scoped = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL;
	return all;
}

/* How much of the structure a kernel knows: it refuses a longer one. */
static size_t attr_size(long abi)
{
	return abi >= 6   ? sizeof(struct ruleset_attr)
	       : abi >= 4 ? offsetof(struct ruleset_attr, scoped)
			  : offsetof(struct ruleset_attr, net);
}

/* The folder that `path` is or is in, or the nearest above it that exists. -1: none. */
static int open_folder(const char *path)
{
	char *name = strdup(path);
	int fd = -1;
	while (name && fd < 0) {
		fd = open(name, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 || strcmp(name, ".") == 0 || strcmp(name, "/") == 0)
			break;
		char *above = file_dirname(name);
		free(name);
		name = above;
	}
	free(name);
	return fd;
}

/* Takes over `fd`. -1, what could not be opened, is left out: it could not be read or written,
 * either. A file that is no folder takes fewer rights. */
static void allow_fd(int ruleset, uint64_t rights, int fd)
{
	const uint64_t of_files =
		LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | ACCESS_FS_TRUNCATE;
	struct landlock_path_beneath_attr rule = {rights, fd};
	struct stat st;
	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
		rule.allowed_access &= of_files;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(fd);
}

/* These files, and what is below these folders. */
static void allow_reading(int ruleset, const char *const *paths)
{
	for (; paths && *paths; paths++)
		allow_fd(ruleset, READING, open(*paths, O_PATH | O_CLOEXEC));
}

static bool restrict_files(const char *const *read, const char *const *write, bool network)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return false;
	struct ruleset_attr attr = rights_of(abi, network);
	long ruleset = syscall(SYS_landlock_create_ruleset, &attr, attr_size(abi), 0);
	if (ruleset < 0)
		return false;
	allow_reading((int)ruleset, system_paths);
	if (network)
		allow_reading((int)ruleset, network_paths);
	allow_reading((int)ruleset, read);
	for (; write && *write; write++)
		allow_fd((int)ruleset, WRITING & attr.fs, open_folder(*write));
	bool done = syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
	close((int)ruleset);
	return done;
}

/* --- System calls --- */

#if defined __x86_64__
#define MACHINE AUDIT_ARCH_X86_64
#elif defined __aarch64__
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined __riscv && __riscv_xlen == 64
#define MACHINE AUDIT_ARCH_RISCV64
#endif

#ifdef MACHINE

/* Files (as far as Landlock lets them), memory, threads, the clock, the end. Not: sockets, other
 * programs, other processes, mounts, keys, modules, calls that later kernels add. */
static const unsigned allowed_calls[] = {
	SYS_read,
	SYS_readv,
	SYS_pread64,
	SYS_write,
	SYS_writev,
	SYS_pwrite64,
	SYS_lseek,
	SYS_close,
	SYS_openat,
	SYS_fstat,
	SYS_fstatfs,
	SYS_fgetxattr, /* file_get_note() */
	SYS_newfstatat,
	SYS_statx,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_getdents64,
	SYS_getcwd,
	SYS_dup,
	SYS_fadvise64,
	SYS_linkat,
	SYS_renameat2,
	SYS_unlinkat,
	SYS_mkdirat,
	SYS_fsync,
	SYS_flock, /* chapbook_temporary_make() */
	SYS_fdatasync,
	SYS_ftruncate,
	SYS_memfd_create,
	/* */
	SYS_brk,
	SYS_mmap,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_madvise,
	/* */
	SYS_futex,
	SYS_set_robust_list,
	SYS_rseq,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_gettid,
	SYS_getpid,
	SYS_rt_sigprocmask,
	SYS_rt_sigaction,
	SYS_rt_sigreturn,
	SYS_sigaltstack,
	SYS_restart_syscall,
	SYS_exit,
	SYS_exit_group,
	/* */
	SYS_clock_gettime,
	SYS_gettimeofday,
	SYS_getrandom,
	SYS_sysinfo,
	SYS_uname,
#ifdef SYS_renameat
	SYS_renameat,
#endif
#ifdef __x86_64__ /* its C library still has the old ones */
	SYS_open,
	SYS_stat,
	SYS_lstat,
	SYS_access,
	SYS_readlink,
	SYS_rename,
	SYS_link,
	SYS_unlink,
	SYS_mkdir,
	SYS_time,
#endif
};

/* What fetching needs in addition. No bind(), listen() or accept(). */
static const unsigned network_calls[] = {
	SYS_connect,       SYS_getsockname, SYS_getpeername, SYS_sendto,   SYS_recvfrom,
	SYS_sendmsg,       SYS_recvmsg,     SYS_sendmmsg,    SYS_recvmmsg, SYS_shutdown,
	SYS_setsockopt,    SYS_getsockopt,  SYS_ppoll,       SYS_pselect6, SYS_eventfd2,
	SYS_epoll_create1, SYS_epoll_ctl,   SYS_epoll_pwait, SYS_pipe2,
#ifdef __x86_64__
	SYS_poll,          SYS_select,      SYS_epoll_wait,
#endif
};

enum {
	CALLS = sizeof allowed_calls / sizeof *allowed_calls,
	NETWORK_CALLS = sizeof network_calls / sizeof *network_calls,
	LONGEST = 2 * (CALLS + NETWORK_CALLS) + 100,
};

struct filter {
	struct sock_filter code[LONGEST];
	unsigned short len;
};

static void put(struct filter *f, unsigned short code, uint32_t k, unsigned char jt,
		unsigned char jf)
{
	f->code[f->len++] = (struct sock_filter){code, jt, jf, k};
}

static void put_load(struct filter *f, size_t offset)
{
	put(f, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void put_return(struct filter *f, uint32_t action)
{
	put(f, BPF_RET | BPF_K, action, 0, 0);
}

static void put_calls(struct filter *f, const unsigned *calls, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		put(f, BPF_JMP | BPF_JEQ | BPF_K, calls[i], 0, 1);
		put_return(f, SECCOMP_RET_ALLOW);
	}
}

static void put_argument(struct filter *f, unsigned argument)
{
	put_load(f, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
}

/* Refuse, unless the bits of `mask` in the argument loaded last have one of the values. */
static void put_one_of(struct filter *f, uint32_t mask, const uint32_t *values, size_t count)
{
	put(f, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	for (size_t i = 0; i < count; i++)
		put(f, BPF_JMP | BPF_JEQ | BPF_K, values[i], (unsigned char)(count - i), 0);
	put_return(f, SECCOMP_RET_ERRNO | EPERM);
}

#define ONE_OF(f, mask, ...)                                                                       \
	put_one_of(f, mask, (const uint32_t[]){__VA_ARGS__},                                       \
		   sizeof(const uint32_t[]){__VA_ARGS__} / sizeof(uint32_t))

/* Begin the rules of one call, which decide its fate. Returns where put_call_end() has to patch. */
static unsigned short put_call(struct filter *f, unsigned call)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 0);
	return (unsigned short)(f->len - 1);
}

static void put_call_end(struct filter *f, unsigned short start)
{
	put_return(f, SECCOMP_RET_ALLOW);
	f->code[start].jf = (unsigned char)(f->len - start - 1);
}

/* A call that is allowed where the bits of `mask` of an argument are `value`. */
static void put_test(struct filter *f, unsigned call, unsigned argument, uint32_t mask,
		     uint32_t value)
{
	unsigned short start = put_call(f, call);
	put_argument(f, argument);
	put_one_of(f, mask, &value, 1);
	put_call_end(f, start);
}

/* Not: F_SETOWN, F_SETSIG, O_ASYNC (signals to any process of the user), leases, pipe sizes. */
static void put_fcntl(struct filter *f)
{
	unsigned short start = put_call(f, SYS_fcntl);
	put_argument(f, 1);
	ONE_OF(f, ~0u, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD, F_DUPFD_CLOEXEC, F_ADD_SEALS);
	put(f, BPF_JMP | BPF_JEQ | BPF_K, F_SETFL, 0, 4);
	put_argument(f, 2);
	ONE_OF(f, O_ASYNC, 0);
	put_call_end(f, start);
}

/* TCP and UDP over IP. libcurl wakes its threads by pairs of connected sockets, which reach no
 * other process; a pair of datagram sockets could be connected anew. */
static void put_sockets(struct filter *f)
{
	const uint32_t kind = ~(uint32_t)(SOCK_NONBLOCK | SOCK_CLOEXEC);
	unsigned short start = put_call(f, SYS_socket);
	put_argument(f, 0);
	ONE_OF(f, ~0u, AF_INET, AF_INET6);
	put_argument(f, 1);
	ONE_OF(f, kind, SOCK_STREAM, SOCK_DGRAM);
	put_argument(f, 2);
	ONE_OF(f, ~0u, 0, IPPROTO_TCP, IPPROTO_UDP);
	put_call_end(f, start);
	put_test(f, SYS_socketpair, 1, kind, SOCK_STREAM);
}

/* `channel`: a socket that may be used without network, too; -1: none. */
static bool restrict_calls(bool network, int channel)
{
	struct filter f = {.len = 0};
	put_load(&f, offsetof(struct seccomp_data, arch));
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	put_return(&f, SECCOMP_RET_KILL_PROCESS);
	put_load(&f, offsetof(struct seccomp_data, nr));
	put_calls(&f, allowed_calls, CALLS);
	put_calls(&f, network_calls, network ? NETWORK_CALLS : 0);
	put_test(&f, SYS_clone, 0, CLONE_THREAD, CLONE_THREAD);
	put_test(&f, SYS_ioctl, 1, ~0u, TCGETS);              /* isatty() */
	put_test(&f, SYS_tgkill, 0, ~0u, (uint32_t)getpid()); /* abort() */
	put_fcntl(&f);
	if (network)
		put_sockets(&f);
	if (!network && channel >= 0) {
		put_test(&f, SYS_sendmsg, 0, ~0u, (uint32_t)channel);
		put_test(&f, SYS_recvmsg, 0, ~0u, (uint32_t)channel);
	}
	/* Its flags are in memory, out of sight; the C library falls back on clone(). */
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
	put_return(&f, SECCOMP_RET_ERRNO | ENOSYS);
	put_return(&f, SECCOMP_RET_ERRNO | EPERM);
	struct sock_fprog program = {f.len, f.code};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

#else

static bool restrict_calls(bool network, int channel)
{
	(void)network;
	(void)channel;
	return false;
}

#endif

int sandbox_enter(const char *const *read, const char *const *write, bool network, int channel)
{
#ifdef SANITIZED /* it makes calls of its own, and searches for leaks from another process */
	(void)read;
	(void)write;
	(void)network;
	(void)channel;
	(void)restrict_files;
	(void)restrict_calls;
	return 0;
#else
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	int held = restrict_files(read, write, network) ? CHAPBOOK_SANDBOX_FILES : 0;
	return held | (restrict_calls(network, channel) ? CHAPBOOK_SANDBOX_CALLS : 0);
#endif
}

int chapbook_sandbox(const char *const *read, const char *const *write, bool network)
{
	return sandbox_enter(read, write, network, -1);
}
