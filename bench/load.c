/*
 * load: plays the carrier for `make bench`. SMPP 3.4 server side, one thread, ppoll(2), C11 and libc only.
 *
 *     cc -O2 -std=c11 -o load load.c && ./load --help
 *
 * It waits for the gateway's bind, sends N texts of citizens, each from a number of its own, takes the answers
 * (submit_sm), and matches each to its text by the citizen's number. With --http the texts go in by an HTTP door
 * and the answers still come by the bind. At the end it prints one JSON object.
 *
 * A text is `due` by the schedule, `sent` when it is first written, `acked` when the gateway has said that it is
 * stored, and `answered` with the first segment of its answer. Latency is from sent to answered. What waits for room
 * in the window waits here, as it does at a carrier: `backlog` is how many texts were due and not sent.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL
#define MILLISECOND 1000000LL
#define MOST_CONNECTIONS 128
#define MOST_PIDS 16
#define MOST_SECONDS 3600   /* of the series */
#define SLOTS 16384         /* requests in flight on one bind; a power of two above the largest window */
#define LARGEST_PDU 65536
#define LARGEST_TEXT 254    /* octets of short_message (SMPP 3.4 section 5.2.22) */

enum command {
    BIND_RECEIVER = 1, BIND_TRANSMITTER = 2, SUBMIT_SM = 4, DELIVER_SM = 5, UNBIND = 6, BIND_TRANSCEIVER = 9,
    ENQUIRE_LINK = 0x15
};
#define RESPONSE 0x80000000u
#define RINVCMDID 3u

struct options {
    const char *template, *file, *path, *secret;
    long count, window, first, numbers, binds;
    long long from;
    double rate, patience, wait, retry, cut, slice;
    int port, http, connections, pids;
    int pid[MOST_PIDS];
    bool receipts, check, series;
};

static struct options option = {
    .template = "DVC000.00.12.H17-230815-{n}", .path = "/mo/bench", .secret = "", .count = 1000, .window = 10,
    .first = 10000, .numbers = 10000, .from = 84900000000LL, .patience = 15, .wait = 60, .retry = 1, .connections = 8, .binds = 1,
};

/* What is known of each text, by its place in the run. */
struct text {
    int64_t sent, acked, answered;
    uint8_t answers;  /* times that the first segment of an answer came */
    bool wrong;
};

struct slot {
    uint32_t sequence;  /* 0: free */
    long item;          /* a text, or -1 - N for the N-th receipt */
};

struct buffer {
    unsigned char *octets;
    size_t length, room, taken;
};

enum kind { CLOSED, UNBOUND, RECEIVER, TRANSMITTER, TRANSCEIVER, DOOR };

struct connection {
    int fd;
    enum kind kind;
    struct buffer in, out;
    uint32_t sequence;
    long in_flight;
    struct slot *slots;
    long item;  /* of a door: the text that its request carries, or -1 */
};

struct queue {  /* of texts that must go again, or of receipts */
    long *items;
    size_t first, length, room;
};

static struct text *texts;
static char **lines;
static long line_count;
static struct connection connections[MOST_CONNECTIONS];
static int connection_count;
static struct queue again, receipts;
static int64_t again_at;

static long next_text, sent, acked, answered, doubled, wrong, strays, refused, submits, receipts_acked, disconnects,
    most_backlog;
static int64_t started, ended, last_event;
static volatile sig_atomic_t interrupted;

struct second { long sent, answered, backlog, rss_kb; };
static struct second series[MOST_SECONDS];
static int seconds_told;

