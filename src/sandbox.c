/* Giving up what reading and writing books does not need: Landlock for files, a seccomp filter for
 * system calls. Both are the kernel's own interfaces: they want no library, and cost no start-up.
 */
#include "chapbook.h"

#include "base/error.h"
#include "base/file.h"

#include <asm/ioctls.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- Files --- */

#ifndef LANDLOCK_ACCESS_FS_TRUNCATE /* Linux 6.2 */
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITING                                                                                    \
	(LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_WRITE_FILE |                             \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |                               \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REFER | LANDLOCK_ACCESS_FS_TRUNCATE)

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

/* How names of hosts are found, and whose certificates are believed. */
static const char *const network_paths[] = {
	"/etc/resolv.conf",     "/etc/hosts",
	"/etc/host.conf",       "/etc/gai.conf",
	"/etc/nsswitch.conf",   "/etc/services",
	"/etc/ssl/certs",       "/etc/ssl/openssl.cnf",
	"/etc/ca-certificates", NULL,
};

/* Every right that this kernel knows to take away: landlock(7), by the version of its interface. */
static uint64_t rights_of(long abi)
{
	uint64_t all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
	if (abi >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all |= LANDLOCK_ACCESS_FS_TRUNCATE;
	return all;
}

/* The folder that `path` is or is in, or the nearest above it that is there. -1: none. */
static int open_folder(const char *path)
{
	char *folder = strdup(path);
	int fd = -1;
	while (folder && fd < 0) {
		fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0 || strcmp(folder, ".") == 0 || strcmp(folder, "/") == 0)
			break;
		char *above = file_dirname(folder);
		free(folder);
		folder = above;
	}
	free(folder);
	return fd;
}

/* Takes over `fd`. What could not be opened (-1) is left out: it could not be read or written,
 * either. */
static void allow_fd(int ruleset, uint64_t rights, int fd)
{
	struct landlock_path_beneath_attr rule = {rights, fd};
	if (fd < 0)
		return;
	syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(fd);
}

static void allow(int ruleset, uint64_t rights, const char *const *paths)
{
	for (; paths && *paths; paths++)
		allow_fd(ruleset, rights, open_folder(*paths));
}

/* These files and folders, and no others beside them. */
static void allow_reading(int ruleset, const char *const *paths)
{
	for (; *paths; paths++) {
		struct stat st;
		int fd = open(*paths, O_PATH | O_CLOEXEC);
		bool folder = fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
		allow_fd(ruleset, folder ? READING : LANDLOCK_ACCESS_FS_READ_FILE, fd);
	}
}

static bool keep_files_away(const char *const *read, const char *const *write, bool network)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi < 1)
		return false;
	struct landlock_ruleset_attr attr = {.handled_access_fs = rights_of(abi)};
	long ruleset = syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (ruleset < 0)
		return false;
	allow_reading((int)ruleset, system_paths);
	if (network)
		allow_reading((int)ruleset, network_paths);
	allow((int)ruleset, READING, read);
	allow((int)ruleset, WRITING & rights_of(abi), write);
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
 * programs, other processes, mounts, keys, modules, whatever comes. */
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
	SYS_newfstatat,
	SYS_statx,
	SYS_faccessat,
	SYS_faccessat2,
	SYS_readlinkat,
	SYS_getdents64,
	SYS_getcwd,
	SYS_fcntl,
	SYS_dup,
	SYS_fadvise64,
	SYS_linkat,
	SYS_renameat2,
	SYS_unlinkat,
	SYS_mkdirat,
	SYS_fsync,
	SYS_fdatasync,
	SYS_ftruncate,
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
#ifdef __x86_64__ /* whose C library still has the old ones */
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

/* What fetching takes beside them. */
static const unsigned network_calls[] = {
	SYS_socket,      SYS_socketpair, SYS_connect,    SYS_bind,          SYS_getsockname,
	SYS_getpeername, SYS_sendto,     SYS_recvfrom,   SYS_sendmsg,       SYS_recvmsg,
	SYS_sendmmsg,    SYS_recvmmsg,   SYS_shutdown,   SYS_setsockopt,    SYS_getsockopt,
	SYS_ppoll,       SYS_pselect6,   SYS_eventfd2,   SYS_epoll_create1, SYS_epoll_ctl,
	SYS_epoll_pwait, SYS_pipe2,
#ifdef __x86_64__
	SYS_poll,        SYS_select,     SYS_epoll_wait,
#endif
};

enum {
	CALLS = sizeof allowed_calls / sizeof *allowed_calls,
	NETWORK_CALLS = sizeof network_calls / sizeof *network_calls,
	LONGEST = 2 * (CALLS + NETWORK_CALLS) + 40,
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

/* A call that is allowed where a word of one of its arguments passes the test; else refused. */
static void put_test(struct filter *f, unsigned call, unsigned argument, unsigned short test,
		     uint32_t value)
{
	put(f, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 4);
	put_load(f, offsetof(struct seccomp_data, args) + argument * sizeof(uint64_t));
	put(f, BPF_JMP | test | BPF_K, value, 0, 1);
	put_return(f, SECCOMP_RET_ALLOW);
	put_return(f, SECCOMP_RET_ERRNO | EPERM);
}

static bool keep_calls_away(bool network)
{
	struct filter f = {.len = 0};
	put_load(&f, offsetof(struct seccomp_data, arch));
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	put_return(&f, SECCOMP_RET_KILL_PROCESS);
	put_load(&f, offsetof(struct seccomp_data, nr));
	put_calls(&f, allowed_calls, CALLS);
	put_calls(&f, network_calls, network ? NETWORK_CALLS : 0);
	put_test(&f, SYS_clone, 0, BPF_JSET, CLONE_THREAD);
	put_test(&f, SYS_ioctl, 1, BPF_JEQ, TCGETS);              /* isatty() */
	put_test(&f, SYS_tgkill, 0, BPF_JEQ, (uint32_t)getpid()); /* abort() */
	/* Its flags are in memory, out of sight; the C library falls back on clone(). */
	put(&f, BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1);
	put_return(&f, SECCOMP_RET_ERRNO | ENOSYS);
	put_return(&f, SECCOMP_RET_ERRNO | EPERM);
	struct sock_fprog program = {f.len, f.code};
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

#else

static bool keep_calls_away(bool network)
{
	(void)network;
	return false;
}

#endif

int chapbook_sandbox(const char *const *read, const char *const *write, bool network)
{
#ifdef __SANITIZE_ADDRESS__ /* it looks for leaks from a process of its own */
	(void)read;
	(void)write;
	(void)network;
	(void)keep_files_away;
	(void)keep_calls_away;
	return 0;
#else
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	int held = keep_files_away(read, write, network) ? CHAPBOOK_SANDBOX_FILES : 0;
	return held | (keep_calls_away(network) ? CHAPBOOK_SANDBOX_CALLS : 0);
#endif
}
