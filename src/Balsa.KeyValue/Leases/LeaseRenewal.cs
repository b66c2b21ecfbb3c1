namespace Balsa.KeyValue.Leases;

/// <summary>What a keep-alive gave.</summary>
/// <param name="Seconds">The granted time, which begins anew.</param>
/// <param name="TakeBack">
/// Not 0: a note says that the lease has less. It must be taken back, by a committed checkpoint of 0, before the keep-alive
/// is answered: a later leader would believe the note. Afterwards <see cref="LeaseDeadlines{TProbe}.OnTakenBack"/> is told
/// this number.
/// </param>
/// <param name="IsEnding">Of a refused one: the lease is over and its end is on the way; etcd answers when it has arrived.</param>
public readonly record struct LeaseRenewal(long Seconds, long TakeBack, bool IsEnding);
