/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main() for a fuzz target without libFuzzer: judges every file of the directories given. The last
 * line it printed before it died names the file.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fuzz.h"

/* Far above any file of the corpus; a mistaken directory is noticed. */
enum { FILE_SIZE_MAX = 1024 * 1024 };

static bool
replay_file(const char *path)
{
	static uint8_t whole[FILE_SIZE_MAX];
	FILE *file = fopen(path, "rb");
	uint8_t *exact; /* so that a sanitizer sees reads past the end */
	size_t size;

	if (file == NULL) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	size = fread(whole, 1, sizeof(whole), file);
	fclose(file);
	exact = malloc(size > 0 ? size : 1);
	if (exact == NULL)
		return false;
	memcpy(exact, whole, size);
	printf("%s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	return true;
}

/* How many files were judged; -1 when one, or the directory, cannot be read. */
static int
replay_directory(const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;
	int count = 0;

	if (entries == NULL) {
		fprintf(stderr, "%s: %s\n", directory, strerror(errno));
		return -1;
	}
	while (count >= 0 && (entry = readdir(entries)) != NULL) {
		char path[4096];
		struct stat status;

		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
			continue;
		count = replay_file(path) ? count + 1 : -1;
	}
	closedir(entries);
	return count;
}

int
main(int argc, char *argv[])
{
	if (argc < 2) {
		fprintf(stderr, "usage: %s DIRECTORY...\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (int i = 1; i < argc; i++) {
		int count = replay_directory(argv[i]);

		if (count == 0)
			fprintf(stderr, "%s: no file\n", argv[i]);
		if (count <= 0)
			return EXIT_FAILURE;
		printf("%d files of %s\n", count, argv[i]);
	}
	return EXIT_SUCCESS;
}