static _Noreturn void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("load: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static int64_t now_ns(void)
{
    struct timespec moment;
    clock_gettime(CLOCK_MONOTONIC, &moment);
    return moment.tv_sec * SECOND + moment.tv_nsec;
}

static void *must(void *memory)
{
    if (!memory)
        die("no memory");
    return memory;
}

/* ---- buffers and queues ---- */

static unsigned char *reserve(struct buffer *buffer, size_t more)
{
    if (buffer->taken) {
        buffer->length -= buffer->taken;
        memmove(buffer->octets, buffer->octets + buffer->taken, buffer->length);
        buffer->taken = 0;
    }
    if (buffer->length + more > buffer->room) {
        buffer->room = 2 * (buffer->length + more);
        buffer->octets = must(realloc(buffer->octets, buffer->room));
    }
    return buffer->octets + buffer->length;
}

static void push(struct queue *queue, long item)
{
    if (queue->length == queue->room) {
        size_t room = queue->room ? 2 * queue->room : 1024;
        long *items = must(malloc(room * sizeof *items));
        for (size_t i = 0; i < queue->length; i++)
            items[i] = queue->items[(queue->first + i) % queue->room];
        free(queue->items);
        *queue = (struct queue){ .items = items, .length = queue->length, .room = room };
    }
    queue->items[(queue->first + queue->length++) % queue->room] = item;
}

static long pull(struct queue *queue)
{
    long item = queue->items[queue->first];
    queue->first = (queue->first + 1) % queue->room;
    queue->length--;
    return item;
}

/* ---- PDUs ---- */

static void put32(unsigned char *place, uint32_t value)
{
    value = htonl(value);
    memcpy(place, &value, 4);
}

static uint32_t get32(const unsigned char *place)
{
    uint32_t value;
    memcpy(&value, place, 4);
    return ntohl(value);
}

static void send_pdu(struct connection *to, uint32_t command, uint32_t status, uint32_t sequence, const void *body,
                     size_t length)
{
    unsigned char *pdu = reserve(&to->out, 16 + length);
    put32(pdu, (uint32_t)(16 + length));
    put32(pdu + 4, command);
    put32(pdu + 8, status);
    put32(pdu + 12, sequence);
    if (length)
        memcpy(pdu + 16, body, length);
    to->out.length += 16 + length;
}

/* Return the octet behind a C-octet string of at most `most` octets, or NULL when there is none. */
static const unsigned char *behind(const unsigned char *string, const unsigned char *end, size_t most)
{
    size_t left = (size_t)(end - string);
    const unsigned char *nul = memchr(string, 0, left < most ? left : most);
    return nul ? nul + 1 : NULL;
}

static long number_of(long text)
{
    return option.first + text % option.numbers;
}

/* Write the words of a text; {n} becomes its running number. Return their length. */
static int compose(long text, char *words, size_t room)
{
    const char *source = lines ? lines[text % line_count] : option.template;
    const char *mark = strstr(source, "{n}");
    int length = mark ? snprintf(words, room, "%.*s%ld%s", (int)(mark - source), source, number_of(text), mark + 3)
                      : snprintf(words, room, "%s", source);
    if (length < 0 || (size_t)length >= room)
        die("a text is longer than %zu octets", room - 1);
    return length;
}

/* Turn UTF-8 of the basic plane into UCS-2; return the octets written. */
static int to_ucs2(const char *words, int length, unsigned char *octets)
{
    int written = 0;
    for (int i = 0; i < length && written + 2 <= LARGEST_TEXT;) {
        unsigned char lead = (unsigned char)words[i++];
        int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : 2;
        uint32_t point = more == 0 ? lead : more == 1 ? lead & 0x1fu : lead & 0x0fu;
        for (; more && i < length; more--)
            point = point << 6 | ((unsigned char)words[i++] & 0x3fu);
        octets[written++] = (unsigned char)(point >> 8);
        octets[written++] = (unsigned char)point;
    }
    return written;
}

/* Write the body of a deliver_sm up to and with short_message; return its length. */
static size_t deliver_body(unsigned char *body, long long from, int esm_class, int coding, const void *message, int length)
{
    unsigned char *place = body;
    *place++ = 0;  /* service_type */
    *place++ = 1, *place++ = 1;
    place += sprintf((char *)place, "%lld", from) + 1;
    *place++ = 0, *place++ = 1;
    place += sprintf((char *)place, "8188") + 1;
    *place++ = (unsigned char)esm_class;
    *place++ = 0, *place++ = 0;  /* protocol_id, priority_flag */
    *place++ = 0, *place++ = 0;  /* schedule_delivery_time, validity_period */
    *place++ = 0, *place++ = 0;  /* registered_delivery, replace_if_present_flag */
    *place++ = (unsigned char)coding;
    *place++ = 0;  /* sm_default_msg_id */
    *place++ = (unsigned char)length;
    memcpy(place, message, (size_t)length);
    return (size_t)(place - body) + (size_t)length;
}

static void request(struct connection *to, long item, const void *body, size_t length)
{
    to->sequence = to->sequence % 0x7fffffff + 1;
    struct slot *slot = &to->slots[to->sequence % SLOTS];
    if (slot->sequence)
        die("the window is larger than %d", SLOTS);
    *slot = (struct slot){ .sequence = to->sequence, .item = item };
    to->in_flight++;
    send_pdu(to, DELIVER_SM, 0, to->sequence, body, length);
}

static void send_text(struct connection *to, long text)
{
    char words[LARGEST_TEXT + 1];
    unsigned char body[LARGEST_TEXT + 64], wide[LARGEST_TEXT];
    int length = compose(text, words, sizeof words), coding = 0;
    const void *message = words;
    for (int i = 0; i < length; i++)
        if (words[i] & 0x80)
            coding = 8;
    if (coding) {
        length = to_ucs2(words, length, wide);
        message = wide;
    }
    request(to, text, body, deliver_body(body, option.from + text, 0, coding, message, length));
}

/* A receipt as most carriers write it (SMPP 3.4 appendix B), with its two TLVs. */
static void send_receipt(struct connection *to, long number, long text)
{
    char words[160];
    unsigned char body[LARGEST_TEXT + 128];
    int length = snprintf(words, sizeof words,
                          "id:%08lX sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 "
                          "text:", (unsigned long)number);
    size_t end = deliver_body(body, option.from + text, 4, 0, words, length);
    memcpy(body + end, "\x00\x1e\x00\x09", 4);  /* receipted_message_id */
    end += 4;
    end += (size_t)sprintf((char *)body + end, "%08lX", (unsigned long)number) + 1;
    memcpy(body + end, "\x04\x27\x00\x01\x02", 5);  /* message_state: delivered */
    request(to, -1 - text, body, end + 5);
}

/* ---- what comes in ---- */

static void take_ack(long text, bool stored, int64_t now)
{
    if (!stored) {
        refused++;
        if (!again.length)
            again_at = now + (int64_t)(option.retry * SECOND);
        push(&again, text);
    } else if (!texts[text].acked) {
        texts[text].acked = now;
        acked++;
    }
}

static void take_answer(long long to, const unsigned char *message, int length, bool first_segment, int64_t now)
{
    long text = (long)(to - option.from);
    if (text < 0 || text >= option.count || !texts[text].sent) {
        strays++;
        return;
    }
    if (!first_segment)
        return;
    if (texts[text].answers++) {
        doubled++;
        return;
    }
    texts[text].answered = ended = now;
    answered++;
    if (option.check) {
        char number[24];
        int digits = snprintf(number, sizeof number, "%ld", number_of(text));
        if (!memmem(message, (size_t)length, number, (size_t)digits))
            wrong++;
    }
}

/*
 * The id of the n-th answer of this run. An odd factor is one to one in 32 bits, and every run has citizens of its own:
 * no id comes twice on a database that many runs share, or receipts would find ever more messages that they may mean.
 * Scattered, as the ids of many carriers are, so that an index by them is not written in order by good luck.
 */
static unsigned long message_id(long n)
{
    return (uint32_t)((uint64_t)(option.from + n) * 2654435761u);
}

static void take_submit(struct connection *from, uint32_t sequence, const unsigned char *body, const unsigned char *end,
                        int64_t now)
{
    const unsigned char *place = behind(body, end, 6), *to = NULL;
    if (place && end - place > 2)
        place = behind(place + 2, end, 21);
    if (place && end - place > 2)
        place = behind(to = place + 2, end, 21);
    if (place && end - place > 3) {
        int esm_class = place[0];
        place = behind(place + 3, end, 17);
        if (place && (place = behind(place, end, 17)) && end - place >= 5 && end - place - 5 >= place[4]) {
            int wants_receipt = place[0] & 1, length = place[4];
            const unsigned char *message = place + 5;
            bool chained = (esm_class & 0x40) && length > 5 && message[0] == 5 && message[1] == 0;
            char id[16];
            int digits = snprintf(id, sizeof id, "%08lX", message_id(++submits));
            long text = (long)(strtoll((const char *)to, NULL, 10) - option.from);
            take_answer(strtoll((const char *)to, NULL, 10), message, length, !chained || message[5] == 1, now);
            send_pdu(from, SUBMIT_SM | RESPONSE, 0, sequence, id, (size_t)digits + 1);
            if (option.receipts && wants_receipt && text >= 0 && text < option.count) {
                push(&receipts, (long)message_id(submits));
                push(&receipts, text);
            }
            return;
        }
    }
    send_pdu(from, SUBMIT_SM | RESPONSE, 2, sequence, "", 1);  /* ESME_RINVCMDLEN */
}

static void take_response(struct connection *from, uint32_t sequence, bool taken, int64_t now)
{
    struct slot *slot = &from->slots[sequence % SLOTS];
    if (!sequence || slot->sequence != sequence)
        return;
    slot->sequence = 0;
    from->in_flight--;
    if (slot->item >= 0)
        take_ack(slot->item, taken, now);
    else if (taken)
        receipts_acked++;
}

static void take_pdu(struct connection *from, const unsigned char *pdu, uint32_t length, int64_t now)
{
    uint32_t command = get32(pdu + 4), status = get32(pdu + 8), sequence = get32(pdu + 12);
    last_event = now;
    switch (command) {
    case BIND_RECEIVER: case BIND_TRANSMITTER: case BIND_TRANSCEIVER:
        from->kind = command == BIND_RECEIVER ? RECEIVER : command == BIND_TRANSMITTER ? TRANSMITTER : TRANSCEIVER;
        send_pdu(from, command | RESPONSE, 0, sequence, "bench", 6);
        break;
    case SUBMIT_SM:
        take_submit(from, sequence, pdu + 16, pdu + length, now);
        break;
    case DELIVER_SM | RESPONSE: case RESPONSE:
        take_response(from, sequence, command != RESPONSE && status == 0, now);
        break;
    case ENQUIRE_LINK: case UNBIND:
        send_pdu(from, command | RESPONSE, 0, sequence, NULL, 0);
        break;
    default:
        if (!(command & RESPONSE))
            send_pdu(from, RESPONSE, RINVCMDID, sequence, NULL, 0);
    }
}

/* Take one HTTP response when it is whole. Return false when the other side says nonsense. */
static bool take_http(struct connection *from, int64_t now)
{
    struct buffer *in = &from->in;
    char *head = (char *)in->octets + in->taken;
    size_t length = in->length - in->taken;
    char *end = length ? memmem(head, length, "\r\n\r\n", 4) : NULL;
    if (!end)
        return length < LARGEST_PDU;
    *end = 0;
    const char *field = strcasestr(head, "\r\ncontent-length:");
    size_t whole = (size_t)(end + 4 - head) + (field ? strtoul(field + 17, NULL, 10) : 0);
    *end = '\r';
    if (length < whole)
        return true;
    int status = length > 12 ? atoi(head + 9) : 0;
    if (from->item < 0 || (status != 200 && status != 503))
        die("the door said %d", status);
    in->taken += whole;
    last_event = now;
    take_ack(from->item, status == 200, now);
    from->item = -1;
    from->in_flight = 0;
    return true;
}

static void drop(struct connection *connection, int64_t now)
{
    if (connection->kind == DOOR)
        die("the door closed the connection");
    if (connection->kind != UNBOUND)
        disconnects++;
    for (int i = 0; connection->slots && i < SLOTS; i++)
        if (connection->slots[i].sequence && connection->slots[i].item >= 0)
            take_ack(connection->slots[i].item, false, now);
    close(connection->fd);
    free(connection->in.octets);
    free(connection->out.octets);
    free(connection->slots);
    *connection = (struct connection){ .kind = CLOSED, .fd = -1 };
}

static void receive(struct connection *from, int64_t now)
{
    struct buffer *in = &from->in;
    unsigned char *place = reserve(in, LARGEST_PDU);
    ssize_t got = recv(from->fd, place, LARGEST_PDU, 0);
    if (got <= 0) {
        if (got == 0 || (errno != EAGAIN && errno != EINTR))
            drop(from, now);
        return;
    }
    in->length += (size_t)got;
    if (from->kind == DOOR) {
        if (!take_http(from, now))
            drop(from, now);
        return;
    }
    while (in->length - in->taken >= 16) {
        uint32_t length = get32(in->octets + in->taken);
        if (length < 16 || length > LARGEST_PDU) {
            drop(from, now);
            return;
        }
        if (in->length - in->taken < length)
            break;
        take_pdu(from, in->octets + in->taken, length, now);
        in->taken += length;
    }
}

/* ---- what goes out ---- */

/* How many texts the schedule has made due by now. */
static long due_by(int64_t now)
{
    if (option.rate <= 0)
        return option.count;
    double due = (double)(now - started) / SECOND * option.rate + 1;
    return due < (double)option.count ? (long)due : option.count;
}

/* Return the text to send next, or -1 when none is due. */
static long take_text(int64_t now)
{
    if (again.length && now >= again_at)
        return pull(&again);
    if (next_text < due_by(now))
        return next_text++;
    return -1;
}

static void note_sent(long text, int64_t now)
{
    if (!texts[text].sent) {
        texts[text].sent = now;
        sent++;
    }
}

static void post_text(struct connection *to, long text)
{
    char words[LARGEST_TEXT + 1], json[2 * LARGEST_TEXT + 256];
    compose(text, words, sizeof words);
    if (strpbrk(words, "\"\\"))
        die("a text for the door may hold neither quotes nor backslashes");
    int length = snprintf(json, sizeof json, "{\"from\":\"%lld\",\"to\":\"8188\",\"id\":\"%lld\",\"text\":\"%s\"}",
                          option.from + text, option.from + text, words);
    unsigned char *place = reserve(&to->out, sizeof json + 512);
    int written = snprintf((char *)place, sizeof json + 512,
                           "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Gateway-Secret: %s\r\n"
                           "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                           option.path, option.secret, length, json);
    to->out.length += (size_t)written;
    to->item = text;
    to->in_flight = 1;
}

static void fill(int64_t now)
{
    for (int i = 0; i < connection_count; i++) {
        struct connection *to = &connections[i];
        bool is_bind = to->kind == RECEIVER || to->kind == TRANSCEIVER;
        while (is_bind && receipts.length && to->in_flight < option.window) {
            long number = pull(&receipts);
            send_receipt(to, number, pull(&receipts));
        }
        bool takes = option.http ? to->kind == DOOR : is_bind;
        while (takes && to->in_flight < (option.http ? 1 : option.window)) {
            long text = take_text(now);
            if (text < 0)
                break;
            note_sent(text, now);
            if (option.http)
                post_text(to, text);
            else
                send_text(to, text);
        }
    }
    long backlog = due_by(now) - next_text + (long)again.length;
    if (option.rate > 0 && backlog > most_backlog)
        most_backlog = backlog;
}

static void flush(struct connection *to, int64_t now)
{
    struct buffer *out = &to->out;
    if (out->length == out->taken)
        return;
    ssize_t done = send(to->fd, out->octets + out->taken, out->length - out->taken, MSG_NOSIGNAL);
    if (done < 0 && errno != EAGAIN && errno != EINTR) {
        drop(to, now);
        return;
    }
    if (done > 0)
        out->taken += (size_t)done;
    if (out->taken == out->length)
        out->taken = out->length = 0;
}

/* ---- connections ---- */

static void add_connection(int fd, enum kind kind)
{
    int one = 1, place = 0;
    while (place < connection_count && connections[place].kind != CLOSED)
        place++;
    if (place == MOST_CONNECTIONS)
        die("more than %d connections", MOST_CONNECTIONS);
    if (place == connection_count)
        connection_count++;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connections[place] = (struct connection){ .fd = fd, .kind = kind, .item = -1 };
    if (kind == UNBOUND)
        connections[place].slots = must(calloc(SLOTS, sizeof(struct slot)));
}

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_here(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
    struct sockaddr_in here = loopback(option.port);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, 16))
        die("cannot listen on port %d: %s", option.port, strerror(errno));
    return fd;
}

