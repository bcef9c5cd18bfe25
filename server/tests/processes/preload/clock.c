/* Another time of day for one program.
 *
 * Loaded before it, this adds to the system's time of day what the file named by CLOCK_STEP says:
 * nanoseconds, as a signed 64-bit number in the machine's own order, read at each question, so
 * that the clock can be stepped while the program runs. Monotonic clocks go on as they are.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const int64_t NS_PER_S = 1000000000;
static const volatile int64_t *step_ns;

__attribute__((constructor)) static void map_step(void)
{
    const char *path = getenv("CLOCK_STEP");
    if (path == NULL)
        return;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    void *map = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *step_ns, PROT_READ, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) {
        perror("clock.c: CLOCK_STEP");
        abort();
    }
    close(file);
    step_ns = map;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int failed = (int)syscall(SYS_clock_gettime, clock, time);
    int is_time_of_day = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
    if (failed != 0 || !is_time_of_day || step_ns == NULL)
        return failed;
    int64_t ns = (int64_t)time->tv_sec * NS_PER_S + time->tv_nsec + *step_ns;
    time->tv_sec = ns / NS_PER_S;
    time->tv_nsec = ns % NS_PER_S;
    return 0;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone)
{
    (void)zone;
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return failed;
}

time_t time(time_t *out)
{
    struct timespec now;
    if (clock_gettime(CLOCK_REALTIME, &now) != 0)
        return (time_t)-1;
    if (out != NULL)
        *out = now.tv_sec;
    return now.tv_sec;
}
