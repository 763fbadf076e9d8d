/*
 * The floor of what the kernel can do: sends batches of netlink messages that somebody else has
 * written, each as its length (32 bits) and its bytes, and waits for the answer to each batch.
 * Prints how many seconds that took.
 */
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) { perror(what); exit(1); }

static uint32_t last_sequence(char *batch, uint32_t length)
{
	uint32_t sequence = 0;
	for (char *at = batch; at < batch + length; at += NLMSG_ALIGN(((struct nlmsghdr *)at)->nlmsg_len))
		sequence = ((struct nlmsghdr *)at)->nlmsg_seq;
	return sequence;
}

int main(int argc, char **argv)
{
	static char batch[1 << 20], answer[1 << 16];
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct timespec start, end;
	uint32_t length;
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	int line = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (!file || line < 0) fail("open");
	clock_gettime(CLOCK_MONOTONIC, &start);
	while (fread(&length, sizeof length, 1, file) == 1) {
		if (length > sizeof batch || fread(batch, length, 1, file) != 1) fail("read");
		if (sendto(line, batch, length, 0, (void *)&kernel, sizeof kernel) < 0) fail("send");
		for (uint32_t wanted = last_sequence(batch, length);;) {
			ssize_t got = recv(line, answer, sizeof answer, 0);
			struct nlmsghdr *head = (void *)answer;
			if (got < 0) fail("recv");
			if (head->nlmsg_type == NLMSG_ERROR && *(int *)NLMSG_DATA(head) != 0) {
				fprintf(stderr, "refused: %d\n", *(int *)NLMSG_DATA(head));
				return 1;
			}
			if (head->nlmsg_seq == wanted) break;
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%f\n", end.tv_sec - start.tv_sec + (end.tv_nsec - start.tv_nsec) / 1e9);
	return 0;
}