static void open_doors(void)
{
    for (int i = 0; option.http && i < option.connections; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        struct sockaddr_in there = loopback(option.http);
        if (connect(fd, (struct sockaddr *)&there, sizeof there))
            die("no door on port %d: %s", option.http, strerror(errno));
        add_connection(fd, DOOR);
    }
}

static bool is_bound(void)
{
    bool in = option.http > 0, out = false;
    long bound = 0;
    for (int i = 0; i < connection_count; i++) {
        in = in || connections[i].kind == RECEIVER || connections[i].kind == TRANSCEIVER;
        out = out || connections[i].kind == TRANSMITTER || connections[i].kind == TRANSCEIVER;
        bound += connections[i].kind == RECEIVER || connections[i].kind == TRANSMITTER || connections[i].kind == TRANSCEIVER;
    }
    return in && out && bound >= option.binds;
}

/* Wait for the listener or a connection, at most until a time, and take what has come. */
static void turn(int listener, int64_t until)
{
    struct pollfd wanted[MOST_CONNECTIONS + 1] = { { .fd = listener, .events = POLLIN } };
    int count = connection_count;
    for (int i = 0; i < count; i++) {
        struct buffer *out = &connections[i].out;
        wanted[i + 1] = (struct pollfd){ .fd = connections[i].fd,
                                         .events = (short)(POLLIN | (out->length > out->taken ? POLLOUT : 0)) };
    }
    int64_t wait = until - now_ns();
    wait = wait < 0 ? 0 : wait;
    struct timespec patience = { .tv_sec = wait / SECOND, .tv_nsec = wait % SECOND };
    ppoll(wanted, (nfds_t)count + 1, &patience, NULL);
    int64_t now = now_ns();
    for (int i = 0; i < count; i++)
        if (connections[i].kind != CLOSED && wanted[i + 1].revents & (POLLIN | POLLHUP | POLLERR))
            receive(&connections[i], now);
    if (wanted[0].revents & POLLIN) {
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0)
            add_connection(fd, UNBOUND);
    }
}

