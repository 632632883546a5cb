/*
 * The only process of the emulated machine.  Runs the lines of /programs, words separated by tabs, one
 * after the other; all output goes to the serial port.  After each line it prints "emulated: status S,
 * N instructions" (the emulator counts one tick of the time-stamp counter per instruction), at the end
 * "emulated: end", and then asks the emulator to stop.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <x86intrin.h>

enum { MAX_WORDS = 64 };

static void mount_at(const char *type, const char *folder) {
  mkdir(folder, 0755);
  mount(type, folder, type, 0, NULL);
}

/* Without this the terminal layer would wait for a peer and rewrite line ends. */
static void use_serial_port(void) {
  const int port = open("/dev/ttyS0", O_RDWR | O_NOCTTY);
  if (port < 0) return;
  struct termios settings;
  tcgetattr(port, &settings);
  cfmakeraw(&settings);
  tcsetattr(port, TCSANOW, &settings);
  for (int stream = 0; stream <= 2; ++stream) dup2(port, stream);
  setvbuf(stdout, NULL, _IONBF, 0);
}

static int run(char **words) {
  static char *environment[] = {"TMPDIR=/tmp", "LANG=C", NULL};
  const pid_t child = fork();
  if (child == 0) {
    execve(words[0], words, environment);
    perror(words[0]);
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) != child) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void run_line(char *line) {
  char *words[MAX_WORDS + 1];
  int count = 0;
  for (char *word = strtok(line, "\t\n"); word && count < MAX_WORDS; word = strtok(NULL, "\t\n")) {
    words[count++] = word;
  }
  if (count == 0) return;
  words[count] = NULL;

  const unsigned long long before = __rdtsc();
  const int status = run(words);
  printf("\nemulated: status %d, %llu instructions\n", status, __rdtsc() - before);
}

/* The emulator stops when this word arrives, letter by letter, at this port. */
static void stop_emulator(void) {
  if (iopl(3) != 0) return;
  for (const char *letter = "Shutdown"; *letter; ++letter) outb((unsigned char)*letter, 0x8900);
}

int main(void) {
  mount_at("devtmpfs", "/dev");
  mount_at("proc", "/proc");
  mount_at("sysfs", "/sys");
  mkdir("/tmp", 01777); /* not a mount: a build below /tmp has its libraries there */
  mount_at("tmpfs", "/dev/shm");
  use_serial_port();

  static char line[1 << 16];
  FILE *programs = fopen("/programs", "r");
  while (programs && fgets(line, sizeof line, programs)) run_line(line);

  printf("emulated: end\n");
  tcdrain(STDOUT_FILENO);
  usleep(50000);
  stop_emulator();
  for (;;) pause();
}
