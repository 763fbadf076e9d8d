#!/usr/bin/perl
# probe.pl SECONDS TARGET...: asks each target, one at a time for targets that stand together in one
# word, at the same time for others. A target is PROTOCOL:ADDRESS:PORT[*TIMES][@SOURCE]. Each word is
# answered by one line with one result for each time, parted by commas: what the pod said, or why it
# did not: timeout, refused, no-host, no-net, reset, closed.
use strict;
use warnings;
use Socket qw(:all);
use Errno qw(:POSIX);
use IO::Handle;
use IO::Select;

my ($seconds, @targets) = @ARGV;
my %words = (
  ECONNREFUSED() => 'refused', EHOSTUNREACH() => 'no-host', ENETUNREACH() => 'no-net',
  ETIMEDOUT() => 'timeout', ECONNRESET() => 'reset', EADDRNOTAVAIL() => 'no-address',
);
my %protocols = (tcp => [SOCK_STREAM, 0], udp => [SOCK_DGRAM, 0], sctp => [SOCK_STREAM, 132]);

sub why { return $words{$! + 0} // "error-" . ($! + 0) }

sub sockaddr {
  my ($address, $port) = @_;
  return $address =~ /:/
    ? (AF_INET6, pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)))
    : (AF_INET, pack_sockaddr_in($port, inet_pton(AF_INET, $address)));
}

sub ask {
  my ($protocol, $address, $port, $source) = @_;
  my ($family, $to) = sockaddr($address, $port);
  my ($type, $number) = @{$protocols{$protocol}};
  socket(my $socket, $family, $type, $number) or return why();
  if (defined $source) {
    my (undef, $from) = sockaddr($source, 0);
    bind($socket, $from) or return why();
  }
  $socket->blocking(0);
  my $select = IO::Select->new($socket);
  if (!connect($socket, $to)) {
    return why() unless $! == EINPROGRESS;
    return 'timeout' unless $select->can_write($seconds);
    $! = unpack('i', getsockopt($socket, SOL_SOCKET, SO_ERROR));
    return why() if $!;
  }
  syswrite($socket, "who\n") or return why();
  return 'timeout' unless $select->can_read($seconds);
  my $count = sysread($socket, my $answer, 4096);
  return why() unless defined $count;
  return 'closed' unless $count;
  chomp $answer;
  return $answer;
}

my @children;
for my $target (@targets) {
  pipe(my $read, my $write);
  my $child = fork;
  if (!$child) {
    my $all = $target;
    my $source = $all =~ s/@(.*)$// ? $1 : undef;
    my $times = $all =~ s/\*(\d+)$// ? $1 : 1;
    my ($protocol, $address, $port) = $all =~ /^(\w+):\[?(.*?)\]?:(\d+)$/ or die "no target: $all";
    syswrite($write, join(',', map { ask($protocol, $address, $port, $source) } 1 .. $times) . "\n");
    exit;
  }
  close $write;
  push @children, $read;
}
for my $read (@children) {
  local $/;
  print scalar(<$read>) // "died\n";
}
