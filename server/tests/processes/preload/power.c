/* A disk that holds only what was synced.
 *
 * Loaded before a program, this answers its fsync calls for the files of one folder (POWER_FOLDER)
 * by copying the file, as it is at that moment, to another (POWER_DISK), and syncs nothing. What
 * the program wrote and did not sync is then known: it is what the two folders differ in.
 *
 * As on Linux, a sync takes in all that was ever written to the file, through whatever descriptor.
 * A new file has its name on the disk only once its folder was synced, too (until then its copy
 * is "<name>.unnamed"), and a deleted one is gone only then. Killed in the midst of a copy, the
 * disk holds a part of writes that were never answered as synced, as a real one may.
 * A sync takes as long as on a slow disk, so that a cut often comes before its end.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BLOCK_BYTES = 64 * 1024, PATH_BYTES = 4096, SYNC_US = 10 * 1000 };

static const char UNNAMED[] = ".unnamed";
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

/* Nobody may take a failure in here for the program's own. */
static void must(int done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "power.c: %s: %s\n", what, strerror(errno));
    abort();
}

static void join(char *path, const char *folder, const char *name, const char *ending)
{
    int length = snprintf(path, PATH_BYTES, "%s/%s%s", folder, name, ending);
    must(0 < length && length < PATH_BYTES, "the path is too long");
}

static size_t read_block(int file, char *block, off_t at)
{
    size_t length = 0;
    while (length < BLOCK_BYTES) {
        ssize_t more = pread(file, block + length, BLOCK_BYTES - length, at + (off_t)length);
        must(0 <= more, "read");
        if (more == 0)
            break;
        length += (size_t)more;
    }
    return length;
}

/* Reads through the program's own descriptor: closing another one of the same file would take the
 * program's locks away. */
static void copy(int file, const char *disk, const char *name)
{
    static char now[BLOCK_BYTES], synced[BLOCK_BYTES];
    char path[PATH_BYTES];
    join(path, disk, name, "");
    if (access(path, F_OK) != 0)
        join(path, disk, name, UNNAMED);
    int image = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    must(0 <= image, path);
    off_t at = 0;
    for (;;) {
        size_t length = read_block(file, now, at);
        if (length == 0)
            break;
        size_t before = read_block(image, synced, at);
        if (before < length || memcmp(now, synced, length) != 0)
            must(pwrite(image, now, length, at) == (ssize_t)length, "write");
        at += (off_t)length;
    }
    must(ftruncate(image, at) == 0, "cut");
    close(image);
}

/* The names in the folder are on the disk from now on. */
static void copy_names(const char *folder, const char *disk)
{
    char path[PATH_BYTES], named[PATH_BYTES];
    DIR *list = opendir(disk);
    must(list != NULL, disk);
    struct dirent *entry;
    while ((entry = readdir(list)) != NULL) {
        char name[sizeof entry->d_name];
        strcpy(name, entry->d_name);
        if (name[0] == '.')
            continue;
        char *ending = strstr(name, UNNAMED);
        if (ending != NULL)
            *ending = '\0';
        join(named, disk, name, "");
        if (ending != NULL) {
            join(path, disk, name, UNNAMED);
            must(rename(path, named) == 0, "name");
        }
        join(path, folder, name, "");
        if (access(path, F_OK) != 0)
            must(unlink(named) == 0, "unlink");
    }
    closedir(list);
}

int fsync(int file)
{
    const char *folder = getenv("POWER_FOLDER"), *disk = getenv("POWER_DISK");
    char link[64], path[PATH_BYTES];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (folder == NULL || disk == NULL || length < 0)
        return (int)syscall(SYS_fsync, file);
    path[length] = '\0';
    size_t prefix = strlen(folder);
    if (strncmp(path, folder, prefix) != 0 || (path[prefix] != '/' && path[prefix] != '\0'))
        return (int)syscall(SYS_fsync, file);

    usleep(SYNC_US);
    must(pthread_mutex_lock(&one_at_a_time) == 0, "lock");
    if (path[prefix] == '\0')
        copy_names(folder, disk);
    else if (strstr(path, " (deleted)") == NULL)
        copy(file, disk, path + prefix + 1);
    must(pthread_mutex_unlock(&one_at_a_time) == 0, "unlock");
    return 0;
}

int fdatasync(int file)
{
    return fsync(file);
}
