#!/usr/bin/perl
# pod.pl NAME: answers on TCP 8080, UDP 5353 and SCTP 9999, over IPv4 and IPv6, who it is and whose
# address it sees. Every packet of UDP and every connection gets one answer; a client that goes on
# asking over its connection gets one for each line.
use strict;
use warnings;
use Socket qw(:all);
use IO::Select;
use IO::Handle;

my ($name) = @ARGV;
my $select = IO::Select->new;
my (%udp, %listening);

sub open_socket {
  my ($type, $protocol, $port) = @_;
  socket(my $socket, AF_INET6, $type, $protocol) or return;
  setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
  setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  bind($socket, pack_sockaddr_in6($port, IN6ADDR_ANY)) or die "$name: bind $port: $!";
  $select->add($socket);
  return $socket;
}

sub answer {
  my ($from) = @_;
  my (undef, $address) = unpack_sockaddr_in6($from);
  my $text = inet_ntop(AF_INET6, $address);
  $text =~ s/^::ffff://;
  return "$name $text\n";
}

for ([SOCK_STREAM, 0, 8080], [SOCK_STREAM, 132, 9999]) {
  my $socket = open_socket(@$_) or next;
  listen($socket, 128);
  $listening{fileno $socket} = 1;
}
my $udp = open_socket(SOCK_DGRAM, 0, 5353);
$udp{fileno $udp} = 1;

$SIG{PIPE} = 'IGNORE';
my %from;
print "ready\n";
STDOUT->flush;
close STDOUT;
while (1) {
  for my $socket ($select->can_read) {
    my $number = fileno $socket;
    if ($udp{$number}) {
      my $from = recv($socket, my $asked, 2048, 0);
      send($socket, answer($from), 0, $from) if defined $from;
    } elsif ($listening{$number}) {
      my $from = accept(my $connection, $socket) or next;
      $from{fileno $connection} = $from;
      $select->add($connection);
    } elsif (sysread($socket, my $asked, 4096)) {
      syswrite($socket, answer($from{$number}));
    } else {
      $select->remove($socket);
      close $socket;
    }
  }
}