static void flush_all(int64_t now)
{
    for (int i = 0; i < connection_count; i++)
        if (connections[i].kind != CLOSED)
            flush(&connections[i], now);
}

/* ---- measuring ---- */

struct usage { double cpu; long peak_kb, now_kb; };

static struct usage usage_of(int pid)
{
    struct usage found = { 0 };
    char path[64], line[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (file) {
        unsigned long user, system;
        if (fgets(line, sizeof line, file) && strrchr(line, ')')
            && sscanf(strrchr(line, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) == 2)
            found.cpu = (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
        fclose(file);
    }
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        sscanf(line, "VmHWM: %ld", &found.peak_kb);
        sscanf(line, "VmRSS: %ld", &found.now_kb);
    }
    if (file)
        fclose(file);
    return found;
}

static struct usage usage_of_all(void)
{
    struct usage sum = { 0 };
    for (int i = 0; i < option.pids; i++) {
        struct usage one = usage_of(option.pid[i]);
        sum.cpu += one.cpu;
        sum.peak_kb += one.peak_kb;
        sum.now_kb += one.now_kb;
    }
    return sum;
}

static void tell_second(int64_t now)
{
    while (option.series && seconds_told < MOST_SECONDS && now >= started + (seconds_told + 1) * SECOND) {
        long backlog = option.rate > 0 ? due_by(now) - next_text + (long)again.length : 0;
        series[seconds_told++] = (struct second){ sent, answered, backlog, usage_of_all().now_kb };
    }
}

static int by_value(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

/* Print quantiles in milliseconds of what lies between sending and another moment of each text sent since a time. */
static void print_quantiles(const char *name, bool to_ack, int64_t since)
{
    static const struct { const char *name; double share; } shown[] = { { "p50", .5 }, { "p90", .9 }, { "p99", .99 } };
    int64_t *waits = must(malloc(sizeof *waits * (size_t)(option.count + 1)));
    size_t count = 0;
    for (long i = 0; i < option.count; i++) {
        int64_t until = to_ack ? texts[i].acked : texts[i].answered;
        if (texts[i].sent && texts[i].sent >= since && until)
            waits[count++] = until - texts[i].sent;
    }
    qsort(waits, count, sizeof *waits, by_value);
    printf(", \"%s\": {", name);
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        printf("\"%s\": %.3f, ", shown[i].name,
               count ? (double)waits[(size_t)((double)(count - 1) * shown[i].share)] / MILLISECOND : 0);
    printf("\"max\": %.3f}", count ? (double)waits[count - 1] / MILLISECOND : 0);
    free(waits);
}

static void print_report(struct usage before, struct usage after)
{
    double seconds = ended > started ? (double)(ended - started) / SECOND : 0, cpu = after.cpu - before.cpu;
    printf("{\"texts\": %ld, \"sent\": %ld, \"acked\": %ld, \"answered\": %ld, \"seconds\": %.3f, "
           "\"answers_per_second\": %.1f", option.count, sent, acked, answered, seconds,
           seconds > 0 ? (double)answered / seconds : 0);
    print_quantiles("latency_ms", false, 0);
    print_quantiles("ack_ms", true, 0);
    printf(", \"lost\": %ld, \"doubled\": %ld, \"wrong\": %ld, \"strays\": %ld, \"refused\": %ld, \"submits\": %ld, "
           "\"receipts_acked\": %ld, \"disconnects\": %ld, \"most_backlog\": %ld",
           acked > answered ? acked - answered : 0, doubled, wrong, strays, refused, submits, receipts_acked,
           disconnects, most_backlog);
    printf(", \"cpu_seconds\": %.2f, \"cpu_per_1000\": %.4f, \"peak_rss_mb\": %.1f", cpu,
           answered ? cpu * 1000 / (double)answered : 0, (double)after.peak_kb / 1024);
    if (option.series) {
        printf(", \"series\": [");
        for (int i = 0; i < seconds_told; i++)
            printf("%s{\"sent\": %ld, \"answered\": %ld, \"backlog\": %ld, \"rss_mb\": %.1f}", i ? ", " : "",
                   series[i].sent, series[i].answered, series[i].backlog, (double)series[i].rss_kb / 1024);
        printf("]");
    }
    printf("}\n");
}

/* Print a line about the texts that were first sent since the line before; what is unanswered yet is in no line. */
static void print_slice(int64_t now)
{
    static int64_t from;
    static int number;
    int64_t since = from ? from : started;
    if (option.slice <= 0 || now < since + (int64_t)(option.slice * SECOND))
        return;
    printf("{\"slice\": %d, \"sent\": %ld, \"answered\": %ld, \"disconnects\": %ld", ++number, sent, answered, disconnects);
    print_quantiles("latency_ms", false, since);
    printf("}\n");
    fflush(stdout);
    from = now;
}

/* ---- the run ---- */

/* Close every bind every so often, whatever is in flight, as a carrier that restarts. */
static void cut_binds(int64_t now)
{
    static int64_t done;
    if (option.cut <= 0 || now < (done ? done : started) + (int64_t)(option.cut * SECOND) || next_text == option.count)
        return;
    for (int i = 0; i < connection_count; i++)
        if (connections[i].kind == RECEIVER || connections[i].kind == TRANSMITTER || connections[i].kind == TRANSCEIVER)
            drop(&connections[i], now);
    done = now;
}

static bool is_over(int64_t now)
{
    bool done = answered == option.count && acked == option.count && !receipts.length;
    for (int i = 0; done && i < connection_count; i++)
        done = !connections[i].in_flight;
    return done || interrupted || now - last_event > (int64_t)(option.patience * SECOND);
}

static void run(int listener)
{
    int64_t deadline = now_ns() + (int64_t)(option.wait * SECOND);
    while (!is_bound()) {
        int64_t now = now_ns();
        if (interrupted || now > deadline)
            die("nobody bound");
        turn(listener, now + 100 * MILLISECOND);
        flush_all(now);
    }
    open_doors();
    struct usage before = usage_of_all();
    started = ended = last_event = now_ns();
    for (int64_t now = started; !is_over(now); now = now_ns()) {
        fill(now);
        flush_all(now);
        tell_second(now);
        print_slice(now);
        cut_binds(now);
        int64_t until = now + 100 * MILLISECOND;
        if (option.rate > 0 && next_text < option.count) {
            int64_t due = started + (int64_t)((double)next_text / option.rate * SECOND);
            until = due > now && due < until ? due : until;
        }
        turn(listener, until);
    }
    /* Doubles may come late, and the last settlements are work too. */
    for (int64_t end = now_ns() + 300 * MILLISECOND; now_ns() < end;) {
        turn(listener, end);
        fill(now_ns());
        flush_all(now_ns());
    }
    print_report(before, usage_of_all());
}

static void read_lines(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file)
        die("%s: %s", path, strerror(errno));
    for (ssize_t length; (length = getline(&line, &room, file)) > 0;) {
        line[strcspn(line, "\r\n")] = 0;
        lines = must(realloc(lines, sizeof *lines * (size_t)(line_count + 1)));
        lines[line_count++] = must(strdup(line));
    }
    free(line);
    fclose(file);
    if (!line_count)
        die("%s holds no text", path);
}

static void read_pids(char *list)
{
    for (char *one = strtok(list, ","); one && option.pids < MOST_PIDS; one = strtok(NULL, ","))
        option.pid[option.pids++] = atoi(one);
}

static void interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

static const char usage[] =
    "usage: load --port PORT [options]      plays the carrier: sends texts, takes answers, prints JSON\n"
    "  --port PORT        listen for the gateway's bind on 127.0.0.1\n"
    "  --count N          texts (1000)\n"
    "  --window W         deliver_sm without a response on each bind, receipts included (10)\n"
    "  --rate R           texts a second; without it as fast as the window allows\n"
    "  --text TEMPLATE    {n} is the running number\n"
    "  --texts FILE       one text a line, in turn, instead; ASCII goes as GSM, anything else as UCS-2\n"
    "  --first N          first running number (10000)\n"
    "  --numbers N        how many there are before they begin again (10000)\n"
    "  --from MSISDN      number of the first citizen (84900000000)\n"
    "  --receipts         send a delivery receipt for each answer that asks for one\n"
    "  --check            count answers that do not hold the running number of their text\n"
    "  --retry SECONDS    a text refused for now, or cut off, goes again after this (1)\n"
    "  --http PORT        post the texts to the door on this port instead; --path, --secret, --connections (8)\n"
    "  --pids PID,...     measure processor time and memory of these processes\n"
    "  --series           tell every second of the run\n"
    "  --binds N          begin when so many are there (1)\n"
    "  --slice SECONDS    print a line of JSON about the texts of each so many seconds as well\n"
    "  --cut SECONDS      close every bind this often, whatever is in flight\n"
    "  --wait SECONDS     for the bind (60)\n"
    "  --patience SECONDS end when nothing has come for so long (15)\n";

int main(int argc, char **argv)
{
    static const struct option known[] = {
        { "port", 1, 0, 'p' }, { "count", 1, 0, 'c' }, { "window", 1, 0, 'w' }, { "rate", 1, 0, 'r' },
        { "text", 1, 0, 't' }, { "texts", 1, 0, 'T' }, { "first", 1, 0, 'f' }, { "numbers", 1, 0, 'n' },
        { "from", 1, 0, 'F' }, { "receipts", 0, 0, 'd' }, { "check", 0, 0, 'k' }, { "retry", 1, 0, 'y' },
        { "http", 1, 0, 'H' }, { "path", 1, 0, 'P' }, { "secret", 1, 0, 's' }, { "connections", 1, 0, 'C' },
        { "pids", 1, 0, 'i' }, { "series", 0, 0, 'S' }, { "wait", 1, 0, 'W' }, { "patience", 1, 0, 'x' },
        { "binds", 1, 0, 'B' }, { "slice", 1, 0, 'L' }, { "cut", 1, 0, 'U' }, { "help", 0, 0, 'h' }, { 0 },
    };
    for (int letter; (letter = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (letter) {
        case 'p': option.port = atoi(optarg); break;
        case 'c': option.count = atol(optarg); break;
        case 'w': option.window = atol(optarg); break;
        case 'r': option.rate = atof(optarg); break;
        case 't': option.template = optarg; break;
        case 'T': read_lines(optarg); break;
        case 'f': option.first = atol(optarg); break;
        case 'n': option.numbers = atol(optarg); break;
        case 'F': option.from = atoll(optarg); break;
        case 'd': option.receipts = true; break;
        case 'k': option.check = true; break;
        case 'y': option.retry = atof(optarg); break;
        case 'H': option.http = atoi(optarg); break;
        case 'P': option.path = optarg; break;
        case 's': option.secret = optarg; break;
        case 'C': option.connections = atoi(optarg); break;
        case 'i': read_pids(optarg); break;
        case 'S': option.series = true; break;
        case 'W': option.wait = atof(optarg); break;
        case 'x': option.patience = atof(optarg); break;
        case 'B': option.binds = atol(optarg); break;
        case 'L': option.slice = atof(optarg); break;
        case 'U': option.cut = atof(optarg); break;
        case 'h': fputs(usage, stdout); return 0;
        default: fputs(usage, stderr); return 2;
        }
    }
    if (option.port <= 0 || option.count <= 0 || option.window <= 0 || option.window >= SLOTS || option.numbers <= 0
        || optind < argc)
        die("--port is needed, and counts are above 0; see --help");
    texts = must(calloc((size_t)option.count, sizeof *texts));
    signal(SIGINT, interrupt);
    signal(SIGTERM, interrupt);
    run(listen_here());
    return 0;
}
