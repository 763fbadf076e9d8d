#!/usr/bin/perl
# hold.pl PROTOCOL:ADDRESS:PORT FILE: asks once, waits until a file is there, and asks again over the
# same connection. Prints both answers, or why there was none.
use strict;
use warnings;
use Socket qw(:all);
use IO::Select;

my ($target, $file) = @ARGV;
my ($protocol, $address, $port) = $target =~ /^(\w+):(.*):(\d+)$/ or die "no target: $target";
my $type = $protocol eq 'udp' ? SOCK_DGRAM : SOCK_STREAM;
socket(my $socket, AF_INET, $type, 0) or die "socket: $!";
connect($socket, pack_sockaddr_in($port, inet_aton($address))) or die "connect: $!";

sub ask {
  syswrite($socket, "who\n") or return "lost: $!";
  IO::Select->new($socket)->can_read(3) or return 'timeout';
  my $count = sysread($socket, my $answer, 4096);
  return "lost: $!" unless defined $count;
  return 'closed' unless $count;
  return $answer =~ s/\n//r;
}

$| = 1;
print ask(), "\n";
open(my $begun, '>', "$file.begun") or die;
close $begun;
for (1 .. 400) { last if -e $file; select undef, undef, undef, 0.05 }
print ask(), "\n";
